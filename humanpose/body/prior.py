"""Which poses people take: what the fit believes of a body before it has seen the clip.

A Gaussian with full covariance over the model's 26 coordinates, learnt from recorded motion of
many people with equal weight each, and a narrow one of quiet standing, which a picture from
the front hardly tells from knees bent by 20° (``train/body_prior``, ``docs/lab/body.md``).
Where somebody faces tells nothing about the pose, so the heading is free. No value is missing:
the poses of a fit are known in every frame.
"""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from scipy.ndimage import gaussian_filter1d
from scipy.special import expit

from humanpose.assets import ASSETS
from humanpose.errors import CheckpointError
from humanpose.sequence import Floats

COORDINATES = (
    "pelvis_tilt", "pelvis_list", "pelvis_rotation",
    "lumbar_extension", "lumbar_bending", "lumbar_rotation",
    "hip_flexion_r", "hip_adduction_r", "hip_rotation_r",
    "hip_flexion_l", "hip_adduction_l", "hip_rotation_l",
    "arm_flex_r", "arm_add_r", "arm_rot_r", "arm_flex_l", "arm_add_l", "arm_rot_l",
    "knee_angle_r", "knee_angle_l", "ankle_angle_r", "ankle_angle_l",
    "subtalar_angle_r", "subtalar_angle_l", "elbow_flex_r", "elbow_flex_l",
)  # fmt: skip
"""The contract's names of the coordinates, in the order of every pose here."""
HEADING = COORDINATES.index("pelvis_rotation")
PRIOR_FILE = ASSETS / "pose_prior.npz"

_NEAR_DEG = {
    "pelvis_tilt": (8.0, 4.5), "hip_flexion_r": (6.0, 7.5), "hip_flexion_l": (6.0, 7.5),
    "knee_angle_r": (5.0, 15.0), "knee_angle_l": (5.0, 15.0),
    "ankle_angle_r": (7.0, 13.5), "ankle_angle_l": (7.0, 13.5),
}  # fmt: skip
"""How far legs are off while the person stands: seen from the side; what the front adds."""
_STILL_DEG, _STILL_S = 1.5, 0.25
"""How much they move meanwhile, and the standard deviation of the time that counts."""
_STANDS_BELOW = 10.0
"""The sum of squares, in these units, at which standing is as likely as anything else."""
_ARRAYS = ("mean", "covariance", "standing_mean", "standing_covariance")
_LEGS = [COORDINATES.index(name) for name in _NEAR_DEG]
_SIDE, _FRONT = np.radians(list(_NEAR_DEG.values())).T
_POSED = np.delete(np.arange(len(COORDINATES)), HEADING)


@dataclass(frozen=True, eq=False)
class PosePrior:
    """How likely poses are, the heading aside. Zero and signs are the contract's."""

    mean: Floats
    """(26,) rad, of anything that people do."""
    covariance: Floats
    """(26, 26) rad²."""
    standing_mean: Floats
    """(26,) rad, of somebody who stands quietly."""
    standing_covariance: Floats
    """(26, 26) rad²."""
    people: tuple[str, ...]
    """``source|subject: frames`` of everybody whose poses it was learnt from."""

    def standing(self, poses: Floats, *, fps: float) -> Floats:
        """(T,) in [0, 1] how surely somebody stands quietly: upright as far as the view tells,
        and still for half a second around.

        Give it poses that were fitted without this belief, which otherwise proves itself.

        Args:
            poses: (T, 26) rad, ``COORDINATES``; the heading says from where they are seen.
        """
        legs, reach = poses[:, _LEGS], _STILL_S * fps
        middle = gaussian_filter1d(legs, reach, axis=0, mode="reflect")
        moves = gaussian_filter1d((legs - middle) ** 2, reach, axis=0, mode="reflect")
        near = _SIDE**2 + (_FRONT * np.cos(poses[:, HEADING, None])) ** 2
        off = (middle - self.standing_mean[_LEGS]) ** 2 / near
        squares = (off + moves / np.radians(_STILL_DEG) ** 2).sum(axis=1)
        return np.asarray(expit((_STANDS_BELOW - squares) / 2))

    def pull(self, poses: Floats, standing: Floats | None = None) -> tuple[Floats, Floats]:
        """What draws every frame towards the usual: the cost is half the square of the second.

        Args:
            poses: (T, 26) rad, ``COORDINATES``; whole turns don't matter.
            standing: (T,) in [0, 1] how surely the person stands quietly; not at all without.

        Returns:
            (T, 26, 26) L and (T, 26) L·(pose − usual pose), each angle's shorter way round:
            the residuals of a least-squares fit are the second, their derivatives L·d pose.
        """
        share = np.zeros(len(poses)) if standing is None else standing
        precision = np.zeros((len(poses), len(_POSED), len(_POSED)))
        slope = np.zeros((len(poses), len(_POSED)))
        for weight, mean, covariance in (
            (1 - share, self.mean, self.covariance),
            (share, self.standing_mean, self.standing_covariance),
        ):
            own = np.linalg.inv(covariance[np.ix_(_POSED, _POSED)])
            away = ((poses - mean + np.pi) % (2 * np.pi) - np.pi)[:, _POSED]
            precision += weight[:, None, None] * own
            slope += weight[:, None] * (away @ own)
        lower = np.linalg.cholesky(precision)
        root = np.zeros((len(poses), len(COORDINATES), len(COORDINATES)))
        root[:, _POSED[:, None], _POSED] = np.swapaxes(lower, 1, 2)
        off = np.zeros((len(poses), len(COORDINATES)))
        off[:, _POSED] = np.linalg.solve(lower, slope[..., None])[..., 0]
        return root, off


@cache
def load_pose_prior(path: Path = PRIOR_FILE) -> PosePrior:
    """The prior that ships with the package. Raises CheckpointError if the file is not one."""
    try:
        with np.load(path, allow_pickle=False) as stored:
            names = tuple(str(name) for name in stored["names"])
            people = tuple(str(person) for person in stored["people"])
            arrays = {name: stored[name] for name in _ARRAYS}
    except (OSError, ValueError, KeyError) as error:
        raise CheckpointError(
            f"{path} holds no pose prior ({error}); install humanpose again"
        ) from error
    if names != COORDINATES:
        raise CheckpointError(f"{path} is of another body model; install humanpose again")
    return PosePrior(**arrays, people=people)


def save_pose_prior(prior: PosePrior, path: Path) -> None:
    """Write plain arrays, no pickles."""
    np.savez_compressed(
        path,
        names=np.array(COORDINATES),
        **{name: getattr(prior, name) for name in _ARRAYS},
        people=np.array(prior.people),
    )
