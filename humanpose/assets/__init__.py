"""Files that ship with the package: tables, drawings, styles, the sample clip and its truth."""

from pathlib import Path

ASSETS = Path(__file__).resolve().parent
SAMPLE = ASSETS / "sample.mp4"
