"""An analysis comes back from its folder whole, and a damaged one is refused."""

import json
from dataclasses import fields, replace
from pathlib import Path

import numpy as np
import pytest

from humanpose.analysis import Analysis
from humanpose.errors import AnalysisError
from humanpose.io.folder import load_analysis
from humanpose.motion import Gates, Motion
from humanpose.sequence import JointAngles, Landmarks, PoseSequence, Timeline
from humanpose.settings import Settings
from humanpose.video.background import Background
from tests.support.synthetic import refined_analysis, synthetic_analysis

NOT_SAVED = {
    "analysis.raw": {"up_camera", "up_sd_deg", "joints_world", "estimated", "augmented"}
}


def assert_same(a: object, b: object, name: str = "analysis") -> None:
    """Compare two values of the pipeline field by field, arrays within rounding."""
    if isinstance(
        a,
        Analysis
        | Motion
        | Gates
        | PoseSequence
        | JointAngles
        | Landmarks
        | Timeline
        | Background,
    ):
        for field in {field.name for field in fields(a)} - NOT_SAVED.get(name, set()):
            assert_same(getattr(a, field), getattr(b, field), f"{name}.{field}")
    elif isinstance(a, np.ndarray):
        np.testing.assert_allclose(np.asarray(b), a, atol=1e-4, err_msg=name)
    else:
        assert repr(a) == repr(b), name


def test_an_analysis_comes_back_whole(tmp_path: Path) -> None:
    analysis = synthetic_analysis(
        timeline=Timeline(30, 24000 / 1001, start_s=1.5),
        missing=(0, 4, 29),
        settings=Settings(height_m=1.6, mass_kg=61.5, filter="median", main_refiner=True),
    )
    assert_same(analysis, load_analysis(analysis.save(tmp_path)))


def test_what_a_learned_stage_adds_comes_back(tmp_path: Path) -> None:
    analysis = refined_analysis(5, missing=[2])
    assert_same(analysis, load_analysis(analysis.save(tmp_path)))


def test_what_was_seen_beside_the_person_comes_back(tmp_path: Path) -> None:
    edges = np.random.default_rng(0).uniform(0, 640, (7, 4))
    analysis = replace(
        synthetic_analysis(5),
        background=Background(0.3, edges),
        quality={"camera_moved_percent": 0.3, "up_sd_deg": 2.5},
    )
    back = load_analysis(analysis.save(tmp_path))
    assert_same(analysis.background, back.background)
    assert back.refined.up_sd_deg == 2.5


def test_raw_and_refined_markers_are_told_apart(tmp_path: Path) -> None:
    analysis = synthetic_analysis(3)
    higher = analysis.markers.with_positions(analysis.markers.positions + 0.5)
    back = load_analysis(
        replace(analysis, refined=replace(analysis.refined, markers=higher)).save(tmp_path)
    )
    np.testing.assert_allclose(
        back.markers.positions - back.markers_raw.positions, 0.5, atol=1e-5
    )


@pytest.mark.parametrize("frames", [1, 10_000])
def test_one_frame_and_ten_thousand_come_back(tmp_path: Path, frames: int) -> None:
    back = load_analysis(synthetic_analysis(frames).save(tmp_path))
    assert back.timeline.frames == frames


def test_a_clip_in_which_nothing_is_known_comes_back(tmp_path: Path) -> None:
    back = load_analysis(synthetic_analysis(3, missing=range(3)).save(tmp_path))
    assert np.isnan(back.joint_angles.degrees).all()


def test_a_folder_without_an_analysis_says_so(tmp_path: Path) -> None:
    with pytest.raises(AnalysisError, match="there is no analysis in"):
        load_analysis(tmp_path / "nowhere")


@pytest.mark.parametrize(
    "name", ["analysis.npz", "analysis.json", "landmarks.csv", "pose.trc", "pose_raw.trc"]
)
@pytest.mark.parametrize("damage", ["cut", "empty", "foreign", "gone"])
def test_a_damaged_analysis_is_refused_in_one_sentence(
    tmp_path: Path, name: str, damage: str
) -> None:
    folder = synthetic_analysis(4).save(tmp_path)
    content = (folder / name).read_bytes()
    changed = {
        "cut": content[: len(content) // 2],
        "empty": b"",
        "foreign": b"\x00\xff[1]" * 99,
    }
    (folder / name).unlink()
    if damage != "gone":
        (folder / name).write_bytes(changed[damage])
    with pytest.raises(AnalysisError, match=r"^(the|there is no) analysis in .*again|first$"):
        load_analysis(folder)


@pytest.mark.parametrize(
    "settings", [{"height_m": 17.8}, {"height_m": 1.7, "colour": "red"}, []]
)
def test_settings_that_no_version_has_are_refused(tmp_path: Path, settings: object) -> None:
    folder = synthetic_analysis(2).save(tmp_path)
    record = json.loads((folder / "analysis.json").read_text())
    (folder / "analysis.json").write_text(json.dumps(record | {"settings": settings}))
    with pytest.raises(AnalysisError, match="is damaged; analyse it again"):
        load_analysis(folder)
