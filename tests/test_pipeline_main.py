"""The pipeline with MainRefiner, all networks small: that it is called, and by whom it is."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from humanpose import Analysis, CheckpointError, Settings, analyze
from humanpose.assets import SAMPLE
from humanpose.io.folder import load_analysis
from humanpose.joint_refinement.network import (
    JointRefiner,
    JointRefinerConfig,
    ball_joints,
    kinematic_chain,
)
from humanpose.learned.loading import load_networks
from humanpose.main_refiner.inference import MainRefinerInference
from humanpose.measures.changes import largest_changes
from humanpose.nets.checkpoint import save_checkpoint
from humanpose.nets.places import sha256_of
from humanpose.pipeline import learned_stages
from humanpose.pof.inference import CameraPOFInference
from humanpose.runtime.remembered import forget_everything
from tests.conftest import SAMPLE_HEIGHT_M
from tests.support.networks import opinionated_main_refiner


@pytest.fixture(scope="module")
def settings(pof_checkpoint: Path, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    folder = tmp_path_factory.mktemp("models")
    torch.manual_seed(0)
    config = JointRefinerConfig(
        kinematic_chain(), ball_joints(), d_model=16, num_layers=1, num_heads=2
    )
    network = JointRefiner(config)
    torch.nn.init.normal_(network.heads.out, std=0.1)
    save_checkpoint(folder / "joint.pth", network, config, training={"minutes": 0})
    return Settings(
        height_m=SAMPLE_HEIGHT_M,
        main_refiner=True,
        pof_model_path=str(pof_checkpoint),
        joint_model_path=str(folder / "joint.pth"),
        main_refiner_path=str(opinionated_main_refiner(folder / "main.pth")),
    )


@pytest.fixture(scope="module")
def fused(settings: Settings) -> Analysis:
    return analyze(SAMPLE, settings)


def test_it_changes_pose_and_angles_but_not_raw(
    sample: Analysis, fused: Analysis, settings: Settings
) -> None:
    alone = analyze(SAMPLE, replace(settings, main_refiner=False))
    assert alone.gates is None
    assert np.nanmax(np.abs(fused.angles.to_numpy() - alone.angles.to_numpy())) > 0.5
    off = fused.joints_camera.positions - alone.joints_camera.positions
    assert np.nanmax(np.abs(off)) > 0.001
    np.testing.assert_allclose(fused.angles_raw, sample.angles_raw, atol=1e-9)


def test_the_analysis_says_whom_it_trusted_and_what_changed(
    fused: Analysis, settings: Settings, tmp_path: Path
) -> None:
    back = load_analysis(fused.save(tmp_path))
    assert fused.gates is not None
    assert back.gates is not None
    np.testing.assert_allclose(back.gates.angles, fused.gates.angles, atol=1e-6)
    assert largest_changes(fused)
    path = Path(settings.main_refiner_path)
    assert fused.provenance[path.name] == sha256_of(path)
    assert len(fused.provenance.keys() & {"standing_pof_model.pth", "joint.pth"}) == 2


def test_the_pipeline_asks_for_both_fusions(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    for name in ("fuse_limbs", "fuse_angles"):
        honest = getattr(MainRefinerInference, name)

        def noted(*given: Any, name: str = name, honest: Any = honest, **how: Any) -> Any:
            asked.append(name)
            return honest(*given, **how)

        monkeypatch.setattr(MainRefinerInference, name, noted)
    analyze(SAMPLE, settings)
    assert asked == ["fuse_limbs", "fuse_angles"]


def test_another_setting_asks_neither_pof_nor_the_fit_anew(
    settings: Settings, fused: Analysis, monkeypatch: pytest.MonkeyPatch
) -> None:
    forget_everything()
    analyze(SAMPLE, replace(settings, main_refiner=False, joint_refinement=False))
    monkeypatch.setattr(CameraPOFInference, "_told", None)
    again = analyze(SAMPLE, settings)
    np.testing.assert_array_equal(again.angles, fused.angles)


STAGE_FIELDS = ("pof", "joint_refinement", "main_refiner")


@pytest.mark.parametrize(
    ("on", "stages"),
    [
        ((), []),
        (("pof",), ["pof"]),
        (("joint_refinement",), ["joint refiner"]),
        (("pof", "joint_refinement"), ["pof", "joint refiner"]),
        (("main_refiner",), ["pof", "main refiner"]),
    ],
)
def test_the_five_settings_have_their_stages(
    on: tuple[str, ...], stages: list[str], settings: Settings
) -> None:
    switches: dict[str, Any] = {name: name in on for name in STAGE_FIELDS}
    chosen = replace(settings, **switches)
    listed = learned_stages(load_networks(chosen), chosen)
    assert [stage.name for stage in listed] == stages


def test_the_neutral_frame_reads_zero(settings: Settings) -> None:
    neutral = analyze(SAMPLE, replace(settings, neutral_at_s=0.5))
    assert np.nanmax(np.abs(neutral.angles.iloc[15])) == 0


def test_another_stage_s_model_is_refused_before_any_work(settings: Settings) -> None:
    swapped = replace(settings, main_refiner_path=settings.joint_model_path)
    with pytest.raises(CheckpointError, match="not a MainRefiner"):
        analyze("no-such.mp4", swapped)
