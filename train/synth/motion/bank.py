"""The motion bank: joint centres of many bodies that perform all recordings and exercises.

$ python -m train.synth.motion.bank --body DIR --mocap DIR --opensim DIR --out motion.npz

Training draws views of it without end, since projecting joints costs nothing beside posing a
body. Nobody on the test side is in it.
"""

import argparse
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from humanpose.geometry import frame_from_y
from humanpose.skeleton import COCO17
from train.convert.errors import SourceError
from train.engine.command import exit_code, parser_of
from train.recordings.splits import Side, canonical, split_of
from train.synth.body.anatomy import frames_from_angles, truth_points
from train.synth.body.body import Body
from train.synth.body.makehuman import Assets, Shape
from train.synth.motion.exercises import exercise
from train.synth.motion.feet import Leg
from train.synth.motion.perform import posed_on
from train.synth.motion.retarget import Recording, lifelike, resampled
from train.synth.motion.sources import FPS, Clip, catalogue, recordings

PEOPLE = 24
"""Bodies that take turns; a view changes the lengths of their bones a little more."""
EXERCISE_S = 8.0
VALIDATION_SHARE = 0.03
"""Of the exercises, which belong to nobody."""


@dataclass(frozen=True, eq=False)
class Bank:
    """Sequences one after another. N frames, S sequences."""

    joints: NDArray[np.float32]
    """(N, 17, 3) COCO-17 in the world, Y up, m."""
    pelvis: NDArray[np.float32]
    """(N, 3, 3) axes of the pelvis in the world."""
    starts: NDArray[np.int64]
    """(S + 1,) first frame of every sequence, and N."""
    subjects: NDArray[np.str_]
    """(S,) ``source|subject``."""
    validates: NDArray[np.bool_]
    """(S,) whether the sequence is on the validation side."""
    fps: float

    def save(self, path: Path) -> None:
        """Write plain arrays, no pickles."""
        np.savez_compressed(path, **vars(self))

    @classmethod
    def load(cls, path: Path) -> "Bank":
        """Read what ``save`` wrote. Raises SourceError where there is none."""
        if not path.is_file():
            raise SourceError(
                f"no motion bank at {path}; make one with train.synth.motion.bank"
            )
        with np.load(path, allow_pickle=False) as stored:
            arrays = {name: stored[name] for name in stored.files}
        return cls(**arrays | {"fps": float(arrays["fps"])})

    @classmethod
    def of_samples(cls, folder: Path) -> "Bank":
        """The motion in the contract's NPZ sequences, as ``train.convert`` writes them.

        The path over the floor isn't in them. Subjects need a line in ``splits.txt``; those who
        test are left out. Raises SourceError where no motion remains.
        """
        found = [_sampled(path) for path in sorted(folder.glob("*.npz"))]
        made = [sequence for sequence in found if sequence.side != "test"]
        if not made:
            raise SourceError(f"no motion of training subjects in {folder}")
        return cls._of(made)

    @classmethod
    def _of(cls, made: "list[_Sequence]") -> "Bank":
        lengths = [len(sequence.joints) for sequence in made]
        return cls(
            np.concatenate([sequence.joints for sequence in made]),
            np.concatenate([sequence.pelvis for sequence in made]),
            np.cumsum([0, *lengths]),
            np.array([sequence.subject for sequence in made]),
            np.array([sequence.side == "validation" for sequence in made]),
            FPS,
        )


def holds_samples(folder: Path) -> bool:
    """Whether a folder holds the contract's sequences, rather than pairs."""
    first = next(iter(sorted(folder.glob("*.npz"))), None)
    if first is None:
        return False
    with np.load(first, allow_pickle=False) as stored:
        return "ground_truth" in stored.files


@dataclass(frozen=True, eq=False)
class _Sequence:
    joints: NDArray[np.float32]
    pelvis: NDArray[np.float32]
    subject: str
    side: Side


def build(assets: Assets, clips: list[Clip], *, exercises: int, bodies: int, seed: int) -> Bank:
    """Every recording of a train or validation subject by ``bodies`` bodies, and exercises."""
    rng = np.random.default_rng(seed)
    people = [Body.build(assets, Shape.random(rng)) for _ in range(PEOPLE)]
    made = [*_recorded(people, clips, bodies, rng), *_exercises(people, exercises, rng)]
    return Bank._of(made)


def _recorded(
    people: list[Body], clips: list[Clip], bodies: int, rng: np.random.Generator
) -> Iterator[_Sequence]:
    for clip in clips:
        side = split_of(clip.subject)
        if side == "test":
            continue
        try:
            found = list(recordings(clip))
        except SourceError:
            continue
        for recording in found * bodies:
            body = people[rng.integers(len(people))]
            yield _performed(lifelike(recording, rng), body, clip.subject, side)


def _exercises(people: list[Body], count: int, rng: np.random.Generator) -> Iterator[_Sequence]:
    for _ in range(count):
        recording = lifelike(exercise(rng, seconds=EXERCISE_S, fps=FPS), rng)
        side: Side = "validation" if rng.random() < VALIDATION_SHARE else "train"
        body = people[rng.integers(len(people))]
        yield _performed(recording, body, "exercises|drawn", side)


def _performed(recording: Recording, body: Body, subject: str, side: Side) -> _Sequence:
    leg = Leg.measure(body, "r")
    frames = frames_from_angles(recording.angles)
    straight = {s: np.zeros(len(recording)) for s in "rl"}
    path = (recording.mid_hip - recording.mid_hip[0] * [1, 0, 1]) * leg.length
    points = truth_points(posed_on(frames, recording.head, straight, path, body))
    joints = points[:, : len(COCO17)].astype(np.float32)
    return _Sequence(joints, frames["pelvis"].astype(np.float32), subject, side)


def _sampled(path: Path) -> _Sequence:
    with np.load(path, allow_pickle=False) as stored:
        subject = canonical(f"{stored['source']}|{stored['subject']}")
        world = stored["ground_truth"].astype(float) @ stored["camera_R"].astype(float)
        fps = float(stored["fps"])
    joints = resampled(world, fps, to_fps=FPS)
    hips, shoulders = (
        [joints[:, COCO17.index(f"{side}_{part}")] for side in ("left", "right")]
        for part in ("hip", "shoulder")
    )
    trunk = (shoulders[0] + shoulders[1] - hips[0] - hips[1]) / 2
    pelvis = frame_from_y(trunk, hips[1] - hips[0])
    return _Sequence(
        joints.astype(np.float32), pelvis.astype(np.float32), subject, split_of(subject)
    )


def main(arguments: list[str] | None = None) -> int:
    """Make the bank; 0, or the exit code of what went wrong."""
    parser = parser_of(__doc__, "body", "mocap", "opensim")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--bodies", type=int, default=2, help="that perform each recording")
    parser.add_argument("--exercises", type=int, default=600)
    parser.add_argument("--seed", type=int, default=0)
    return exit_code("train.synth.motion.bank", parser, _make, arguments)


def _make(options: argparse.Namespace) -> None:
    clips = catalogue(options.mocap, options.opensim)
    bank = build(
        Assets.load(options.body),
        clips,
        exercises=options.exercises,
        bodies=options.bodies,
        seed=options.seed,
    )
    bank.save(options.out)
    print(f"{options.out}: {len(bank.joints)} frames, {len(bank.subjects)} sequences")


if __name__ == "__main__":
    sys.exit(main())
