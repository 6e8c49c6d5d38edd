"""One rendered sequence, drawn from (seed, index) alone: who does what, where, filmed how."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from train.convert.errors import SourceError
from train.synth.body.body import Body, PosedBody
from train.synth.body.makehuman import Assets, Floats, Shape
from train.synth.body.wardrobe import LONG_HAIR, SKIRT, Outfit, dress
from train.synth.motion.perform import Performance
from train.synth.motion.replay import replay
from train.synth.motion.retarget import Recording, lifelike
from train.synth.motion.sources import Clip, draw, stretch
from train.synth.scene.aim import cameras
from train.synth.scene.backdrop import Ground, backdrop, in_the_way
from train.synth.scene.camera import Camera
from train.synth.scene.framing import any_framing
from train.synth.scene.lens import Lens
from train.synth.scene.render import Image, Look, Studio
from train.synth.scene.room import Panel

OCCLUDED = 0.3
"""Share of the sequences with something between camera and person."""
RATES = {30.0: 2 / 3, 60.0: 1 / 3}
"""Frames/s -> share of the sequences; so each rate has half of the frames."""
SUBFRAMES = 4
"""Pictures that are averaged where the shutter blurs."""
_TRIES = 20


@dataclass(frozen=True, eq=False)
class Stock:
    """What sequences are drawn from."""

    assets: Assets
    clips: Sequence[Clip]
    photographs: Sequence[Path] = ()


@dataclass(frozen=True, eq=False)
class Take:
    """A sequence ready to be filmed. T frames."""

    clip: Clip
    index: int
    shape: Shape
    person: Performance
    outfit: Outfit
    cameras: list[Camera]
    """T of them."""
    panels: list[Panel]
    look: Look
    lens: Lens


def plan(stock: Stock, seed: int, index: int, *, seconds: float) -> Take:
    """The sequence ``index`` of the run ``seed``, whatever was drawn before it."""
    rng = np.random.default_rng([seed, index])
    clip, recording = _any_recording(rng, list(stock.clips), seconds)
    return staged(stock, clip, recording, rng, index=index)


def staged(
    stock: Stock, clip: Clip, recording: Recording, rng: np.random.Generator, *, index: int
) -> Take:
    """The recording done by somebody, somewhere, filmed somehow."""
    recording = lifelike(recording, rng).heading(rng.uniform(-180, 180))
    shape, outfit = Shape.random(rng), Outfit.random(rng)
    body = Body.build(stock.assets, shape, _worn(rng, shape))
    person = replay(recording, body)
    middle = person.points[len(person) // 2, 11:13].mean(axis=0) * [1, 0, 1]
    person = person.moved([0, outfit.shoes.sole_m, 0] - middle)
    track = cameras(rng, any_framing(rng), person.points, body.height_m, fps=person.fps)
    half = track[len(track) // 2]
    ground = Ground.around(
        np.concatenate([person.points.reshape(-1, 3), [c.position for c in track]])
    )
    panels = backdrop(rng, ground, list(stock.photographs))
    if rng.random() < OCCLUDED:
        panels.append(in_the_way(rng, half.position, np.zeros(3), body.height_m))
    return Take(clip, index, shape, person, outfit, track, panels, _look(rng), Lens.random(rng))


def film(take: Take, frames: Sequence[int] | None = None) -> Iterator[Image]:
    """The pictures (H, W, 3) as the camera's file shows them: of all frames, or some."""
    chosen = range(len(take.person)) if frames is None else frames
    yield from take.lens.seen(_drawn(take, chosen), np.random.default_rng(take.index))


def _any_recording(
    rng: np.random.Generator, clips: list[Clip], seconds: float
) -> tuple[Clip, Recording]:
    fps = rng.choice(list(RATES), p=list(RATES.values()))
    for _ in range(_TRIES):
        clip = draw(rng, clips)
        try:
            return clip, stretch(rng, clip, seconds=seconds, fps=float(fps))
        except SourceError:
            continue
    raise SourceError("no recording can be used; check the folders of recordings")


def _worn(rng: np.random.Generator, shape: Shape) -> tuple[str, ...]:
    """Helper meshes: some women wear a skirt, some have long hair."""
    draws = rng.random(2)
    if shape.gender == "male":
        return ()
    return (SKIRT,) * bool(draws[0] < 0.3) + (LONG_HAIR,) * bool(draws[1] < 0.5)


def _look(rng: np.random.Generator) -> Look:
    height, around = np.radians(rng.uniform(30, 75)), np.radians(rng.uniform(-110, 110))
    to_light = (
        np.cos(height) * np.sin(around),
        np.sin(height),
        np.cos(height) * np.cos(around),
    )
    return Look(
        to_light=tuple(float(x) for x in to_light),
        key=rng.uniform(0.4, 0.95),
        fill=rng.uniform(0.15, 0.5),
        shade=rng.uniform(0.2, 0.65),
        multisamples=0,
        shadow_half_m=2.5,
        shadow_cells=128,
        follows=True,
        farthest_m=130.0,
    )


def _drawn(take: Take, frames: Sequence[int]) -> Iterator[Image]:
    dressed, colours = dress(take.person.posed.body, take.outfit)
    studio = Studio(take.cameras[0], take.panels, take.look)
    studio.add(dressed, colours)
    posed = replace(take.person.posed, body=dressed)
    for frame in frames:
        studio.aim(take.cameras[frame])
        yield _exposed(studio, posed, frame, take.lens.exposure)


def _exposed(studio: Studio, posed: PosedBody, frame: int, exposure: float) -> Image:
    """The mean of pictures over the time that the shutter is open, about the frame's time."""
    now = posed.vertices(frame)
    if exposure == 0:
        return studio.draw([now])
    pictures = [
        studio.draw([_between(posed, frame, now, share)])
        for share in np.linspace(-exposure / 2, exposure / 2, SUBFRAMES)
    ]
    return np.mean(pictures, axis=0).astype(np.uint8)


def _between(posed: PosedBody, frame: int, now: Floats, share: float) -> Floats:
    """(V, 3) the mesh a share of a frame later, or earlier."""
    other = int(np.clip(frame + np.sign(share), 0, len(posed) - 1))
    return now + abs(share) * (posed.vertices(other) - now)
