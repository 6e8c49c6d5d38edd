"""Render people, let MediaPipe look at them, and keep both: what it saw and what was true.

Sequence ``i`` of a run depends on the seed and on ``i`` alone, and a shard is there as a whole
or not at all. So a run that was killed goes on where it stopped, and ends as one that wasn't.
"""

import fcntl
import hashlib
import json
import multiprocessing
import os
import time
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass
from itertools import count
from pathlib import Path

import numpy as np

from humanpose.detection.follow import Follower
from humanpose.detection.mediapipe_pose import MediaPipePose
from humanpose.detection.people import Detector
from humanpose.errors import OutputError
from humanpose.runtime.replace import output_errors
from humanpose.sequence import Landmarks, Timeline
from humanpose.skeleton import MEDIAPIPE33
from train.convert.errors import SourceError
from train.recordings.splits import split_of
from train.synth.body.makehuman import Assets
from train.synth.motion.sources import Clip, catalogue
from train.synth.scene.backdrop import photographs_in
from train.synth.scene.texture import Image
from train.synth.shards import Arrays, arrays_of, write_shard
from train.synth.take import Stock, film, plan

RUN_FILE, LOCK_FILE = "run.json", "run.lock"


@dataclass(frozen=True)
class Recipe:
    """What the data of a run depend on."""

    body: Path
    mocap: Path
    opensim: Path
    photographs: Path | None = None
    seed: int = 0
    seconds: float = 6.0
    """Longest sequence, s."""
    shard_sequences: int = 4
    test_people: bool = False
    """Whether those who only test are filmed, too."""

    def stock(self) -> Stock:
        """Read and list the sources. Raises SourceError."""
        clips = self._clips()
        return Stock(Assets.load(self.body), clips, photographs_in(self.photographs))

    def identity(self) -> dict[str, object]:
        """What two runs share when they make the same data; folders may have moved."""
        clips = self._clips()
        names = "\n".join(f"{clip.subject} {clip.kind} {clip.name}" for clip in clips)
        names += "\n".join(path.name for path in photographs_in(self.photographs))
        kept = {k: v for k, v in asdict(self).items() if not isinstance(v, Path)}
        return kept | {"sources": hashlib.sha256(names.encode()).hexdigest()}

    def _clips(self) -> list[Clip]:
        every = catalogue(self.mocap, self.opensim)
        chosen = [c for c in every if self.test_people or split_of(c.subject) != "test"]
        if not chosen:
            raise SourceError("all recordings are of people who only test; add --test-people")
        return chosen


@dataclass(frozen=True)
class Budget:
    """When to stop: no shard is begun after the deadline, nor beyond so many."""

    deadline: float = float("inf")
    """By ``time.monotonic``."""
    shards: int | None = None


def make_pairs(recipe: Recipe, folder: Path, budget: Budget, *, workers: int) -> None:
    """Write ``shard-00000.npz`` … that are not in ``folder`` yet, until the budget is used.

    Raises:
        OutputError: the folder can't be written, holds another run's data or is in use.
        SourceError: the sources can't be used.
    """
    with output_errors(folder):
        folder.mkdir(parents=True, exist_ok=True)
    with _locked(folder):
        _same_run(recipe, folder)
        for left_over in folder.glob("*.part"):
            left_over.unlink(missing_ok=True)
        if workers == 1:
            _work(recipe, folder, budget, 0, 1)
            return
        context = multiprocessing.get_context("spawn")
        processes = [
            context.Process(target=_work, args=(recipe, folder, budget, i, workers))
            for i in range(workers)
        ]
        for process in processes:
            process.start()
        for process in processes:
            process.join()
    if any(process.exitcode for process in processes):
        raise OutputError(f"a worker failed; see above, then run again to go on in {folder}")


def landmarks_of(pictures: Iterable[Image], fps: float, detector: Detector) -> Landmarks:
    """One person's landmarks in the pictures of a clip, followed as the product does."""
    follower = Follower(detector)
    rows = []
    for number, picture in enumerate(pictures):
        row = np.full((len(MEDIAPIPE33), 6), np.nan)
        row[:, 5] = 0
        person = follower.find(picture, number / fps)
        if person is not None:
            row = np.column_stack([person.pixels, person.world, person.visibility])
        rows.append(row)
    found = np.stack(rows)
    height, width = picture.shape[:2]
    timeline = Timeline(len(rows), fps)
    return Landmarks(found[..., :2], found[..., 2:5], found[..., 5], timeline, (width, height))


def _work(recipe: Recipe, folder: Path, budget: Budget, worker: int, workers: int) -> None:
    """Make every ``workers``-th shard, from ``worker`` on, that is missing."""
    parent = os.getppid()
    stock = recipe.stock()
    with closing(MediaPipePose()) as detector:
        for number in count(worker, workers):
            if _over(budget, number) or os.getppid() != parent:
                return
            path = folder / f"shard-{number:05}.npz"
            if not path.exists():
                started, busy = time.monotonic(), time.process_time()
                sequences = list(_sequences(recipe, stock, detector, number))
                write_shard(path, sequences)
                _report(path, sequences, time.monotonic() - started, time.process_time() - busy)


def _over(budget: Budget, number: int) -> bool:
    beyond = budget.shards is not None and number >= budget.shards
    return beyond or time.monotonic() > budget.deadline


def _sequences(
    recipe: Recipe, stock: Stock, detector: Detector, shard: int
) -> Iterator[Arrays]:
    first = shard * recipe.shard_sequences
    for index in range(first, first + recipe.shard_sequences):
        take = plan(stock, recipe.seed, index, seconds=recipe.seconds)
        yield arrays_of(take, landmarks_of(film(take), take.person.fps, detector))


def _report(path: Path, sequences: list[Arrays], wall_s: float, cpu_s: float) -> None:
    frames = sum(len(arrays["landmarks_px"]) for arrays in sequences)
    found = sum(int(np.isfinite(a["landmarks_px"][:, 0, 0]).sum()) for a in sequences)
    print(
        f"{path.name}  {frames} frames, person found in {found / frames:.0%},"
        f" {frames / wall_s:.1f} frames/s, {1000 * cpu_s / frames:.0f} ms of CPU each",
        flush=True,
    )


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    with output_errors(folder), (folder / LOCK_FILE).open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise OutputError(
                f"another run writes to {folder}; wait for it or choose another --out"
            ) from error
        yield


def _same_run(recipe: Recipe, folder: Path) -> None:
    """Note what the data depend on, or see that it is what was noted."""
    identity = recipe.identity()
    note = folder / RUN_FILE
    if not note.exists():
        fresh = note.with_suffix(".part")
        fresh.write_text(json.dumps(identity, indent=1) + "\n", encoding="utf-8")
        fresh.replace(note)
    elif json.loads(note.read_text(encoding="utf-8")) != identity:
        raise OutputError(
            f"{folder} holds pairs of another seed, length or source; choose another --out"
        )
