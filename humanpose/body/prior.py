"""Which poses people take: what the fit believes of a body before it has seen the clip.

A Gaussian with full covariance over the model's 26 coordinates, learnt from recorded motion of
many people with equal weight each (``train/body_prior.py``, ``docs/lab/body.md``). Where
somebody faces tells nothing about the pose, so the heading is free. No value is missing: the
poses of a fit are known in every frame.
"""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np

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


@dataclass(frozen=True, eq=False)
class PosePrior:
    """How likely poses are, the heading aside. Zero and signs are the contract's."""

    mean: Floats
    """(26,) rad."""
    covariance: Floats
    """(26, 26) rad²."""
    people: tuple[str, ...]
    """``source|subject: frames`` of everybody whose poses it was learnt from."""

    @property
    def root_precision(self) -> Floats:
        """(26, 26) L with LᵀL the inverse covariance of all but the heading; 0 where that
        is."""
        posed = np.delete(np.arange(len(self.mean)), HEADING)
        root = np.zeros_like(self.covariance)
        precision = np.linalg.inv(self.covariance[np.ix_(posed, posed)])
        root[np.ix_(posed, posed)] = np.linalg.cholesky(precision).T
        return root

    def pull(self, poses: Floats) -> tuple[Floats, Floats]:
        """What draws every frame towards the usual: the cost is half the square of ``pull``.

        Args:
            poses: (T, 26) rad, ``COORDINATES``; whole turns don't matter.

        Returns:
            (T, 26, 26) L and (T, 26) L·(pose − mean), each angle's shorter way round: the
            residuals of a least-squares fit are the second, their derivatives L·d pose.
        """
        away = (poses - self.mean + np.pi) % (2 * np.pi) - np.pi
        root = self.root_precision
        return np.broadcast_to(root, (len(poses), *root.shape)), away @ root.T


@cache
def load_pose_prior(path: Path = PRIOR_FILE) -> PosePrior:
    """The prior that ships with the package. Raises CheckpointError if the file is not one."""
    try:
        with np.load(path, allow_pickle=False) as stored:
            names = tuple(str(name) for name in stored["names"])
            people = tuple(str(person) for person in stored["people"])
            prior = PosePrior(stored["mean"], stored["covariance"], people)
    except (OSError, ValueError, KeyError) as error:
        raise CheckpointError(
            f"{path} holds no pose prior ({error}); install humanpose again"
        ) from error
    if names != COORDINATES:
        raise CheckpointError(f"{path} is of another body model; install humanpose again")
    return prior


def save_pose_prior(prior: PosePrior, path: Path) -> None:
    """Write plain arrays, no pickles."""
    np.savez_compressed(
        path,
        names=np.array(COORDINATES),
        mean=prior.mean,
        covariance=prior.covariance,
        people=np.array(prior.people),
    )
