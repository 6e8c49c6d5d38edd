"""The error model: what it draws, what it keeps to, and that its fit finds what was put in."""

from pathlib import Path

import numpy as np
import pytest

from humanpose.errors import CheckpointError
from humanpose.sequence import Floats, Landmarks, Timeline
from humanpose.skeleton import ANGLE_NAMES, COCO17, MEDIAPIPE33
from tests.support.synthetic import FOCAL_PX, IMAGE_SIZE, synthetic_analysis
from train.recordings.pairs import TRUTH_POINTS, Pair
from train.synth.errors.fit import fit
from train.synth.errors.fit_noise import Clips, fit_noise
from train.synth.errors.model import SHIPPED, ErrorModel, exchanged
from train.synth.errors.noise import MEMORIES, Episodes, Memory, Noise
from train.synth.errors.view import hidden, view_of

CENTRE = (np.array(IMAGE_SIZE) - 1) / 2
LEFT_KNEE, RIGHT_KNEE, WRIST = COCO17.indices("left_knee", "right_knee", "left_wrist")


def squats(headings_deg: Floats, *, frames: int = 60) -> tuple[Floats, Floats]:
    """Clips of a squat from several sides: (B, T, 17, 2) px and (B, T, 17, 3) m."""
    standing = synthetic_analysis(frames).joints_camera.positions
    hips = standing[:, COCO17.indices("left_hip", "right_hip")].mean(axis=(0, 1))
    angle = np.radians(headings_deg)
    turn = np.zeros((len(angle), 3, 3))
    turn[:, 0, 0] = turn[:, 2, 2] = np.cos(angle)
    turn[:, 0, 2], turn[:, 2, 0], turn[:, 1, 1] = np.sin(angle), -np.sin(angle), 1
    joints = np.einsum("bij,tkj->btki", turn, standing - hips) + hips
    return FOCAL_PX * joints[..., :2] / joints[..., 2:] + CENTRE, joints


@pytest.fixture(scope="module")
def model() -> ErrorModel:
    return ErrorModel.load()


@pytest.fixture(scope="module")
def clips() -> tuple[Floats, Floats]:
    return squats(np.linspace(0, 360, 200, endpoint=False))


def errors(model: ErrorModel, clips: tuple[Floats, Floats], *, fps: float = 30.0) -> Floats:
    """(B, T, 17, 2) torso lengths; NaN where the person was lost."""
    keypoints, _ = model.sample(*clips, fps, np.random.default_rng(3))
    return (keypoints - clips[0]) / view_of(*clips, fps).torso_px[..., None, None]


def with_episodes(model: ErrorModel, **rates: float) -> ErrorModel:
    """The model with only these episodes, of 0.1 s, as often per second."""
    parts = {
        name: Episodes(np.full(4, rates.get(name, 0.0)), np.zeros(()), np.full(11, 0.1))
        for name in ("lost", "swapped_body", "swapped_arms", "swapped_legs")
    }
    return ErrorModel(model.pixels, model.world, model.visibility, **parts)


def lag_correlation(values: Floats, lag: int) -> float:
    """Of values (B, T, ...), ``lag`` frames apart, about zero."""
    return float(
        (values[:, lag:] * values[:, : values.shape[1] - lag]).mean() / (values**2).mean()
    )


def test_errors_are_as_large_as_mediapipes(
    model: ErrorModel, clips: tuple[Floats, Floats]
) -> None:
    median = np.nanmedian(np.linalg.norm(errors(model, clips), axis=-1), axis=(0, 1))
    assert (median > 0.03).all()
    assert (median < 0.12).all()


def test_errors_have_heavy_tails_where_limbs_are_hard_to_see(
    model: ErrorModel, clips: tuple[Floats, Floats]
) -> None:
    length = np.linalg.norm(errors(model, clips), axis=-1)
    median, rare = np.nanpercentile(length[:, :, WRIST], [50, 99])
    assert rare > 4 * median  # of a Gaussian: 2.6


def test_shapes_ranges_and_world_landmarks(
    model: ErrorModel, clips: tuple[Floats, Floats]
) -> None:
    found = model.detect(*clips, 30.0, np.random.default_rng(0))
    assert found.keypoints.shape == clips[0].shape
    assert found.world.shape == clips[1].shape
    assert ((found.visibility >= 0) & (found.visibility <= 1)).all()
    lost = np.isnan(found.keypoints[..., 0])
    assert (np.isnan(found.world[..., 0]) == lost).all()
    assert (found.visibility[lost] == 0).all()
    hips = COCO17.indices("left_hip", "right_hip")
    assert np.nanmax(np.abs(found.world[:, :, hips].mean(axis=2))) < 0.2


def test_the_same_seed_draws_the_same_and_another_does_not(
    model: ErrorModel, clips: tuple[Floats, Floats]
) -> None:
    few = (clips[0][:4], clips[1][:4])
    first, again, other = (
        model.sample(*few, 30.0, np.random.default_rng(s))[0] for s in (1, 1, 2)
    )
    np.testing.assert_array_equal(first, again)
    assert not np.allclose(first, other, equal_nan=True)


def test_world_landmarks_do_not_change_what_is_seen_in_the_image(
    model: ErrorModel, clips: tuple[Floats, Floats]
) -> None:
    few = (clips[0][:4], clips[1][:4])
    keypoints, _ = model.sample(*few, 30.0, np.random.default_rng(5))
    found = model.detect(*few, 30.0, np.random.default_rng(5))
    np.testing.assert_array_equal(keypoints, found.keypoints)


def test_errors_scale_with_the_person_and_move_with_the_picture(model: ErrorModel) -> None:
    projected, joints = squats(np.array([30.0]))
    steady = with_episodes(model)
    here, moved, doubled = (
        steady.sample(picture, joints, 30.0, np.random.default_rng(0))[0] - picture
        for picture in (projected, projected + 50, 2 * projected)
    )
    np.testing.assert_allclose(moved, here, atol=1e-6)
    ratio = np.linalg.norm(doubled, axis=-1) / np.linalg.norm(here, axis=-1)
    assert np.median(ratio) == pytest.approx(2, rel=0.1)


@pytest.mark.parametrize("fps", [15.0, 60.0])
def test_how_long_errors_last_does_not_depend_on_the_frame_rate(
    model: ErrorModel, fps: float
) -> None:
    steady, headings = with_episodes(model), np.linspace(0, 360, 150, endpoint=False)
    reference = errors(steady, squats(headings, frames=60), fps=30.0)
    other = errors(steady, squats(headings, frames=int(2 * fps)), fps=fps)
    for seconds in (0.2, 0.6):
        after = lag_correlation(other, round(seconds * fps))
        assert after == pytest.approx(lag_correlation(reference, round(seconds * 30)), abs=0.06)
    assert np.sqrt((other**2).mean()) == pytest.approx(np.sqrt((reference**2).mean()), rel=0.1)


@pytest.mark.parametrize("memory", MEMORIES, ids=str)
def test_every_memory_keeps_unit_variance_and_its_own_correlation(memory: Memory) -> None:
    frames = 1 if np.isinf(memory.scale_s) else 40
    white = np.random.default_rng(0).standard_normal((1, 6000, frames, 1))
    noise = np.broadcast_to(memory.colour(white, 30.0), (1, 6000, 40, 1))[0]
    np.testing.assert_allclose(noise.var(axis=0), 1, atol=0.1)
    for lag in (1, 6):
        expected = memory.correlation(np.array(lag / 30))
        assert lag_correlation(noise, lag) == pytest.approx(float(expected), abs=0.05)


def test_swapped_legs_are_the_other_legs_detections(model: ErrorModel) -> None:
    projected, joints = squats(np.zeros(40))
    swapping = with_episodes(model, swapped_legs=2.0)
    swapped = swapping.detect(projected, joints, 30.0, np.random.default_rng(0))
    mask = swapped.swapped[:, :, LEFT_KNEE]
    assert 0.05 < mask.mean() < 0.5
    assert not swapped.swapped[:, :, WRIST].any()
    left = swapped.keypoints[:, :, LEFT_KNEE]
    to_left = np.linalg.norm(left - projected[:, :, LEFT_KNEE], axis=-1)
    to_right = np.linalg.norm(left - projected[:, :, RIGHT_KNEE], axis=-1)
    assert np.median((to_right < to_left)[mask]) == 1
    assert (to_right < to_left)[~mask].mean() < 0.05


def test_a_swap_exchanges_values_of_either_shape() -> None:
    swapped = np.zeros((2, 17), dtype=bool)
    swapped[1, [LEFT_KNEE, RIGHT_KNEE]] = True
    numbers = np.tile(np.arange(17.0), (2, 1))
    assert exchanged(numbers, swapped)[:, LEFT_KNEE].tolist() == [LEFT_KNEE, RIGHT_KNEE]
    points = np.repeat(numbers[..., None], 3, axis=-1)
    assert exchanged(points, swapped)[1, RIGHT_KNEE].tolist() == [LEFT_KNEE] * 3


def test_a_lost_person_is_nan_for_as_long_as_it_lasts(model: ErrorModel) -> None:
    clips = squats(np.zeros(40))
    losing = with_episodes(model, lost=0.5)
    keypoints, visibility = losing.sample(*clips, 30.0, np.random.default_rng(0))
    lost = np.isnan(keypoints).all(axis=(2, 3))
    assert lost.mean() == pytest.approx(0.5 * 0.1, abs=0.03)
    assert (visibility[lost] == 0).all()
    assert np.isfinite(keypoints[~lost]).all()


def test_unknown_joints_stay_unknown_and_harm_no_other(model: ErrorModel) -> None:
    projected, joints = squats(np.array([0.0, 90.0]))
    unknown = projected.copy(), joints.copy()
    for array in unknown:
        array[0, 10:20, COCO17.index("left_hip")] = np.nan
        array[1] = np.nan
    keypoints, visibility = with_episodes(model).sample(
        *unknown, 30.0, np.random.default_rng(0)
    )
    missing = np.isnan(keypoints).any(axis=-1)
    assert (missing == np.isnan(unknown[0]).any(axis=-1)).all()
    assert (visibility[missing] == 0).all()


@pytest.mark.parametrize("frames", [1, 2, 3])
def test_very_short_clips(model: ErrorModel, frames: int) -> None:
    projected, joints = (clip[:, :frames] for clip in squats(np.array([45.0])))
    keypoints, _ = with_episodes(model).sample(
        projected, joints, 30.0, np.random.default_rng(0)
    )
    assert np.isfinite(keypoints).all()


def test_a_wrist_behind_the_trunk_is_hidden_and_one_before_it_is_not() -> None:
    _, joints = squats(np.array([0.0]), frames=1)
    trunk = joints[0, 0, COCO17.indices("left_shoulder", "left_hip")].mean(axis=0)
    covered = []
    for offset_m in (0.3, -0.3):
        body = joints[0, 0].copy()
        body[WRIST] = trunk + np.array([0, 0, offset_m])
        covered.append(hidden(body[:, :2], body[:, 2])[WRIST])
    assert covered[0] > 0.5
    assert covered[1] == 0


def test_wrong_shapes_and_rates_are_refused(model: ErrorModel) -> None:
    projected, joints = squats(np.array([0.0]))
    with pytest.raises(ValueError, match="expected projected"):
        model.sample(projected[0], joints[0], 30.0, np.random.default_rng(0))
    with pytest.raises(ValueError, match="fps > 0"):
        model.sample(projected, joints, 0.0, np.random.default_rng(0))


def test_a_saved_model_draws_the_same(
    model: ErrorModel, clips: tuple[Floats, Floats], tmp_path: Path
) -> None:
    model.save(tmp_path / "model.npz")
    few = (clips[0][:4], clips[1][:4])
    again = ErrorModel.load(tmp_path / "model.npz").sample(*few, 30.0, np.random.default_rng(1))
    np.testing.assert_array_equal(
        again[0], model.sample(*few, 30.0, np.random.default_rng(1))[0]
    )
    assert SHIPPED.stat().st_size < 300_000


@pytest.mark.parametrize("content", [b"", b"no model", None])
def test_a_missing_or_foreign_file_says_what_to_do(
    content: bytes | None, tmp_path: Path
) -> None:
    path = tmp_path / "model.npz"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(CheckpointError, match=r"train\.synth\.errors\.fit"):
        ErrorModel.load(path)


def test_a_fit_of_noise_finds_how_long_it_lasts() -> None:
    shares = np.zeros((len(MEMORIES), 2, 17))
    shares[2], shares[4] = 0.6, 0.4
    noise = Noise(shares, np.tile(np.eye(17), (2, 2, 1, 1)))
    drawn = noise.draw(300, 60, fps=30.0, rng=np.random.default_rng(0))
    plain = np.tile(np.linspace(0, 4.2, 43), (17, 1))
    found = fit_noise(Clips(list(drawn), [30.0] * len(drawn)), plain)
    np.testing.assert_allclose(found.shares.mean(axis=2), shares[..., 0], atol=0.12)
    np.testing.assert_allclose(found.mixing, noise.mixing, atol=0.2)


def test_a_fit_of_made_up_pairs_finds_the_model_that_made_them(model: ErrorModel) -> None:
    headings = np.random.default_rng(0).uniform(0, 360, 150)
    clips = squats(headings, frames=45)
    refitted = fit(made_up_pairs(with_episodes(model, lost=1.0), clips))
    was, found = (errors(with_episodes(m), clips) for m in (model, refitted))
    sizes = [np.linalg.norm(e, axis=-1).mean(axis=(0, 1)) for e in (was, found)]
    np.testing.assert_allclose(sizes[1], sizes[0], rtol=0.2)
    assert lag_correlation(found, 1) == pytest.approx(lag_correlation(was, 1), abs=0.05)
    assert lag_correlation(found, 10) == pytest.approx(lag_correlation(was, 10), abs=0.12)
    assert refitted.lost.rate_per_s.mean() == pytest.approx(1.0, rel=0.2)
    assert np.median(refitted.lost.durations_s) == pytest.approx(0.1, abs=1e-6)


def made_up_pairs(model: ErrorModel, clips: tuple[Floats, Floats]) -> list[Pair]:
    """Pairs whose detections the model made."""
    found = model.detect(*clips, 30.0, np.random.default_rng(9))
    columns = MEDIAPIPE33.indices(*COCO17.joints)
    pairs = []
    for number, joints in enumerate(clips[1]):
        count = (len(joints), len(MEDIAPIPE33))
        pixels, world = np.full((*count, 2), np.nan), np.full((*count, 3), np.nan)
        visibility = np.zeros(count)
        pixels[:, columns], world[:, columns] = found.keypoints[number], found.world[number]
        visibility[:, columns] = found.visibility[number]
        rest = np.isnan(pixels) & np.isfinite(pixels[:, columns[:1]])
        pixels[rest] = 0.0  # the points that the model doesn't have
        truth = np.full((len(joints), len(TRUTH_POINTS), 3), np.nan)
        truth[:, : len(COCO17)] = joints
        timeline = Timeline(len(joints), 30.0)
        seen = Landmarks(pixels, world, visibility, timeline, IMAGE_SIZE)
        angles = np.zeros((len(joints), len(ANGLE_NAMES)))
        up = np.array([0.0, -1.0, 0.0])
        pairs.append(
            Pair("made", "up", str(number), seen, truth, angles, up, FOCAL_PX, height_m=1.78)
        )
    return pairs
