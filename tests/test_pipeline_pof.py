"""The pipeline with the POF network, which is small and untrained here: what flows where."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from humanpose import Analysis, CheckpointError, Settings, analyze
from humanpose.assets import SAMPLE
from humanpose.io.folder import load_analysis
from humanpose.nets import places
from humanpose.nets.checkpoint import write_tensors
from humanpose.nets.places import find_checkpoint, sha256_of
from humanpose.pof.inference import CameraPOFInference
from humanpose.sequence import LimbField
from humanpose.skeleton import COCO_IN_MEDIAPIPE
from tests.conftest import SAMPLE_HEIGHT_M


@pytest.fixture(scope="module")
def settings(pof_checkpoint: Path) -> Settings:
    return Settings(
        height_m=SAMPLE_HEIGHT_M,
        pof=True,
        pof_model_path=str(pof_checkpoint),
        joint_refinement=False,
    )


@pytest.fixture(scope="module")
def refined(sample: Analysis, settings: Settings) -> Analysis:
    return analyze(SAMPLE, settings)


def test_raw_stays_what_it_is_without_the_network(sample: Analysis, refined: Analysis) -> None:
    for raw, alone in (
        (refined.angles_raw, sample.angles),
        (refined.joints_camera_raw.positions, sample.joints_camera.positions),
        (refined.markers_raw.positions, sample.markers.positions),
    ):
        np.testing.assert_allclose(raw, alone, atol=1e-9)


def test_everything_without_the_word_raw_is_the_network_s(refined: Analysis) -> None:
    for name in ("joints_camera", "markers"):
        raw, new = getattr(refined, f"{name}_raw"), getattr(refined, name)
        assert np.nanmax(np.abs(raw.positions - new.positions)) > 0.01
    assert np.nanmax(np.abs(refined.angles.to_numpy() - refined.angles_raw.to_numpy())) > 1


def test_limbs_are_the_network_s_own_output(refined: Analysis, settings: Settings) -> None:
    camera_focal = max(refined.landmarks.image_size) / 2 / np.tan(np.radians(30))
    field = CameraPOFInference(settings.pof_model_path).limb_field(
        refined.keypoints,
        refined.visibility,
        image_size=refined.landmarks.image_size,
        fps=refined.timeline.fps,
        focal_px=camera_focal,
    )
    np.testing.assert_allclose(refined.limb_directions, field.directions, atol=1e-6)
    np.testing.assert_allclose(refined.limb_confidence, field.confidence, atol=1e-6)


def test_the_solved_body_lies_where_it_was_seen(refined: Analysis) -> None:
    assert refined.quality["reprojection_px"] < 30
    assert refined.keypoints.shape[1] == len(COCO_IN_MEDIAPIPE)


def test_every_present_angle_has_a_deviation(sample: Analysis, refined: Analysis) -> None:
    for analysis in (sample, refined):
        deviation = analysis.joint_angles.deviation
        assert deviation is not None
        present = np.isfinite(analysis.joint_angles.degrees)
        np.testing.assert_array_equal(np.isfinite(deviation), present)
        assert (analysis.joint_angles.confidence[~present] == 0).all()


def test_it_comes_back_from_its_folder_with_the_checkpoint_named(
    refined: Analysis, pof_checkpoint: Path, tmp_path: Path
) -> None:
    back = load_analysis(refined.save(tmp_path))
    assert refined.provenance[pof_checkpoint.name] == sha256_of(pof_checkpoint)
    assert back.provenance == refined.provenance
    assert back.joint_angles.deviation is not None
    np.testing.assert_allclose(back.markers.confidence, refined.markers.confidence, atol=1e-6)


def test_limbs_that_contradict_all_other_evidence_are_overruled(
    sample: Analysis, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    honest = CameraPOFInference.limb_field

    def upside_down(self: CameraPOFInference, *seen: Any, **how: Any) -> LimbField:
        field = honest(self, *seen, **how)
        return replace(field, directions=-field.directions)

    monkeypatch.setattr(CameraPOFInference, "limb_field", upside_down)
    knees = [list(sample.angles.columns).index(f"knee_angle_{side}") for side in "rl"]
    found = analyze(SAMPLE, settings).joint_angles.degrees[:, knees]
    assert np.abs(found - sample.joint_angles.degrees[:, knees]).mean() < 20


def test_the_network_is_asked_for_its_time(refined: Analysis, sample: Analysis) -> None:
    assert "pof" in refined.seconds
    assert "pof" not in sample.seconds


def test_the_neutral_frame_reads_zero_in_both(settings: Settings) -> None:
    neutral = analyze(SAMPLE, replace(settings, neutral_at_s=0.5))
    for table in (neutral.angles, neutral.angles_raw):
        assert np.nanmax(np.abs(table.iloc[15])) == 0


def test_a_model_that_is_missing_or_foreign_is_refused_before_any_work(
    settings: Settings, tmp_path: Path
) -> None:
    (tmp_path / "text.pth").write_text("no weights")
    write_tensors(tmp_path / "foreign.pth", {"state_dict": {}})
    for name in ("none.pth", "text.pth", "foreign.pth", "."):
        with pytest.raises(CheckpointError):
            analyze("no-such.mp4", replace(settings, pof_model_path=str(tmp_path / name)))


def test_a_relative_path_counts_from_here_and_else_from_the_installation(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = "checkpoints/best_pof_model.pth"
    here, there = tmp_path / "here", tmp_path / "there"
    for folder in (here, there):
        (folder / "checkpoints").mkdir(parents=True)
    monkeypatch.chdir(here)
    monkeypatch.setattr(places, "INSTALLATION", there)
    assert find_checkpoint(name) == Path(name)
    (there / name).touch()
    assert find_checkpoint(name) == there / name
    (here / name).touch()
    assert find_checkpoint(name) == Path(name)
    assert find_checkpoint(str(tmp_path / "mine.pth")) == tmp_path / "mine.pth"
