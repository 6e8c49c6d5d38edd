"""A detector for tests that finds painted people: upright blocks of one colour on black."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.ndimage import find_objects, label

from humanpose.detection.people import Image, Person, Region
from humanpose.sequence import Floats
from humanpose.skeleton import MEDIAPIPE33
from tests.support.synthetic import synthetic_analysis

Colour = tuple[int, int, int]
RED, BLUE, GREEN = (200, 30, 30), (30, 30, 200), (30, 160, 30)
WIDTH, HEIGHT = 640, 360


@dataclass(frozen=True)
class Block:
    """A painted person; ``x`` and ``y`` are the centre, all in px."""

    x: float
    height: float = 120
    colour: Colour = RED
    y: float = HEIGHT / 2


def painted(*blocks: Block) -> Image:
    """(360, 640, 3) RGB; later blocks hide earlier ones."""
    image = np.zeros((HEIGHT, WIDTH, 3), np.uint8)
    for block in blocks:
        tall, wide = block.height / 2, block.height / 6
        rows = slice(max(0, round(block.y - tall)), max(0, round(block.y + tall)))
        columns = slice(max(0, round(block.x - wide)), max(0, round(block.x + wide)))
        image[rows, columns] = block.colour
    return image


STANDING = np.asarray(0.93 * synthetic_analysis(1).landmarks.world[0])
"""(33, 3) m, camera frame; as large as MediaPipe makes everybody."""


class PaintedPeople:
    """Sees a block that is at least a fifth as tall as the picture and mostly in view."""

    name = "painted people"
    trunk = 0.25
    """Length of the trunks that are reported, in body heights."""

    def __init__(self, *, things: Sequence[Colour] = ()) -> None:
        self.looks = 0
        self.things = things
        """Blocks of these colours only pass for people: their bones are short."""

    def regions(self, image: Image) -> list[Region]:
        self.looks += 1
        return [region for region in _blocks(image) if region.side / 1.4 > image.shape[0] / 5]

    def person(self, image: Image, region: Region) -> Person | None:
        self.looks += 1
        near = [block for block in _blocks(image) if region.distance(block) < 0.4]
        if not near:
            return None
        block = max(near, key=lambda block: block.side)
        return Person(
            pixels=_landmarks(block, self.trunk),
            world=STANDING * (0.7 if self._is_thing(image, block) else 1.0),
            visibility=np.ones(len(MEDIAPIPE33)),
            region=block,
        )

    def close(self) -> None:
        self.looks = -1

    def _is_thing(self, image: Image, block: Region) -> bool:
        colour = image[round(block.y), round(block.x)]
        return any(np.argmax(colour) == np.argmax(thing) for thing in self.things)


def _blocks(image: Image) -> list[Region]:
    regions = []
    for colour in (RED, BLUE, GREEN):
        mask = image[..., int(np.argmax(colour))] > max(colour) / 2  # also after coding
        for rows, columns in find_objects(label(mask)[0]):
            height, width = rows.stop - rows.start, columns.stop - columns.start
            if height > 1.5 * width:
                x, y = columns.start + (width - 1) / 2, rows.start + (height - 1) / 2
                regions.append(Region(x, y, 1.4 * height))
    return regions


def _landmarks(block: Region, trunk: float) -> Floats:
    height = block.side / 1.4
    pixels = np.tile([block.x, block.y], (len(MEDIAPIPE33), 1))
    for side, across in (("left", 0.05), ("right", -0.05)):
        for part, up in (("shoulder", trunk), ("hip", 0.0)):
            pixels[MEDIAPIPE33.index(f"{side}_{part}")] += np.array([across, -up]) * height
    return np.asarray(pixels)
