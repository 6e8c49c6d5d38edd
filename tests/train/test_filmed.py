"""The sets of real people: reading, matching in time, the figure of 21 angles, peers."""

import json
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from humanpose import Analysis
from humanpose.assets import SAMPLE
from humanpose.detection.detect import Detection
from humanpose.sequence import Floats, Landmarks, Timeline
from humanpose.settings import Settings
from humanpose.skeleton import ANGLE_NAMES
from humanpose.video import ClipInfo
from tests.support.places import SHARED
from tests.support.squat import squat_case
from train.convert.errors import SourceError
from train.judge import filmed
from train.judge.cases import Case, Truth
from train.judge.comparison import compare
from train.judge.figures import figures_of
from train.judge.filmed import opencap, phone, twocam
from train.judge.metrics import CORE_ANGLES
from train.judge.report import as_json, as_text
from train.judge.scoring import score
from train.judge.stages import STAGES, predicted

JOINTS_Y_M = {"hip": 0.9, "knee": 0.5, "ankle": 0.1}
ELSEWHERE_DEG = {"mocap": 0.0, "mono": 5.0, "wham": 10.0}

needs_shared = pytest.mark.skipif(
    not (SHARED / "data/clips/phone").is_dir(), reason="the clips of real people are not here"
)


def recording(path: Path, *, first_s: float, last_s: float) -> None:
    """A file of the form of ``phone``'s at 100 Hz: the knee reads 10 deg for every second."""
    time = np.arange(round(first_s * 100), round(last_s * 100) + 1) / 100
    arrays = {"time": time}
    for system, off_deg in ELSEWHERE_DEG.items():
        arrays[f"{system}/knee_angle_r"] = 10 * time + off_deg
        arrays[f"{system}/pelvis_rotation"] = 170 + 20 * time + off_deg
    for name, y_m in JOINTS_Y_M.items():
        for side in "rl":
            place = np.zeros((len(time), 3))
            place[:, 1] = y_m
            arrays[f"mocap/joint/{name}_{side}"] = place
    np.savez(path, **arrays)


@pytest.fixture
def laboratory(sample: Analysis, tmp_path: Path) -> Path:
    """A folder like the shared one, with one clip of ``phone``."""
    folder = tmp_path / "data/clips/phone"
    folder.mkdir(parents=True)
    shutil.copy(SAMPLE, folder / "reach.mp4")
    recording(folder / "reach.npz", first_s=0.5, last_s=2.0)
    return tmp_path


def test_a_recording_is_read_by_the_clips_clock(laboratory: Path) -> None:
    (case,) = phone(laboratory)
    knee = case.truth.angles[:, ANGLE_NAMES.index("knee_angle_r")]
    time_s = case.landmarks.timeline.time_s
    within = (time_s >= 0.5 - 1e-9) & (time_s <= 2.0 + 1e-9)
    np.testing.assert_array_equal(np.isfinite(knee), within)
    np.testing.assert_allclose(knee[within], 10 * time_s[within])
    assert (case.clip, case.subject) == ("reach", "phone|reach")


def test_a_recording_tells_the_height_and_what_its_zeros_are(laboratory: Path) -> None:
    (case,) = phone(laboratory)
    assert case.settings.height_m == pytest.approx(0.8 / 0.491)
    assert case.truth.has_zero[ANGLE_NAMES.index("knee_angle_r")]
    assert not case.truth.has_zero[ANGLE_NAMES.index("pelvis_rotation")]
    assert np.isnan(case.truth.angles[:, ANGLE_NAMES.index("pro_sup_r")]).all()


def test_peers_are_judged_by_what_they_said(laboratory: Path) -> None:
    rows = compare(phone(laboratory), ["mono", "wham"]).stages
    for peer, off_deg in (("mono", 5.0), ("wham", 10.0)):
        assert rows[peer].all.core.mae_deg == pytest.approx(off_deg)
        assert rows[peer].all.core.offset_free_mae_deg == pytest.approx(0, abs=1e-9)
        assert rows[peer].all.core_angles["knee_angle_r"].mae_deg == pytest.approx(off_deg)
        assert np.isnan(rows[peer].all.core_angles["knee_angle_l"].mae_deg)


def test_of_a_peer_the_report_knows_angles_only(laboratory: Path) -> None:
    comparison = {"phone": compare(phone(laboratory), ["mono"])}
    assert "phone  mono" in as_text(comparison)
    row = json.loads(as_json(comparison))["sets"]["phone"]["stages"]["mono"]["all"]
    assert set(row["pose"].values()) == {None}
    assert row["core"]["band_half_width_deg"] is None
    assert row["core"]["mae_deg"] == pytest.approx(5)


def test_people_are_told_apart_where_they_have_several_clips() -> None:
    alone, other = answered(np.full(40, 2.0)), replace(answered(np.full(40, 6.0)), subject="b")
    row = compare([alone, alone, other], ["mono"]).stages["mono"]
    assert {name: f.core.mae_deg for name, f in row.by_person.items()} == {
        "test|one": pytest.approx(2.0),
        "b": pytest.approx(6.0),
    }
    text = as_text({"filmed": compare([alone, alone, other], ["mono"])})
    assert any(line.startswith("test|one  mono") for line in text.splitlines())


def test_peers_say_nothing_of_other_sets() -> None:
    assert compare([squat_case()], ["mono", "wham"]).stages == {}


def test_a_clip_without_its_recording_is_one_clear_sentence(laboratory: Path) -> None:
    (laboratory / "data/clips/phone/reach.npz").unlink()
    with pytest.raises(SourceError, match=r"^no reach\.npz beside reach\.mp4; get it again$"):
        phone(laboratory)


def answered(off_deg: Floats, *, frames: int = 40) -> Case:
    """A clip whose truth is known in so many frames; "mono" is off by (40,) deg."""
    case = squat_case()
    truth = np.full((40, len(ANGLE_NAMES)), np.nan)
    truth[:frames] = 10.0
    return replace(
        case,
        truth=Truth(truth, case.truth.has_zero),
        answers={"mono": truth + off_deg[:, None]},
    )


def test_of_the_21_angles_a_short_clip_counts_as_a_long_one() -> None:
    cases = [answered(np.full(40, 2.0)), answered(np.full(40, 6.0), frames=10)]
    core = compare(cases, ["mono"]).stages["mono"].all.core
    assert core.mae_deg == pytest.approx(4.0)


def test_the_21_angles_are_free_of_the_median_difference() -> None:
    off_deg = np.where(np.arange(40) < 8, 10.0, 0.0)
    core = compare([answered(off_deg)], ["mono"]).stages["mono"].all.core
    assert core.offset_free_mae_deg == pytest.approx(2.0)


def test_the_bands_width_is_held_against_the_error() -> None:
    off_deg = 3 * np.random.default_rng(0).normal(size=40)
    case = answered(off_deg)
    said = predicted(STAGES["mono"], case)
    error = np.abs(off_deg - off_deg.mean())
    width = np.broadcast_to(1 + error[:, None], said.angles.degrees.shape)
    told = replace(said, angles=replace(said.angles, deviation=width))
    core = figures_of([(score(told, case), np.ones(40, dtype=bool))], []).core
    assert core.band_half_width_deg == pytest.approx(1.645 * width.mean())
    assert core.band_rank_correlation == pytest.approx(1)
    assert core.in_band_percent == pytest.approx(100)


def test_frame_k_of_opencaps_clip_is_row_k_of_its_motion(
    sample: Analysis, tmp_path: Path
) -> None:
    demo = tmp_path / "data" / "clips" / "opencap_demo"
    demo.mkdir(parents=True)
    shutil.copy(SAMPLE, demo / "Trial_cam0.mp4")
    names = ("tilt", "list", "rotation", "tx", "ty", "tz")
    columns = ["time", *(f"pelvis_{name}" for name in names), "knee_angle_r", "arm_rot_r"]
    rows = [f"{k / 60} 0 0 -90 0 1 0 {k} {k}" for k in range(50)]
    text = ["inDegrees=yes", "endheader", " ".join(columns), *rows]
    (demo / "Trial.mot").write_text("\n".join(text))
    (case,) = opencap(tmp_path)
    knee = case.truth.angles[:, ANGLE_NAMES.index("knee_angle_r")]
    np.testing.assert_allclose(knee[:50], np.arange(50))
    assert len(knee) == sample.timeline.frames
    assert np.isnan(knee[50:]).all()
    assert np.isnan(case.truth.angles[:, ANGLE_NAMES.index("arm_rot_r")]).all()
    assert (case.clip, case.activity) == ("Trial_cam0", "Trial")


@pytest.fixture
def unseen(monkeypatch: pytest.MonkeyPatch) -> None:
    """Clips in which nobody looks for anybody, since that takes minutes."""

    def nobody(info: ClipInfo, settings: Settings) -> Detection:
        frames = round((info.duration_s or 0.0) * info.fps)
        points = np.full((frames, 33, 3), np.nan)
        timeline = Timeline(frames, info.fps)
        size = (info.width, info.height)
        seen = Landmarks(points[..., :2], points, np.zeros((frames, 33)), timeline, size)
        return Detection(seen, 0)

    monkeypatch.setattr(filmed, "cached_detection", nobody)


@needs_shared
def test_two_people_were_measured_with_markers(unseen: None) -> None:
    squat, walk = phone(SHARED)
    assert squat.settings.height_m == pytest.approx(1.642, abs=1e-3)
    assert walk.settings.height_m == pytest.approx(1.549, abs=1e-3)
    core = [ANGLE_NAMES.index(name) for name in CORE_ANGLES]
    for case in (squat, walk):
        assert case.answers.keys() == {"mono", "wham"}
        for angles in (case.truth.angles, *case.answers.values()):
            assert np.isfinite(angles[:, core]).all(axis=1).mean() > 0.95


@needs_shared
def test_two_people_were_filmed_by_two_phones(unseen: None) -> None:
    cases = twocam(SHARED)
    assert len({case.clip for case in cases}) == len(cases) == 10
    assert {case.subject for case in cases} == {"opencap|demo", "opencap|overlay"}
    assert {case.clip for case in opencap(SHARED)} < {case.clip for case in cases}
    for case in cases:
        assert np.isfinite(case.truth.angles[:, ANGLE_NAMES.index("knee_angle_r")]).mean() > 0.9


@needs_shared
def test_a_clip_with_a_late_clock_shows_the_motion_later(unseen: None) -> None:
    late, later = (
        next(case.truth.angles for case in twocam(SHARED) if case.clip == clip)
        for clip in ("walk_cam1", "walk_cam0")
    )
    knee = ANGLE_NAMES.index("knee_angle_r")
    shift = 4  # frames in 0.067 s
    difference = later[shift:, knee] - late[:-shift, knee]
    assert np.nanmax(np.abs(difference)) < 1
