"""What the solver knows before it sees a clip: bodies, and how MediaPipe sees them; no NaNs."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from humanpose.sequence import Floats
from humanpose.skeleton import BODY12, other_side

_LENGTHS = {
    ("shoulder", "elbow"): (0.148, 0.01),
    ("elbow", "wrist"): (0.144, 0.01),
    ("hip", "knee"): (0.239, 0.01),
    ("knee", "ankle"): (0.245, 0.01),
    ("shoulder", "shoulder"): (0.205, 0.05),
    ("hip", "hip"): (0.125, 0.01),
    ("shoulder", "hip"): (0.273, 0.06),
    ("shoulder", "other hip"): (0.316, 0.06),
}
"""Mean length in body heights over the adult bodies of MakeHuman's CC0 mesh, and by which share
of it the distance changes as the body moves: the shoulder girdle gives, the spine bends."""
_PEOPLE_DIFFER = 0.06
"""SD of a length about its mean, relative."""
_SIDES_DIFFER = 0.015
"""SD of left against right, relative."""
_HEIGHT_SD = 0.003
"""By how much of it trunk, thigh and shank may miss their share of the height: the height is
what sets the scale, so hardly at all."""
_SCALE_BONES = (("shoulder", "hip"), ("hip", "knee"), ("knee", "ankle"))

_SEEN_AT: Mapping[str, Mapping[tuple[str, str], float]] = {
    "shoulder": {
        ("hips", "shoulders"): 0.061, ("other shoulder", "shoulder"): -0.042,
        ("shoulder", "elbow"): 0.025,
    },
    "elbow": {("shoulder", "elbow"): -0.057, ("elbow", "wrist"): 0.035},
    "hip": {
        ("hips", "shoulders"): 0.053, ("other hip", "hip"): -0.086, ("hip", "knee"): 0.071,
    },
    "knee": {("hip", "knee"): -0.049, ("knee", "ankle"): 0.025},
    "ankle": {("knee", "ankle"): -0.067, ("other hip", "hip"): 0.020},
}  # fmt: skip
"""Where MediaPipe sees a joint: its centre plus these shares of vectors of the body. Regression
on the training subjects of the rendered pairs; on the validation subjects it lowers the median
distance between keypoint and joint from 6.1 to 4.5 % of the trunk."""

_KEYPOINT_SD = 0.035
_HIDDEN_SD = 0.095
"""SD of a keypoint about that place, per axis, in trunk lengths: the first for one that is
fully visible, both together for a hidden one. From the same regression."""
_TRUNK = _LENGTHS["shoulder", "hip"][0]


def keypoint_sd(visibility: Floats, *, height_m: float) -> Floats:
    """SD of keypoints per axis, m at the person's distance; (T, 17) like ``visibility``."""
    share = _KEYPOINT_SD + _HIDDEN_SD * (1 - visibility) ** 2
    return np.asarray(share * _TRUNK * height_m)


def _seen_at() -> Floats:
    weights = np.eye(len(BODY12))
    for row, joint in enumerate(BODY12.joints):
        side, _, part = joint.partition("_")
        for (start, end), share in _SEEN_AT.get(part, {}).items():
            weights[row] += share * (_place(end, side) - _place(start, side))
    return weights


def _limb_ends() -> Floats:
    ends = np.zeros((len(BODY12.bones), len(BODY12)))
    for row, (parent, child) in enumerate(BODY12.bone_indices):
        ends[row, parent], ends[row, child] = -1, 1
    return ends


def mean_lengths(height_m: float) -> Floats:
    """(14,) lengths of the limbs of an average body so tall, m."""
    return np.array([_LENGTHS[_kind(*bone)][0] * height_m for bone in BODY12.bones])


@dataclass(frozen=True, eq=False)
class LengthPrior:
    """Linear beliefs about the 14 lengths: ``rows @ lengths`` is ``targets``, each SD 1."""

    rows: Floats
    targets: Floats

    @classmethod
    def of(cls, height_m: float, *, weight: float) -> "LengthPrior":
        """Of a person of this height: proportions, symmetry, and the height itself.

        Args:
            weight: how many frames count as one observation, since their errors are alike.
        """
        mean = mean_lengths(height_m)
        own = np.diag(1 / (_PEOPLE_DIFFER * mean))
        symmetry = [_symmetry(bone, mean) for bone in BODY12.bones if "left" in bone[0]]
        scale = sum(
            np.array([_kind(*bone) == kind for bone in BODY12.bones]) / 2
            for kind in _SCALE_BONES
        )
        rows = np.vstack([own, *symmetry, scale / (_HEIGHT_SD * height_m)])
        rows *= np.sqrt(weight)
        return cls(rows, rows @ mean)

    def linearised(self, lengths: Floats) -> tuple[Floats, Floats]:
        """(14, 14) information and (14,) gradient at ``lengths`` (14,), m."""
        return self.rows.T @ self.rows, self.rows.T @ (self.rows @ lengths - self.targets)


def _symmetry(bone: tuple[str, str], mean: Floats) -> Floats:
    """One row: the limb against the same on the other side; 0 for a limb across the body."""
    row = np.zeros(len(mean))
    other = (other_side(bone[0]), other_side(bone[1]))
    if other in BODY12.bones:
        i, j = BODY12.bones.index(bone), BODY12.bones.index(other)
        row[i], row[j] = np.array([1, -1]) / (_SIDES_DIFFER * mean[i])
    return row


def _kind(parent: str, child: str) -> tuple[str, str]:
    (side, _, start), (other, _, end) = parent.partition("_"), child.partition("_")
    across = side != other and start != end
    return start, f"other {end}" if across else end


def _place(name: str, side: str) -> Floats:
    """(12,) weights of the joints that make up ``"knee"``, ``"other hip"`` or ``"hips"``."""
    if name in ("hips", "shoulders"):
        return (_place(name[:-1], "left") + _place(name[:-1], "right")) / 2
    joint = f"{side}_{name.removeprefix('other ')}"
    weights = np.zeros(len(BODY12))
    weights[BODY12.index(other_side(joint) if name.startswith("other ") else joint)] = 1
    return weights


SEEN_AT = _seen_at()
"""(12, 12) which point each keypoint shows, as weights of the joints; rows sum to 1."""
LIMB_ENDS = _limb_ends()
"""(14, 12) +1 at a limb's child, -1 at its parent: times the joints, the limbs' vectors."""
GIVE = np.array([_LENGTHS[_kind(*bone)][1] for bone in BODY12.bones])
"""(14,) SD of a limb's length within a clip, relative."""
