"""Words of the field for the contract's column names; each names the positive direction."""

from dataclasses import dataclass

from humanpose.skeleton import JOINT_GROUPS

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
    def title(self) -> str:
        return f"{self.joint} {self.word}"


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
