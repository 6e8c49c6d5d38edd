"""What the folder of an analysis is called, and the files in it that others look for."""

from pathlib import Path

ARRAYS = "analysis.npz"
RECORD = "analysis.json"


def analysis_folder(out: Path, clip_name: str) -> Path:
    """Where the analysis of a clip goes: ``<out>/<clip stem>``."""
    stem = Path(clip_name).stem
    return out / (stem if stem.strip(".") else "clip")  # never out itself or its parent
