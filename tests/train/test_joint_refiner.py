"""How the joint refiner is trained: windows, their errors, the loss and the bands."""

from pathlib import Path

import numpy as np
import pytest
import torch

from humanpose.confidence import BAND
from humanpose.joint_refinement.network import (
    JointRefiner,
    JointRefinerConfig,
    ball_joints,
    corrected,
    kinematic_chain,
)
from humanpose.nets.angle_evidence import MIRRORED_ANGLES, mirrored_angles
from humanpose.nets.checkpoint import load_checkpoint, save_checkpoint
from humanpose.sequence import Floats
from humanpose.skeleton import ANGLE_NAMES
from train.convert.errors import SourceError
from train.data.angle_corruption import by_group, corrupted
from train.data.angle_sequences import VARIANTS
from train.data.angle_window import Window
from train.data.angle_windows import (
    AngleWindows,
    Clip,
    as_batch,
    borrowed,
    with_errors,
    zeros,
)
from train.data.drawing import draw_rows
from train.engine.trainer import Batch
from train.joint_refiner import refiner_loss
from train.refiners.joint_calibration import best_trust, calibrate, on_turns
from train.refiners.joint_errors import angle_errors

SMALL = JointRefinerConfig(
    kinematic_chain(), ball_joints(), d_model=32, num_layers=1, num_heads=2
)
KNEE, TURN = ANGLE_NAMES.index("knee_angle_r"), ANGLE_NAMES.index("knee_rotation_r")


def walking(frames: int = 60) -> Floats:
    """(T, 36) deg: everything swings, left against right."""
    phase = 2 * np.pi * np.arange(frames)[:, None] / 30
    swing = 15 * np.sin(phase + np.arange(36)) + np.arange(36) % 7
    swing[:, TURN] = np.nan
    return swing


def clip(error_deg: float = 8.0, *, fresh: bool = True) -> Clip:
    truth = walking()
    found = truth + error_deg * np.cos(np.arange(60) / 9)[:, None]
    sure = np.full(truth.shape, 0.8)
    return Clip(
        dict.fromkeys(VARIANTS, found), dict.fromkeys(VARIANTS, sure), truth, 30.0, fresh
    )


@pytest.fixture
def window() -> Window:
    seen = clip()
    return seen.window("raw", np.arange(32))


@pytest.fixture
def batch() -> Batch:
    return AngleWindows([clip()], []).batch(6, np.random.default_rng(3))


def test_the_mirror_image_of_the_mirror_image_is_the_window(window: Window) -> None:
    twice = window.mirrored().mirrored()
    np.testing.assert_array_equal(twice.degrees, window.degrees)
    np.testing.assert_array_equal(twice.truth, window.truth)


def test_errors_are_mirrored_with_the_person(window: Window) -> None:
    other = window.mirrored()
    error = mirrored_angles(window.degrees - window.truth)
    np.testing.assert_allclose(other.degrees - other.truth, error)


def test_errors_grow_by_their_factor_unless_they_are_gross(window: Window) -> None:
    window.degrees[3, KNEE] = window.truth[3, KNEE] + 90
    more = with_errors(window, 1.5)
    before, after = (w.degrees[:, KNEE] - w.truth[:, KNEE] for w in (window, more))
    assert after[3] == pytest.approx(90)
    np.testing.assert_allclose(np.delete(after, 3), 1.5 * np.delete(before, 3))


def test_a_borrowed_movement_has_the_window_s_errors(window: Window) -> None:
    other = borrowed(window, walking()[20:52])
    known = np.isfinite(other.truth)
    np.testing.assert_allclose(
        (other.degrees - other.truth)[known], (window.degrees - window.truth)[known]
    )
    assert not known[:, TURN].any()


def test_corruption_leaves_the_truth_alone_and_now_and_then_goes_far(window: Window) -> None:
    rng = np.random.default_rng(0)
    drawn = [corrupted(window, rng) for _ in range(60)]
    assert all(w.truth is window.truth for w in drawn)
    off = np.array([np.nanmax(np.abs(w.degrees - window.degrees)) for w in drawn])
    assert (off > 20).any()
    assert (off == 0).any()
    others = np.delete(np.array([w.degrees for w in drawn]), TURN, axis=2)
    assert np.isnan(others).any()


def test_confidence_by_group_is_the_mean_of_what_is_there() -> None:
    confidence = np.zeros((1, 36))
    confidence[0, :3] = [0.9, 0.3, 0.0]
    np.testing.assert_allclose(by_group(confidence)[0, :4], [0.6, 0.6, 0.6, 0])


@pytest.mark.parametrize("length", [1, 5, 64])
def test_rows_stay_inside_and_short_clips_run_back_and_forth(length: int) -> None:
    at = draw_rows(np.random.default_rng(0), length, 32, 2.0)
    assert ((at >= 0) & (at < length)).all()
    assert np.abs(np.diff(at)).max() <= 2


def test_each_person_s_zero_is_taken_away_once() -> None:
    truth = walking()
    people = [
        {
            "origin": np.array("pairs"), "source": np.array("cmu"), "subject": np.array(name),
            "truth": truth, "truth_fit": truth + off,
        }
        for name, off in (("01", 4.0), ("01", 4.0), ("05", -20.0))
    ]  # fmt: skip
    zero = zeros(people)
    assert zero["pairs|cmu|01"][KNEE] == pytest.approx(4)
    assert zero["pairs|cmu|05"][KNEE] == pytest.approx(-20)
    assert zero["pairs|cmu|05"][TURN] == 0


def test_what_is_absent_is_not_known_and_what_has_no_truth_not_judged(window: Window) -> None:
    window.degrees[:5, KNEE] = np.nan
    batch = as_batch([window], fps=15)
    assert batch["known"][0, :, KNEE].tolist() == [0] * 5 + [1] * 27
    assert not batch["confidence"][0, :5, KNEE].any()
    assert not batch["judged"][0, :, TURN].any()
    assert all(values.isfinite().all() for values in batch.values())


def test_a_small_network_overfits_one_batch(batch: Batch) -> None:
    torch.manual_seed(0)
    network = JointRefiner(SMALL)
    optimiser = torch.optim.Adam(network.parameters(), lr=5e-3)
    losses = []
    for _ in range(80):
        loss, _ = refiner_loss(network, batch)
        optimiser.zero_grad()
        torch.autograd.backward(loss)
        optimiser.step()
        losses.append(loss.item())
    assert losses[-1] < 0.5 * losses[0]


def test_an_untrained_network_is_as_good_as_its_input(batch: Batch) -> None:
    found = angle_errors(JointRefiner(SMALL), validation={"raw": batch})
    assert found["raw_free"] == pytest.approx(found["raw_input_free"], abs=1e-3)
    assert found["raw_mae"] == pytest.approx(found["raw_input_mae"], abs=1e-3)


def test_calibrated_bands_hold_nine_tenths_of_the_truth(tmp_path: Path) -> None:
    path = tmp_path / "joint.pth"
    save_checkpoint(path, JointRefiner(SMALL), SMALL, training={"minutes": 0})
    windows = AngleWindows([clip(9.0)], [])
    batches = {variant: windows.fixed(12, variant) for variant in VARIANTS}
    calibrate(path, batches)
    network = load_checkpoint(path, JointRefiner, JointRefinerConfig)
    batch = batches["raw"]
    with torch.no_grad():
        output = network(*(batch[k] for k in ("degrees", "confidence", "known", "time_s")))
    angles = corrected(batch["degrees"], output.turns, ball_joints())
    inside = (angles - batch["truth"]).abs() <= BAND * output.deviation.flatten(-2)
    assert float(inside[batch["judged"] > 0].float().mean()) == pytest.approx(0.9, abs=0.05)


def test_a_correction_that_makes_one_angle_worse_is_not_trusted(batch: Batch) -> None:
    """A network that turns the right knee further off, and the elbow nearer to the truth."""
    network = JointRefiner(SMALL)
    elbow = ANGLE_NAMES.index("elbow_flex_r")
    batch["degrees"][..., [KNEE, elbow]] = batch["truth"][..., [KNEE, elbow]] + 5
    with torch.no_grad():
        for angle, degrees in ((KNEE, 3.0), (elbow, -3.0)):
            network.heads.out_bias[angle // 3, 0, angle % 3] = np.radians(degrees) / 2
    batch["degrees"][..., MIRRORED_ANGLES[KNEE]] = batch["degrees"][..., KNEE]
    trust = best_trust(network, {"raw": batch})
    assert trust[KNEE] == 0
    assert trust[elbow] == 1
    assert on_turns(trust)[KNEE // 3, 0] == 0


def test_what_is_not_known_is_corrected_in_full(batch: Batch) -> None:
    network = JointRefiner(SMALL).eval()
    with torch.no_grad():
        network.heads.out_bias[:] = 0.1
        network.trust.zero_()
        batch["known"].fill_(1)
        batch["known"][0, :, KNEE] = 0
        turns = network(
            *(batch[k] for k in ("degrees", "confidence", "known", "time_s"))
        ).turns.flatten(-2)
    torch.testing.assert_close(turns[0, :, KNEE], torch.full_like(turns[0, :, KNEE], 0.1))
    assert not turns[1:, :, KNEE].any()


def test_no_clips_are_a_source_error() -> None:
    with pytest.raises(SourceError, match="no clips"):
        AngleWindows([], [])
