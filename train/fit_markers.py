"""Fit where the anatomical markers lie on a body, on the factory's bodies, and compare.

$ python -m train.fit_markers --body DIR --mocap DIR --opensim DIR

writes ``humanpose/assets/marker_places.npz``.

Bodies of people on the train side of ``splits.txt`` move; 22 markers are read off their true
joints, 43 off their skin. Then the error on the validation side, beside that of OpenCap's LSTM
where it is installed.
"""

import argparse
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from humanpose.errors import CheckpointError
from humanpose.markers.augmentation import augment
from humanpose.markers.input_markers import markers_of
from humanpose.markers.places import (
    ORIGINS,
    PLACES_FILE,
    Places,
    features_of,
    mirror_image,
    save_places,
    segment_frames,
)
from humanpose.sequence import Floats, PoseSequence, Timeline
from humanpose.settings import Augmenter
from humanpose.skeleton import MARKERS43, MEDIAPIPE33, other_side
from train.convert.errors import SourceError
from train.engine.command import exit_code, parser_of
from train.recordings.pairs import TRUTH_POINTS
from train.recordings.splits import Side, split_of
from train.synth.body.body import SKIN_VERTICES, Body
from train.synth.body.landmarks43 import marker_points
from train.synth.body.makehuman import Assets, Shape
from train.synth.motion.exercises import exercise
from train.synth.motion.replay import replay
from train.synth.motion.retarget import Recording, lifelike
from train.synth.motion.sources import FPS, Clip, catalogue, draw, stretch

BODIES, VALIDATION_BODIES = 400, 80
EXERCISES = 0.3
"""Share of the bodies that do a drawn exercise instead of a recording."""
SECONDS = 4.0
RIDGE = 0.1
DENSITY_KG_M3 = 1000.0
"""A person just floats."""


@dataclass(frozen=True, eq=False)
class Example:
    """A body in motion, as both marker sets see it."""

    given: PoseSequence
    """The 22 markers, world, m."""
    true: Floats
    """(T, 43, 3) world, m."""
    height_m: float
    mass_kg: float


def examples(assets: Assets, clips: Sequence[Clip], *, count: int, seed: int) -> list[Example]:
    """``count`` bodies, each with a recording of its own."""
    rng = np.random.default_rng(seed)
    moving = _recordings(rng, list(clips))
    return [example(rng, assets, next(moving)) for _ in range(count)]


def example(rng: np.random.Generator, assets: Assets, recording: Recording) -> Example:
    """A body of random build with the motion of ``recording``."""
    moving = lifelike(recording, rng).heading(rng.uniform(-180, 180))
    body = Body.build(assets, Shape.random(rng))
    person = replay(moving, body)
    points = np.full((len(person), len(MEDIAPIPE33), 3), np.nan)
    shared = [name for name in TRUTH_POINTS if name in MEDIAPIPE33.joints]
    columns = [TRUTH_POINTS.index(name) for name in shared]
    points[:, MEDIAPIPE33.indices(*shared)] = person.points[:, columns]
    sure = np.isfinite(points[..., 0]).astype(float)
    pose = PoseSequence(points, sure, Timeline(len(person), person.fps), MEDIAPIPE33)
    true = marker_points(person.posed)
    return Example(markers_of(pose), true, body.height_m, mass_kg(body))


def fit(seen: Sequence[Example]) -> dict[str, Places]:
    """The places of all segments; the left side counts as another right one."""
    rows: dict[str, list[tuple[Floats, Floats]]] = {segment: [] for segment in ORIGINS}
    for one in seen:
        for segment, features, places in _observations(one):
            rows[segment].append((features, places))
    stacked = {
        s: [np.concatenate(part) for part in zip(*r, strict=True)] for s, r in rows.items()
    }
    return {s: Places.fit(*parts, ridge=RIDGE) for s, parts in stacked.items()}


def error_mm(seen: Sequence[Example], augmenter: Augmenter) -> Floats:
    """(43,) mean distance between augmented and true markers. Raises CheckpointError."""
    errors = []
    for one in seen:
        found = augment(
            one.given, height_m=one.height_m, mass_kg=one.mass_kg, augmenter=augmenter
        )
        off = found.select(MARKERS43).positions - one.true
        errors.append(np.linalg.norm(off, axis=2))
    return np.asarray(1000 * np.concatenate(errors).mean(axis=0))


def mass_kg(body: Body) -> float:
    """From the volume that its skin encloses (divergence theorem)."""
    skin = body.triangles[(body.triangles < SKIN_VERTICES).all(axis=1)]
    a, b, c = np.moveaxis(body.vertices[skin], 1, 0)
    return float(abs((a * np.cross(b, c)).sum()) / 6 * DENSITY_KG_M3)


def _recordings(rng: np.random.Generator, clips: list[Clip]) -> Iterator[Recording]:
    while True:
        if rng.random() < EXERCISES:
            yield exercise(rng, seconds=SECONDS, fps=FPS)
            continue
        try:
            yield stretch(rng, draw(rng, clips), seconds=SECONDS)
        except SourceError:
            continue  # a recording that is unfit says so; there are others


def _observations(one: Example) -> Iterator[tuple[str, Floats, Floats]]:
    """Segment, features (T, F) and places (T, M, 3) in body heights, of both sides."""
    columns = MARKERS43.indices(*(other_side(name) for name in MARKERS43.joints))
    mirrored = one.true[:, columns] * [-1, 1, 1]
    both = ((one.given, one.true), (mirror_image(one.given), mirrored))
    for given, true in both:
        frames = segment_frames(given)
        features = features_of(frames, height_m=one.height_m, mass_kg=one.mass_kg)
        for segment, origins in ORIGINS.items():
            start = np.stack([given.joint(origin) for origin in origins.values()], axis=1)
            offsets = true[:, MARKERS43.indices(*origins)] - start
            yield segment, features[segment], offsets @ frames[segment] / one.height_m


def _of_side(clips: Sequence[Clip], side: Side) -> list[Clip]:
    return [clip for clip in clips if split_of(clip.subject) == side]


def main(arguments: list[str] | None = None) -> int:
    """Fit, and print what it came to; 0, or the exit code of what went wrong."""
    parser = parser_of(__doc__, "body", "mocap", "opensim")
    parser.add_argument("--bodies", type=int, default=BODIES)
    return exit_code("train.fit_markers", parser, _fit, arguments)


def _fit(options: argparse.Namespace) -> None:
    assets = Assets.load(options.body)
    clips = catalogue(options.mocap, options.opensim)
    seen = examples(assets, _of_side(clips, "train"), count=options.bodies, seed=0)
    save_places(fit(seen), PLACES_FILE)
    held_out = examples(assets, _of_side(clips, "validation"), count=VALIDATION_BODIES, seed=1)
    table = {"regression": error_mm(held_out, "regression")}
    try:
        table["lstm"] = error_mm(held_out, "lstm")
    except CheckpointError as missing:
        print(missing)
    print(f"| marker | {' | '.join(table)} |\n|---|{'---|' * len(table)}")
    for name, *errors in zip(("mean", *MARKERS43.joints), *_with_mean(table), strict=True):
        print(f"| {name} | {' | '.join(f'{error:.1f} mm' for error in errors)} |")


def _with_mean(table: dict[str, Floats]) -> list[Floats]:
    return [np.concatenate([[errors.mean()], errors]) for errors in table.values()]


if __name__ == "__main__":
    sys.exit(main())
