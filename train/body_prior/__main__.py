"""Learn which poses people take, for the body fit: ``humanpose/assets/pose_prior.npz``.

$ python -m train.body_prior --mocap DIR --opensim DIR [--out FILE] [--without SUBJECT ...]

From everybody on the train side of ``splits.txt``, and from all people of OpenSim's files:
where their renders are judged, leave them out (``--without``). People count alike, within a
person the files, and every pose has its mirror image. What a recording doesn't tell is
missing, not zero.
"""

import argparse
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from humanpose.body.prior import COORDINATES, PRIOR_FILE, PosePrior, save_pose_prior
from humanpose.sequence import Floats
from train.body_prior.gaussian import gaussian
from train.body_prior.poses import mirrored, of_either_side, poses_by_person
from train.convert.errors import SourceError
from train.engine.command import exit_code, parser_of
from train.recordings.splits import split_of
from train.synth.motion.sources import catalogue

BROADER = 1.5
"""Times the recorded covariance: fewer than twenty people don't show all poses."""
FLOOR_DEG = {
    "pelvis_tilt": 3, "pelvis_list": 3, "lumbar_extension": 4, "lumbar_bending": 4,
    "lumbar_rotation": 4, "hip_flexion": 4, "hip_adduction": 4, "hip_rotation": 5,
    "arm_flex": 15, "arm_add": 12, "arm_rot": 20, "knee_angle": 3, "ankle_angle": 4,
    "subtalar_angle": 5, "elbow_flex": 15, "pelvis_rotation": 180,
}  # fmt: skip
"""Standard deviation that is added to each coordinate on its own."""
UNTOLD_DEG = 8.0
"""Standard deviation of a coordinate that nobody's recording tells, about 0."""
STANDING_DEG = {
    "pelvis_tilt": (-2, 6), "pelvis_list": (0, 2.5), "lumbar_extension": (-7, 7),
    "lumbar_bending": (0, 3), "lumbar_rotation": (0, 4), "hip_flexion": (2, 6),
    "hip_adduction": (-1, 5), "hip_rotation": (-4, 7), "knee_angle": (3, 5),
    "ankle_angle": (3, 6), "subtalar_angle": (0, 6),
}  # fmt: skip
"""Mean and standard deviation of who stands quietly; the arms do what they do otherwise.
Stated, not learnt: the recorded people who do stand disagree about the knee's zero by 20°."""


def pose_prior(people: Mapping[str, Sequence[Floats]]) -> PosePrior:
    """Of subject -> (N, 26) rad of each file, NaN where unknown."""
    poses, weights = _weighted(people)
    untold = np.isnan(poses).all(axis=0)
    mean, covariance = gaussian(np.where(untold, 0, poses), weights)
    covariance[untold, untold] += np.radians(UNTOLD_DEG) ** 2
    floor = np.radians([FLOOR_DEG[of_either_side(name)] for name in COORDINATES])
    covariance = BROADER * covariance + np.diag(floor**2)
    counts = tuple(
        f"{subject}: {sum(map(len, files))}" for subject, files in sorted(people.items())
    )
    return PosePrior(mean, covariance, *_standing(mean, covariance), counts)


def _standing(mean: Floats, covariance: Floats) -> tuple[Floats, Floats]:
    """Mean and covariance of quiet standing, with arms as ``mean`` and ``covariance`` say."""
    mean, covariance = mean.copy(), covariance.copy()
    for i, name in enumerate(COORDINATES):
        if (stated := STANDING_DEG.get(of_either_side(name))) is not None:
            mean[i], deviation = np.radians(stated)
            covariance[i], covariance[:, i] = 0, 0
            covariance[i, i] = deviation**2
    return mean, covariance


def _weighted(people: Mapping[str, Sequence[Floats]]) -> tuple[Floats, Floats]:
    """All poses and their mirror images, and the weights that make people and files alike."""
    files = [(poses, len(own)) for own in people.values() for poses in own]
    both = [np.concatenate([poses, mirrored(poses)]) for poses, _ in files]
    weights = [
        np.full(len(poses), 1 / (count * len(poses)))
        for poses, (_, count) in zip(both, files, strict=True)
    ]
    return np.concatenate(both), np.concatenate(weights)


def main(arguments: list[str] | None = None) -> int:
    """Learn and write the prior; 0, or the exit code of what went wrong."""
    parser = parser_of(__doc__, "mocap", "opensim")
    parser.add_argument("--out", type=Path, default=PRIOR_FILE)
    left_out = "somebody to leave out, as splits.txt says"
    parser.add_argument("--without", nargs="*", default=[], metavar="SUBJECT", help=left_out)
    return exit_code("train.body_prior", parser, _make, arguments)


def _make(options: argparse.Namespace) -> None:
    clips = [
        clip
        for clip in catalogue(options.mocap, options.opensim)
        if (split_of(clip.subject) == "train" or clip.subject.startswith("opensim|"))
        and clip.subject not in options.without
    ]
    people = poses_by_person(clips)
    if not people:
        raise SourceError("no recording of a training subject; give the unpacked archives")
    prior = pose_prior(people)
    save_pose_prior(prior, options.out)
    spread = np.degrees(np.sqrt(np.diag(prior.covariance)))
    for name, mean, sd in zip(COORDINATES, np.degrees(prior.mean), spread, strict=True):
        print(f"{name:18s} {mean:6.1f} ± {sd:5.1f}°")
    print(f"{options.out}: {', '.join(prior.people)}")


if __name__ == "__main__":
    sys.exit(main())
