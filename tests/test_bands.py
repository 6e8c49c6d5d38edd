"""Bands: as wide as the signs of error say, on whatever the last stage made of the fit."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from humanpose import Analysis
from humanpose.bands import SIGNS, STEMS, Bands, banded, signs_of, stem_of
from humanpose.camera import DEFAULT_FOV_DEG, Camera
from humanpose.confidence import MEASURED
from humanpose.motion import Estimates
from humanpose.pipeline import clean, raw_estimates
from humanpose.sequence import Floats, JointAngles, Landmarks, Timeline
from humanpose.settings import RAW, Settings
from humanpose.skeleton import ANGLE_NAMES, MEDIAPIPE33
from tests.conftest import SAMPLE_HEIGHT_M

SETTINGS = Settings(height_m=SAMPLE_HEIGHT_M, **RAW)
FRAMES = 20
KNEE = ANGLE_NAMES.index("knee_angle_r")
PRONATION = ANGLE_NAMES.index("pro_sup_r")


def seen(sample: Analysis, *, frames: int = FRAMES) -> Landmarks:
    whole = sample.landmarks
    return Landmarks(
        whole.pixels[:frames],
        whole.world[:frames],
        whole.visibility[:frames],
        Timeline(frames, whole.timeline.fps),
        whole.image_size,
    )


def estimates_of(landmarks: Landmarks) -> Estimates:
    cleaned, _ = clean(landmarks, SETTINGS)
    camera = Camera.from_fov(DEFAULT_FOV_DEG, cleaned.image_size)
    return raw_estimates(cleaned, camera, SETTINGS)


@pytest.fixture(scope="module")
def estimates(sample: Analysis) -> Estimates:
    return estimates_of(seen(sample))


def refined(known: Estimates, change: Callable[[JointAngles], JointAngles]) -> Estimates:
    return replace(known, best=replace(known.best, angles=change(known.best.angles)))


def best_of(known: Estimates) -> JointAngles:
    return banded(known)[1].angles


def deviation(known: Estimates) -> Floats:
    found = best_of(known).deviation
    assert found is not None
    return found


def sign(known: Estimates, name: str) -> Floats:
    return signs_of(known, known.best)[..., SIGNS.index(name)]


def test_a_band_is_the_angles_own_scale_times_what_the_signs_say() -> None:
    bands = Bands(dict.fromkeys(SIGNS, 0.0) | {"speed": 0.5}, {"knee_angle": 4.0})
    signs = np.zeros((1, len(ANGLE_NAMES), len(SIGNS)))
    signs[0, KNEE, SIGNS.index("speed")] = 2.0
    found = bands.deviation(signs)[0]
    assert found[KNEE] == pytest.approx(4 * np.e)
    assert found[ANGLE_NAMES.index("knee_angle_l")] == 4.0
    assert np.isnan(found[PRONATION])


def test_the_table_that_ships_knows_every_sign_and_only_angles() -> None:
    bands = Bands.read()
    assert set(bands.weights) == set(SIGNS)
    assert set(bands.angles) <= set(STEMS)
    assert {stem_of(name) for name in ("knee_angle_r", "pelvis_tilt")} <= set(bands.angles)
    assert all(degrees > 0 for degrees in bands.angles.values())


def test_angles_stay_what_they_are_and_each_has_a_band(estimates: Estimates) -> None:
    raw, best = banded(estimates)
    angles = best.angles
    np.testing.assert_array_equal(angles.degrees, estimates.best.angles.degrees)
    np.testing.assert_array_equal(
        np.isfinite(deviation(estimates)), np.isfinite(angles.degrees)
    )
    assert raw is best


def test_one_frame_has_bands(sample: Analysis) -> None:
    found = deviation(estimates_of(seen(sample, frames=1)))
    assert (found[:, KNEE] > 0).all()


def test_what_the_fit_infers_no_refiner_measures(estimates: Estimates) -> None:
    sure = refined(
        estimates,
        lambda a: replace(
            a, confidence=np.ones_like(a.confidence), deviation=np.ones_like(a.degrees)
        ),
    )
    inferred = (estimates.best.angles.confidence < MEASURED) & np.isfinite(
        estimates.best.angles.degrees
    )
    assert inferred.any()
    assert (best_of(sure).confidence[inferred] < MEASURED).all()


def test_what_a_refiner_moves_to_the_gimbal_is_inferred(estimates: Estimates) -> None:
    def moved(angles: JointAngles) -> JointAngles:
        degrees = angles.degrees.copy()
        degrees[:, ANGLE_NAMES.index("hip_adduction_r")] = -85
        return replace(angles, degrees=degrees)

    sure = best_of(refined(estimates, moved)).confidence
    outer = [ANGLE_NAMES.index(name) for name in ("hip_flexion_r", "hip_rotation_r")]
    assert (sure[:, outer] < MEASURED).all()
    assert (best_of(estimates).confidence[:, outer[0]] >= MEASURED).any()


def test_what_only_a_refiner_tells_keeps_its_own_deviation(estimates: Estimates) -> None:
    def fill(angles: JointAngles) -> JointAngles:
        degrees, sd = np.nan_to_num(angles.degrees), np.full_like(angles.degrees, 7.0)
        sure = np.maximum(angles.confidence, 0.01)
        return replace(angles, degrees=degrees, confidence=sure, deviation=sd)

    filled = best_of(refined(estimates, fill))
    assert filled.deviation is not None
    np.testing.assert_array_equal(filled.deviation[:, PRONATION], 7.0)
    assert (filled.deviation[:, KNEE] != 7.0).all()
    assert (filled.confidence[:, PRONATION] < MEASURED).all()


def test_a_correction_and_a_refiners_doubt_are_signs(estimates: Estimates) -> None:
    def turned(by: float) -> Estimates:
        return refined(estimates, lambda a: replace(a, degrees=a.degrees + by))

    small, large = (sign(turned(by), "correction")[:, KNEE] for by in (1.0, 10.0))
    assert (large > small).all()
    own = estimates.best.angles.deviation
    assert own is not None
    doubt = refined(estimates, lambda a: replace(a, deviation=3 * own))
    np.testing.assert_allclose(sign(doubt, "refiner_deviation")[:, KNEE], np.log(3))


def test_a_body_that_misses_its_landmark_shows(sample: Analysis, estimates: Estimates) -> None:
    moved = estimates.landmarks.pixels.copy()
    moved[:, MEDIAPIPE33.index("right_ankle"), 0] += 60
    off = replace(estimates, landmarks=replace(estimates.landmarks, pixels=moved))
    more = sign(off, "residual") - sign(estimates, "residual")
    assert (more[:, KNEE] > 0.5).all()
    assert (more[:, ANGLE_NAMES.index("elbow_flex_l")] == 0).all()


def test_hidden_landmarks_show_where_they_carry(estimates: Estimates) -> None:
    visibility = estimates.landmarks.visibility.copy()
    visibility[:, MEDIAPIPE33.index("right_ankle")] = 0.35
    hidden = replace(estimates, landmarks=replace(estimates.landmarks, visibility=visibility))
    assert sign(hidden, "hidden")[:, KNEE] == pytest.approx(0.65)
    left = ANGLE_NAMES.index("knee_angle_l")
    np.testing.assert_array_equal(
        sign(hidden, "hidden")[:, left], sign(estimates, "hidden")[:, left]
    )
