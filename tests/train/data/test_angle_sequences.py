"""What the refiners learn from: the product on rendered people, beside the truth."""

from pathlib import Path

import numpy as np
import pytest

from humanpose import Analysis
from humanpose.sequence import Floats
from humanpose.skeleton import ANGLE_NAMES
from tests.conftest import SAMPLE_HEIGHT_M
from train.convert.errors import SourceError
from train.data.angle_sequences import VARIANTS, read_sequences
from train.generate_joint_angles import main
from train.recordings.pairs import Arrays
from train.synth.shards import write_shard

FRAMES = slice(0, 40)


@pytest.fixture(scope="module")
def pairs(
    sample: Analysis, sample_truth: dict[str, Floats], tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """The sample's first frames, as if of a person who trains and of one who tests."""
    seen = sample.landmarks
    one = {
        "landmarks_px": seen.pixels[FRAMES],
        "landmarks_world": seen.world[FRAMES],
        "landmarks_visibility": seen.visibility[FRAMES],
        "joints_camera": sample_truth["joints_camera"][FRAMES],
        "joint_angles": sample_truth["angles"][FRAMES],
        "markers_camera": np.full((40, 43, 3), np.nan),
        "up_camera": sample_truth["up_camera"],
        "image_size": np.array(seen.image_size),
        "focal": np.array(sample_truth["focal"]),
        "fps": np.array(seen.timeline.fps),
        "height": np.array(SAMPLE_HEIGHT_M),
        "source": np.array("cmu"),
        "sequence": np.array("squat"),
    }
    people = [one | {"subject": np.array(subject)} for subject in ("01", "03", "02")]
    folder = tmp_path_factory.mktemp("pairs")
    write_shard(folder / "shard-00000.npz", people)
    return folder


@pytest.fixture(scope="module")
def made(pairs: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("angles")
    assert main(["--pairs", str(pairs), "--out", str(out)]) == 0
    return out


@pytest.fixture(scope="module")
def sequences(made: Path) -> list[Arrays]:
    return list(read_sequences(made))


def test_those_who_test_are_left_out(sequences: list[Arrays]) -> None:
    assert [str(s["side"]) for s in sequences] == ["train", "validation"]


def test_every_variant_is_there_and_follows_the_truth(sequences: list[Arrays]) -> None:
    knee = ANGLE_NAMES.index("knee_angle_r")
    truth = sequences[0]["truth"][:, knee]
    for variant in VARIANTS:
        off = sequences[0][f"angles_{variant}"][:, knee] - truth
        assert np.abs(off - off.mean()).mean() < 10


def test_raw_is_what_the_product_says(sequences: list[Arrays], sample: Analysis) -> None:
    middle = slice(5, 20)  # the filter ends elsewhere here
    ours = sequences[0]["angles_raw"][middle]
    np.testing.assert_allclose(
        ours, sample.joint_angles_raw.degrees[middle], atol=6
    )  # of a part of the clip


def test_pairs_with_the_43_markers_tell_every_movement(
    sequences: list[Arrays],
) -> None:
    truth = sequences[0]["truth"]
    assert np.isfinite(truth[:, ANGLE_NAMES.index("pro_sup_r")]).all()


def test_the_truth_has_the_heading_of_our_body(sequences: list[Arrays]) -> None:
    heading = ANGLE_NAMES.index("pelvis_rotation")
    off = (sequences[0]["truth"] - sequences[0]["truth_fit"])[:, heading]
    assert np.abs(off).max() < 2


def test_shards_that_are_there_are_left_alone(pairs: Path, made: Path) -> None:
    (shard,) = made.glob("*.npz")
    before = shard.stat().st_mtime_ns
    assert main(["--pairs", str(pairs), "--out", str(made)]) == 0
    assert shard.stat().st_mtime_ns == before


def test_a_folder_without_pairs_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--pairs", str(tmp_path), "--out", str(tmp_path / "out")]) == 3
    assert "no pairs in" in capsys.readouterr().err
    with pytest.raises(SourceError, match="no sequences"):
        list(read_sequences(tmp_path))
