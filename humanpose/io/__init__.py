"""Files: an analysis on disk, and what other programs read of it.

Names are looked up when they are used: a batch starts its workers before it needs them.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from humanpose.io.folder import save_analysis
    from humanpose.io.load import load_analysis

__all__ = ["load_analysis", "save_analysis"]

_MODULES = {"load_analysis": "load", "save_analysis": "folder"}


def __getattr__(name: str) -> Any:
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_MODULES[name]}"), name)
