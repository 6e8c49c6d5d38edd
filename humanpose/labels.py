"""Words of the field for the contract's column names; each names the positive direction."""

from dataclasses import dataclass, replace

import numpy as np

from humanpose.sequence import JointAngles
from humanpose.skeleton import ANGLE_NAMES, JOINT_GROUPS
from humanpose.words import Words, to_say

_MOVEMENTS = {
    "pelvis_tilt": "posterior tilt",
    "pelvis_list": "right side down",
    "pelvis_rotation": "turn to the left",
    "lumbar_extension": "extension",
    "lumbar_bending": "bend to the right",
    "lumbar_rotation": "turn to the left",
    "hip_flexion": "flexion",
    "hip_adduction": "adduction",
    "hip_rotation": "internal rotation",
    "knee_angle": "flexion",
    "knee_adduction": "adduction",
    "knee_rotation": "internal rotation",
    "ankle_angle": "dorsiflexion",
    "subtalar_angle": "inversion",
    "ankle_rotation": "toe-in",
    "arm_flex": "flexion",
    "arm_add": "adduction",
    "arm_rot": "internal rotation",
    "elbow_flex": "flexion",
    "elbow_add": "adduction",
    "pro_sup": "pronation",
}

_CLINICAL_OPPOSITES = {"pelvis_tilt": "anterior tilt"}
"""Where the clinic counts the other way round than OpenSim (Kadaba et al. 1990)."""
_SIDES = {"R": "right", "L": "left"}
_HIPS = ("left_hip", "right_hip")


@dataclass(frozen=True)
class Movement:
    """One degree of freedom of one joint, on both sides where the body has two."""

    joint: str
    """``Knee``"""
    word: str
    """``flexion``: what a positive angle means."""
    columns: dict[str, str]
    """Side (``L``, ``R``, or ``M`` on the midline) → column name of the contract."""

    @property
    def both(self) -> tuple[str, ...]:
        """The columns, right first."""
        return tuple(self.columns[side] for side in "RLM" if side in self.columns)

    @property
    def stem(self) -> str:
        """``knee_angle``: the columns without their side."""
        return self.both[0].removesuffix("_r")


def _movements() -> tuple[Movement, ...]:
    movements: dict[str, Movement] = {}
    for group, columns in JOINT_GROUPS.items():
        joint, _, side = group.partition("_")
        for column in columns:
            base = column.removesuffix(f"_{side}") if side else column
            movement = movements.setdefault(
                base, Movement(joint.capitalize(), _MOVEMENTS[base], {})
            )
            movement.columns[side.upper() or "M"] = column
    return tuple(movements.values())


MOVEMENTS = _movements()
"""The 21 movements, in the contract's column order: pelvis, trunk, then from hip to elbow."""

JOINTS = tuple(dict.fromkeys(movement.joint for movement in MOVEMENTS))


@dataclass(frozen=True)
class Label:
    """How one angle is shown."""

    text: str
    """``Knee flexion, right``, or the contract's ``knee_angle_r``."""
    sign: int
    """-1 where it is shown with the opposite sign of the contract's, else 1."""
    hint: str
    """A sentence on its unit and sign."""


def angle_label(column: str, *, clinical: bool) -> Label:
    """The label of one of ``ANGLE_NAMES``: in clinical words and signs, or as in the files."""
    movement, side = _PLACES[column]
    plain = _sided(f"{movement.joint} {movement.word}", side)
    word = to_say(positive_direction(column, clinical=clinical))
    if not clinical:
        hint = to_say("{angle}. Degrees; positive is {word}.", angle=plain, word=word)
        return Label(column, 1, hint)
    if column not in _CLINICAL_OPPOSITES:
        hint = to_say(
            "Degrees; positive is {word}. In the files: {column}.", word=word, column=column
        )
        return Label(plain, 1, hint)
    hint = to_say(
        "Degrees; positive is {word}. In the files: {column}, with the opposite sign.",
        word=word,
        column=column,
    )
    return Label(_sided(f"{movement.joint} {word}", side), -1, hint)


def _sided(movement: str, side: str) -> Words:
    name = to_say(movement)
    if side == "R":
        return to_say("{movement}, right", movement=name)
    return to_say("{movement}, left", movement=name) if side == "L" else name


def keypoints_at(column: str) -> tuple[str, ...]:
    """The COCO keypoints in the middle of which an angle is: ``knee_angle_r`` at the right
    knee, the pelvis's between the hips, the trunk's between these and the shoulders."""
    movement, side = _PLACES[column]
    if side in _SIDES:
        return (f"{_SIDES[side]}_{movement.joint.lower()}",)
    return _HIPS if movement.joint == "Pelvis" else (*_HIPS, "left_shoulder", "right_shoulder")


def positive_direction(column: str, *, clinical: bool) -> str:
    """What a positive angle means: ``flexion``."""
    movement, _ = _PLACES[column]
    return _CLINICAL_OPPOSITES.get(column, movement.word) if clinical else movement.word


def movement_label(columns: tuple[str, ...], *, clinical: bool) -> str:
    """What the angle columns of both sides have in common: ``Knee flexion``, ``knee_angle``."""
    movement, _ = _PLACES[columns[0]]
    if not clinical:
        return movement.stem
    return to_say(f"{movement.joint} {positive_direction(columns[0], clinical=True)}")


def group_words(group: str) -> str:
    """``knee_r`` → ``right knee``."""
    joint, _, side = group.partition("_")
    return f"{_SIDES[side.upper()]} {joint}" if side else joint


def shown_angles(angles: JointAngles, *, clinical: bool) -> JointAngles:
    """``angles`` with the signs of the labels that are chosen."""
    return with_clinical_signs(angles) if clinical else angles


def with_clinical_signs(angles: JointAngles) -> JointAngles:
    """``angles`` with the signs of the clinical labels."""
    signs = [angle_label(name, clinical=True).sign for name in ANGLE_NAMES]
    return replace(angles, degrees=angles.degrees * np.array(signs))


_PLACES = {
    column: (movement, side)
    for movement in MOVEMENTS
    for side, column in movement.columns.items()
}
