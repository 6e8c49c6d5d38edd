"""Files: an analysis on disk, and what other programs read of it."""

from humanpose.io.folder import save_analysis
from humanpose.io.load import load_analysis

__all__ = ["load_analysis", "save_analysis"]
