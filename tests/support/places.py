"""Where things lie."""

from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
DATA = ROOT / "tests" / "data"
CHECKPOINTS = ROOT / "checkpoints"
SHARED = ROOT.parent / "shared"
"""Clips and recordings that are not the project's; tests skip where it is absent."""
