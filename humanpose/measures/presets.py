"""Presets: what to look at for a kind of movement."""

from dataclasses import dataclass
from typing import Literal

from humanpose.skeleton import ANGLE_NAMES

Repeats = Literal["nothing", "gait", "squat", "sit_to_stand", "single_leg_squat", "jump", "arm"]


@dataclass(frozen=True)
class Phases:
    """What the parts of a repetition are called."""

    out: str
    back: str
    turn: str
    """The moment between the two."""


_SINKING = Phases("Down", "Up", "Lowest point")
_RISING = Phases("Up", "Down", "Highest point")


@dataclass(frozen=True)
class Preset:
    """Which angles are shown, and what is counted."""

    title: str
    about: str
    """A sentence: what it shows."""
    movements: tuple[str, ...]
    """Angle columns without their side, in order."""
    repeats: Repeats
    """What is looked for over and over."""
    told_by: tuple[str, ...] = ()
    """Of ``movements``, those that each repetition is described by."""

    @property
    def phases(self) -> Phases:
        """The words for a repetition of what repeats."""
        return _SINKING if "squat" in self.repeats else _RISING

    @property
    def columns(self) -> tuple[str, ...]:
        """The angle columns, both sides of a movement one after the other, right first."""
        return tuple(column for stem in self.movements for column in columns_of(stem))


def columns_of(stem: str) -> tuple[str, ...]:
    """``knee_angle`` → its two columns, right first; ``pelvis_tilt`` → itself."""
    return (stem,) if stem in ANGLE_NAMES else (f"{stem}_r", f"{stem}_l")


_ALL = tuple(dict.fromkeys(n.removesuffix("_r").removesuffix("_l") for n in ANGLE_NAMES))

PRESETS: dict[str, Preset] = {
    "overview": Preset("Overview", "All angles over the whole clip.", _ALL, "nothing"),
    "gait": Preset(
        "Gait",
        "Steps and gait cycles: cadence, step length, stance and swing, angles over a cycle.",
        (
            "pelvis_tilt", "pelvis_list", "pelvis_rotation", "hip_flexion", "hip_adduction",
            "hip_rotation", "knee_angle", "ankle_angle", "ankle_rotation",
        ),
        "gait",
    ),
    "squat": Preset(
        "Squat",
        "Squats one by one: depth, duration, both sides, angles from standing to standing.",
        (
            "lumbar_extension", "pelvis_tilt", "hip_flexion", "hip_adduction", "knee_angle",
            "ankle_angle",
        ),
        "squat",
        ("knee_angle", "hip_flexion", "ankle_angle"),
    ),
    "sit_to_stand": Preset(
        "Sit to stand",
        "Every rise from a chair: duration up and down, angles from sitting to sitting.",
        ("lumbar_extension", "pelvis_tilt", "hip_flexion", "knee_angle", "ankle_angle"),
        "sit_to_stand",
        ("knee_angle", "hip_flexion", "lumbar_extension"),
    ),
    "single_leg_squat": Preset(
        "Single-leg squat",
        "Squats on one leg one by one, by the leg that stands: depth, duration, pelvis, trunk.",
        (
            "lumbar_bending", "pelvis_list", "hip_flexion", "hip_adduction", "knee_angle",
            "ankle_angle",
        ),
        "single_leg_squat",
        ("knee_angle", "hip_adduction", "pelvis_list"),
    ),
    "jump": Preset(
        "Jump",
        "Jumps with both feet one by one: flight time, height, angles from start to landing.",
        ("lumbar_extension", "hip_flexion", "knee_angle", "ankle_angle", "arm_flex"),
        "jump",
        ("knee_angle", "hip_flexion", "ankle_angle"),
    ),
    "upper_limb": Preset(
        "Arm raise",
        "Arm raises and elbow bends one by one: range, duration, both sides.",
        ("lumbar_bending", "arm_flex", "arm_add", "arm_rot", "elbow_flex"),
        "arm",
        ("elbow_flex", "arm_flex", "arm_add"),
    ),
}  # fmt: skip
"""By the name that is stored with an analysis."""
