"""What to believe: figures of merit, and sentences for the user about what was unusual."""

import numpy as np

from humanpose.geometry import bend_deg
from humanpose.quality.held import held_warnings
from humanpose.sequence import Floats, JointAngles, Landmarks, PoseSequence
from humanpose.skeleton import COCO17, COCO_IN_MEDIAPIPE, MEDIAPIPE33
from humanpose.video.background import STEADY_PERCENT
from humanpose.words import to_say, to_say_number

SMALL_PERSON_PX = 120.0
"""Smaller, and joints are too few pixels apart."""
LEAST_FRAMES, LEAST_S = 15, 1.0
"""From fewer frames a scatter is off by a fifth and more (1 / √(2n)), and within less than a
second hardly a step or the way down of a squat is whole; our own choice."""
_FEET = MEDIAPIPE33.indices("left_ankle", "right_ankle", "left_foot_index", "right_foot_index")


def quality_figures(
    seen: Landmarks, joints: PoseSequence, angles: JointAngles
) -> dict[str, float]:
    """Figures of merit, the unit in the name; NaN where the clip carries none.

    Args:
        seen: the detector's output.
        joints: COCO-17 in the camera frame.
        angles: the final angles.
    """
    return {
        "frames": float(seen.timeline.frames),
        "detected_share": float(seen.detected.mean()),
        "mean_visibility": _mean(seen.visibility[seen.detected][:, COCO_IN_MEDIAPIPE]),
        "person_height_px": _median(_extent_px(seen)),
        "view_deg": _median(_view_deg(joints)),
        "bone_length_variation_percent": 100 * bone_length_variation(joints),
        "jitter_mm": 1000 * _median(jitter(joints.positions)),
        "measured_angle_share": float((angles.confidence >= 0.5).mean()),
    }


def quality_warnings(seen: Landmarks, figures: dict[str, float]) -> list[str]:
    """One sentence for each thing about the clip that the user should know."""
    warnings: list[str] = []
    if few := too_few(seen):
        warnings.append(to_say("{few}: too short to say anything about a movement.", few=few))
    if figures["detected_share"] < 0.9:
        share = round(100 * figures["detected_share"])
        warnings.append(
            to_say(
                "The person was found in only {share} % of the frames; the rest are gaps.",
                share=share,
            )
        )
    if figures["person_height_px"] < SMALL_PERSON_PX:
        warnings.append(
            to_say(
                "The person is only {height:.0f} px tall; film from closer, so"
                " that the body fills most of the picture.",
                height=figures["person_height_px"],
            )
        )
    if feet_outside_share(seen) > 0.2:
        warnings.append(
            to_say(
                "The feet are out of the picture for part of the clip; ankle angles and the"
                " floor are not to be trusted there."
            )
        )
    if figures.get("camera_moved_percent", 0.0) > STEADY_PERCENT:
        warnings.append(
            to_say(
                "The camera moved: the background by up to {moved:.1f} % of"
                " the picture. The floor, the way walked and the pelvis's angles are not to"
                " be trusted; put the camera on a tripod or lean it against something.",
                moved=figures["camera_moved_percent"],
            )
        )
    return warnings + held_warnings(figures) + _turned_warnings(seen)


def _turned_warnings(seen: Landmarks) -> list[str]:
    warnings: list[str] = []
    if _sideways_share(seen) > 0.5:
        warnings.append(
            to_say(
                "The person lies, or the clip is turned on its side; if they stand, rotate"
                " the clip first."
            )
        )
    if _upside_down_share(seen) > 0.5:
        warnings.append(
            to_say(
                "The person is upside down for most of the clip; unless they stand on their"
                " hands, the clip is turned by 180°: rotate it first."
            )
        )
    return warnings


def too_few(seen: Landmarks) -> str:
    """The begin of a sentence where the person is seen too seldom to judge; else empty."""
    frames, seconds = int(seen.detected.sum()), seconds_seen(seen)
    if frames >= LEAST_FRAMES and seconds >= LEAST_S:
        return ""
    return to_say_number(
        "The person is seen in {n} frame only ({seconds:.1f} s)",
        "The person is seen in {n} frames only ({seconds:.1f} s)",
        frames,
        seconds=seconds,
    )


def seconds_seen(seen: Landmarks) -> float:
    """For how long somebody is detected, all told."""
    return float(seen.detected.sum()) / seen.timeline.fps


def bone_length_variation(joints: PoseSequence) -> float:
    """Mean over COCO17's 14 limbs of SD / mean of the length over time; 0 for rigid bones."""
    parents, children = np.array(COCO17.bone_indices).T
    length = np.linalg.norm(
        joints.positions[:, children] - joints.positions[:, parents], axis=-1
    )
    length = length[np.isfinite(length).all(axis=1)]
    if len(length) < 2:
        return float("nan")
    return float((length.std(axis=0) / length.mean(axis=0)).mean())


def jitter(positions: Floats) -> Floats:
    """(T - 2, J) how far points (T, J, 3) are from the middle of those around them in time.

    In the points' unit; NaN where one of the three is.
    """
    return np.asarray(
        np.linalg.norm(positions[1:-1] - (positions[2:] + positions[:-2]) / 2, axis=-1)
    )


def _view_deg(joints: PoseSequence) -> Floats:
    """(T,) 0 seen from the front or back, 90 from the side."""
    across = joints.joint("left_hip") - joints.joint("right_hip")
    from_front = bend_deg(across[:, [0, 2, 1]] * [1, 1, 0], np.array([1.0, 0.0, 0.0]))
    return np.minimum(from_front, 180 - from_front)


def _extent_px(seen: Landmarks) -> Floats:
    return np.asarray(np.ptp(seen.pixels[seen.detected], axis=1)[:, 1])


def feet_outside_share(seen: Landmarks) -> float:
    """In how many of the frames with a person a foot is out of the picture; NaN without any."""
    feet = seen.pixels[seen.detected][:, _FEET]
    outside = (feet < 0) | (feet > np.array(seen.image_size) - 1)
    return _mean(outside.any(axis=(1, 2)).astype(float))


def _sideways_share(seen: Landmarks) -> float:
    trunk = _trunk(seen)
    return float((np.abs(trunk[:, 0]) > np.abs(trunk[:, 1])).mean())


def _upside_down_share(seen: Landmarks) -> float:
    trunk = _trunk(seen)
    return float((trunk[:, 1] > np.abs(trunk[:, 0])).mean())


def _trunk(seen: Landmarks) -> Floats:
    """(F, 2) px from the hips to the shoulders in the frames with a person."""
    shoulders, hips = (
        seen.pixels[seen.detected][
            :, MEDIAPIPE33.indices(f"left_{part}", f"right_{part}")
        ].mean(axis=1)
        for part in ("shoulder", "hip")
    )
    return np.asarray(shoulders - hips)


def _median(values: Floats) -> float:
    finite = values[np.isfinite(values)]
    return float(np.median(finite)) if finite.size else float("nan")


def _mean(values: Floats) -> float:
    return float(values.mean()) if values.size else float("nan")
