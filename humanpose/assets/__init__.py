"""Files that ship with the package: tables, drawings, styles, the sample clip and its truth."""

from pathlib import Path

ASSETS = Path(__file__).resolve().parent
SAMPLE = ASSETS / "sample.mp4"
PACKAGE = ASSETS.parent
INSTALLATION = PACKAGE.parent
"""The folder that ``humanpose`` lies in: a checkout, or where pip puts packages."""
