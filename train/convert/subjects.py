"""Whose motion a file holds, as ``source|subject``.

One person is one subject in every upload and format, so that a split by subject holds: CMU's
subject 05 is ``cmu|05`` in BVH, ASF and exponential maps. ``train/splits.txt`` lists them.
"""

import re
from pathlib import Path

CLIPS = {
    "cmu": re.compile(r"(\d{2,3})_\d{2}$"),
    "hdm05": re.compile(r"HDM_([a-z]{2})_"),
    "aist": re.compile(r"g[A-Z]{2}_s[A-Z]{2}_c\w+_(d\d{2})_"),
}
"""Source -> how its clips are called, the subject in the brackets."""

_SECOND_SALSA_DANCER_FROM = 16

DANCES = {"indian": "94", "martial": "135"}
"""Folders of the DAZ dances -> CMU's subject: frame counts and root angles are those of 94_06
and 135_03. ``salsa`` has the pair 60 (01-15) and 61 (16-30), 60_01 being 01."""

FOLDERS = {
    "camargo": "opensim|camargo",
    "opencap_unfiltered": "opensim|opencap_unfiltered",
    "Expert1": "opensim|addbiomechanics_Expert1",
    "Expert2": "opensim|addbiomechanics_Expert2",
    "Expert3": "opensim|addbiomechanics_Expert3",
    "xsens_bvh": "xsens|jlpm",
}
"""Folder -> the one person below it, for files whose names don't tell."""

EXPMAP_SUBJECTS = {
    "02": "train/walking/walking_1",
    "05": "train/walking/walking_2",
    "06": "train/walking/walking_3 test/basketball/basketball_1 train/basketball/basketball_1"
    " train/basketball/basketball_2 train/basketball/basketball_3"
    " train/basketball/basketball_4 train/basketball/basketball_5",
    "07": "train/walking/walking_4 train/walking/walking_5",
    "35": "test/walking/walking_1"
    + "".join(f" test/walking_extra/walking_{i}" for i in (*range(6, 13), *range(15, 24))),
    "39": "".join(f" train/walking_extra/walking_{i}" for i in range(37, 47)),
}
"""CMU's subject -> files of the exponential maps whose root path is that of one of its clips,
to 0.0001 units. The rest match no clip that is here, so their subjects are not known."""


def subject_of(path: Path, source: str) -> str:
    """``source|subject`` of a file that was read as ``source``."""
    folder = path.parent.name
    if source == "expmap":
        return f"cmu|{_expmap_subject(path)}"
    if folder in (*DANCES, "salsa"):
        return f"cmu|{_dancer(path)}"
    for name, pattern in CLIPS.items():
        if clip := pattern.match(path.stem):
            return f"{name}|{clip[1]}"
    known = (FOLDERS[part] for part in path.parts if part in FOLDERS)
    return next(known, f"{source}|{folder}")


def names_its_clip(path: Path) -> bool:
    """Whether the file's name says subject and clip by itself, as ``05_02.bvh`` does."""
    return any(pattern.match(path.stem) for pattern in CLIPS.values())


def _dancer(path: Path) -> str:
    if path.parent.name in DANCES:
        return DANCES[path.parent.name]
    return "60" if int(path.stem) < _SECOND_SALSA_DANCER_FROM else "61"


def _expmap_subject(path: Path) -> str:
    name = "/".join(path.with_suffix("").parts[-3:])
    found = (cmu for cmu, files in EXPMAP_SUBJECTS.items() if name in files.split())
    return next(found, "unknown")
