"""Files that ship with the package: tables, drawings, styles, the sample clip and its truth."""

from pathlib import Path

ASSETS = Path(__file__).resolve().parent
SAMPLE = ASSETS / "sample.mp4"
PACKAGE = ASSETS.parent
_COPY = PACKAGE / "installation"  # setup.py puts it into the wheel
INSTALLATION = _COPY if _COPY.is_dir() else PACKAGE.parent
"""The folder with ``app.py``, ``pages/`` and ``checkpoints/``: a checkout's top level, or its
copy inside the installed package."""
