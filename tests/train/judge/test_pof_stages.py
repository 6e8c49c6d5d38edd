"""The POF rows of ``train.evaluate``, with networks that know little, but run."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from humanpose.errors import CheckpointError
from humanpose.motion import limbs
from humanpose.nets.checkpoint import save_checkpoint
from humanpose.pof.inference import CameraPOFInference
from humanpose.pof.network import Pof, PofConfig
from humanpose.skeleton import COCO17, COCO_IN_MEDIAPIPE, MEDIAPIPE33
from tests.support.squat import squat_case
from tests.support.synthetic import IMAGE_SIZE
from train.evaluate import main
from train.judge import pof_stages
from train.judge.cases import Case
from train.judge.stages import STAGES

VIEW: dict[str, Any] = {"image_size": IMAGE_SIZE, "fps": 30.0, "focal_px": 500.0}
BODY = slice(5, None)


@pytest.fixture(scope="module")
def untrained(tmp_path_factory: pytest.TempPathFactory) -> Path:
    torch.manual_seed(0)
    path = tmp_path_factory.mktemp("pof") / "untrained.pth"
    config = PofConfig(COCO17.bone_indices, d_model=16, num_layers=1, num_heads=2)
    save_checkpoint(path, Pof(config), config, training={})
    return path


@pytest.fixture
def squat(pof_checkpoint: Path) -> Case:
    case = squat_case()
    return replace(case, settings=replace(case.settings, pof_model_path=str(pof_checkpoint)))


@pytest.mark.parametrize("name", [name for name, stage in STAGES.items() if stage.needs_pof])
def test_every_stage_says_something_of_every_frame(squat: Case, name: str) -> None:
    prediction = STAGES[name].predict(squat)
    assert np.isfinite(prediction.joints.positions[:, BODY]).all()
    np.testing.assert_allclose(np.linalg.norm(prediction.limbs, axis=2), 1)
    assert prediction.angles.deviation is not None


def test_one_row_has_the_solved_limbs_and_one_the_network_s(squat: Case) -> None:
    solved, alone = pof_stages.solved(squat), pof_stages.network_alone(squat)
    np.testing.assert_array_equal(solved.limbs, limbs(solved.joints)[0])
    np.testing.assert_array_equal(alone.joints.positions, solved.joints.positions)
    pixels = squat.landmarks.pixels[:, COCO_IN_MEDIAPIPE]
    visibility = squat.landmarks.visibility[:, COCO_IN_MEDIAPIPE]
    field = CameraPOFInference(squat.settings.pof_model_path).limb_field(
        pixels, visibility, image_size=IMAGE_SIZE, fps=30.0
    )
    np.testing.assert_allclose(alone.limbs, field.directions, atol=1e-6)
    np.testing.assert_allclose(alone.up, field.up, atol=1e-6)
    assert np.abs(alone.limbs - solved.limbs).max() > 0.1


def test_single_frames_know_nothing_of_each_other(squat: Case, untrained: Path) -> None:
    pixels = squat.landmarks.pixels[:, COCO_IN_MEDIAPIPE]
    visibility = squat.landmarks.visibility[:, COCO_IN_MEDIAPIPE]
    alone = pof_stages.SingleFrames(untrained)
    clip = alone.infer(pixels, visibility, **VIEW)
    frame = alone.infer(pixels[20:21], visibility[20:21], **VIEW)
    together = CameraPOFInference(untrained).infer(pixels, visibility, **VIEW)
    np.testing.assert_allclose(clip[20], frame[0], atol=1e-4)
    assert np.abs(clip - together).max() > 1e-2


def test_true_keypoints_are_the_truth_s_projection_and_the_rest_stays(squat: Case) -> None:
    seen = squat.landmarks
    blurred = seen.replace(pixels=seen.pixels + 20, visibility=seen.visibility / 2)
    given = pof_stages.with_true_keypoints(squat, blurred)
    coco = COCO_IN_MEDIAPIPE
    np.testing.assert_allclose(given.pixels[:, coco], seen.pixels[:, coco])
    assert (given.visibility[:, coco] == 1).all()
    heel = MEDIAPIPE33.index("left_heel")
    np.testing.assert_array_equal(given.pixels[:, heel], blurred.pixels[:, heel])


def test_a_known_field_of_view_is_the_true_camera_s(squat: Case) -> None:
    case = replace(squat, truth=replace(squat.truth, focal_px=700.0))
    camera = pof_stages.known_fov(case).camera
    assert camera is not None
    assert camera.focal_px == pytest.approx(700)


def test_a_missing_model_is_one_clear_sentence_before_any_work(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    missing = str(tmp_path / "none.pth")
    assert main(["--stages", "pof", "--pof-model-path", missing]) == CheckpointError.exit_code
    (line,) = capsys.readouterr().err.splitlines()
    assert missing in line
