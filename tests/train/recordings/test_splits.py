"""Every subject is on one side, and HDM05 only tests."""

from pathlib import Path

import numpy as np
import pytest

from tests.support.places import SHARED
from train.convert.subjects import DANCES, EXPMAP_SUBJECTS, FOLDERS
from train.recordings import splits
from train.recordings.splits import UnknownSubjectError, canonical, sides, split_of

PAIRS = SHARED / "data" / "pairs"


def test_hdm05_only_tests() -> None:
    actors = ("bd", "bk", "dg", "mm", "tr")
    assert {split_of(f"hdm05|HDM_{actor}") for actor in actors} == {"test"}


def test_every_side_has_subjects() -> None:
    assert set(sides().values()) == {"train", "validation", "test"}


@pytest.mark.parametrize(
    "same",
    [
        ("cmu|05", "cmu_mb|cmu05", "cmu_amc|cmu05|05_02"),
        ("cmu|60", "cmu|61", "cmu_daz|salsa"),
        ("cmu|135", "cmu_daz|martial"),
        ("hdm05|bd", "hdm05|HDM_bd"),
    ],
)
def test_a_person_is_on_one_side_in_every_upload(same: tuple[str, ...]) -> None:
    assert len({split_of(name) for name in same}) == 1


def test_every_subject_that_the_readers_name_has_a_side() -> None:
    numbers = {*DANCES.values(), *EXPMAP_SUBJECTS, "unknown", "01", "03", "60", "61"}
    named = {f"cmu|{number}" for number in numbers} | set(FOLDERS.values())
    assert named <= sides().keys()


def test_an_unknown_subject_is_an_error_that_names_the_file() -> None:
    with pytest.raises(UnknownSubjectError, match=r"cmu\|99 .*train/splits\.txt"):
        split_of("cmu_amc|cmu99|99_01")


@pytest.mark.parametrize("line", ["test cmu|01", "exam cmu|99"])
def test_a_second_side_or_an_unknown_one_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, line: str
) -> None:
    path = tmp_path / "splits.txt"
    path.write_text(f"train cmu|01\n{line}\n")
    monkeypatch.setattr(splits, "SPLITS", path)
    with pytest.raises(ValueError, match="one side per subject"):
        sides.__wrapped__()


@pytest.mark.skipif(not PAIRS.is_dir(), reason="needs ../shared/data/pairs")
def test_every_rendered_pair_has_a_side() -> None:
    sequences = dict.fromkeys(("train", "validation", "test"), 0)
    for path in PAIRS.glob("*.npz"):
        with np.load(path) as file:
            for key in (name for name in file.files if name.endswith("/name")):
                sequences[split_of(str(file[key]))] += 1
    assert min(sequences.values()) > 30


def test_names_are_settled_once() -> None:
    assert canonical("cmu_mb|cmu02|02_01") == "cmu|02"
    assert canonical("opensim|camargo|walk") == "opensim|camargo"
