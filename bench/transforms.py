"""The same movement, filmed, cut, turned, timed or coded otherwise; and rooms with nobody in.

A transform takes the pictures of a clip and gives others, with the frame of the first that each
shows. Pictures are (H, W, 3) RGB.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Any

import cv2
import numpy as np

from bench.base import NOBODY, Base, Image, Made, even
from humanpose.camera import DEFAULT_FOV_DEG
from humanpose.skeleton import MEDIAPIPE33

Transform = Callable[[Base], Made]


def all_of(base: Base) -> Made:
    return Made(base.pictures, range(base.frames))


def each(change: Callable[[Image], Image]) -> Transform:
    """Every picture changed alike."""
    return lambda base: Made([change(p) for p in base.pictures], range(base.frames))


def mirrored(base: Base) -> Made:
    made = each(lambda picture: np.ascontiguousarray(picture[:, ::-1]))(base)
    return Made(made.pictures, made.shows, mirrored=True)


def quarter_turned(base: Base) -> Made:
    """Lying in the file, with the turn in its header, as phones write it."""
    pictures = [np.ascontiguousarray(np.rot90(p)) for p in base.pictures]
    return Made(
        pictures, range(base.frames), setup=lambda stream: stream.set_display_rotation(-90)
    )


def uneven(base: Base) -> Made:
    """A quarter of the frames dropped here and there, the others at their true times."""
    kept = np.flatnonzero(np.random.default_rng(5).random(base.frames) > 0.25)
    kept = np.union1d(kept, [0, base.frames - 1])
    return Made(
        [base.pictures[i] for i in kept], kept.tolist(), times_s=(kept / base.fps).tolist()
    )


def slow_motion(base: Base) -> Made:
    """Played at a quarter of its speed; the capture rate is given."""
    return Made(
        base.pictures, range(base.frames), rate=base.fps / 4, settings={"fps": base.fps}
    )


def trimmed(*, start_share: float, end_share: float) -> Transform:
    """Analysed from and to a share of the clip."""

    def made(base: Base) -> Made:
        first, last = (round(share * base.frames) for share in (start_share, end_share))
        settings = {"start_s": first / base.fps, "end_s": last / base.fps}
        return Made(base.pictures, range(base.frames), settings=settings)

    return made


def cut_below(part: str, *, outside: tuple[str, ...]) -> Transform:
    """The picture ends above the highest place of a part; the lens stays as it was."""
    return lambda base: _cropped(base, slice(0, max(64, int(base.level_px(part)) - 4)), outside)


def cut_above(share: float, *, outside: tuple[str, ...] = ()) -> Transform:
    """The picture begins at a share of the way from the nose down to the hips."""

    def made(base: Base) -> Made:
        nose = float(np.nanmedian(base.seen.pixels[:, MEDIAPIPE33.index("nose"), 1]))
        top = int(nose + share * (base.level_px("hip") - nose))
        return _cropped(base, slice(top, None), outside)

    return made


def _cropped(base: Base, rows: slice, outside: tuple[str, ...]) -> Made:
    pictures = [np.ascontiguousarray(p[rows]) for p in base.pictures]
    lens = _same_lens(base, pictures[0])
    return Made(even(pictures), range(base.frames), settings=lens, outside=outside)


def _same_lens(base: Base, picture: Image) -> dict[str, float]:
    """The field of view of a larger or smaller picture by the same lens."""
    half = np.tan(np.radians(DEFAULT_FOV_DEG / 2)) * max(picture.shape[:2]) / max(base.size)
    return {"fov_deg": float(2 * np.degrees(np.arctan(half)))}


def narrow_pixels(base: Base) -> Made:
    """Half as many columns, each pixel twice as wide."""
    height, width = base.size
    size = width // 4 * 2, height
    pictures = [
        np.asarray(cv2.resize(p, size, interpolation=cv2.INTER_AREA), dtype=np.uint8)
        for p in base.pictures
    ]

    def wide(stream: Any) -> None:
        stream.codec_context.sample_aspect_ratio = Fraction(2, 1)

    return Made(pictures, range(base.frames), setup=wide)


def black(*, start_s: float, length_s: float) -> Transform:
    """Nothing is seen for a while."""

    def made(base: Base) -> Made:
        gap = range(round(start_s * base.fps), round((start_s + length_s) * base.fps))
        pictures = [np.zeros_like(p) if i in gap else p for i, p in enumerate(base.pictures)]
        return Made(pictures, [NOBODY if i in gap else i for i in range(base.frames)])

    return made


def walks_in(base: Base) -> Made:
    """Nobody for a second, then the person."""
    empty = [emptied(base)] * round(base.fps)
    return Made([*empty, *base.pictures], [NOBODY] * len(empty) + list(range(base.frames)))


def walks_out(base: Base) -> Made:
    """The person, then nobody for a second."""
    empty = [emptied(base)] * round(base.fps)
    return Made([*base.pictures, *empty], list(range(base.frames)) + [NOBODY] * len(empty))


def emptied(base: Base) -> Image:
    """The room without the person, painted over from around (Telea 2004)."""
    points = base.seen.pixels[base.seen.detected].reshape(-1, 2)
    low, high = np.nanmin(points, axis=0), np.nanmax(points, axis=0)
    margin = 0.12 * (high - low)
    scale = 160 / max(base.size)
    small = cv2.resize(base.pictures[0], None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    mask = np.zeros(small.shape[:2], dtype=np.uint8)
    (left, top), (right, bottom) = (
        np.maximum(corner * scale, 0).astype(int) for corner in (low - margin, high + margin)
    )
    mask[top : bottom + 1, left : right + 1] = 255
    painted = cv2.inpaint(small, mask, 3, cv2.INPAINT_TELEA)
    height, width = base.size
    whole = cv2.resize(painted, (width, height), interpolation=cv2.INTER_CUBIC)
    hole = cv2.resize(mask, (width, height), interpolation=cv2.INTER_NEAREST)[..., None] > 0
    return np.asarray(np.where(hole, whole, base.pictures[0]), dtype=np.uint8)


def rolled(degrees: float) -> Transform:
    """As if the camera were not level."""

    def turn(picture: Image) -> Image:
        height, width, _ = picture.shape
        about = cv2.getRotationMatrix2D((width / 2, height / 2), degrees, 1.0)
        return np.asarray(
            cv2.warpAffine(picture, about, (width, height), borderMode=cv2.BORDER_REPLICATE),
            dtype=np.uint8,
        )

    return each(turn)


def scaled(factor: float) -> Transform:
    def resize(picture: Image) -> Image:
        size = [int(side * factor) // 2 * 2 for side in picture.shape[1::-1]]
        return np.asarray(cv2.resize(picture, size, interpolation=cv2.INTER_AREA), np.uint8)

    return each(resize)


def padded(base: Base) -> Made:
    """Black bars at both sides, as editors add them; the lens's focal length stays."""
    bar = base.size[1] // 4
    pictures = [np.pad(p, ((0, 0), (bar, bar), (0, 0))) for p in base.pictures]
    return Made(even(pictures), range(base.frames), settings=_same_lens(base, pictures[0]))


def darker(picture: Image) -> Image:
    return np.asarray(picture * 0.5, dtype=np.uint8)


def noisy(picture: Image) -> Image:
    noise = np.random.default_rng(int(picture[::97, ::89].sum())).normal(0, 8, picture.shape)
    return np.asarray(np.clip(picture + noise, 0, 255), dtype=np.uint8)


TRANSFORMS: Mapping[str, Transform] = {
    "mirrored": mirrored,
    "turned by the header": quarter_turned,
    "uneven times": uneven,
    "slow motion": slow_motion,
    "trimmed at the start": trimmed(start_share=0.2, end_share=1.0),
    "trimmed at both ends": trimmed(start_share=0.15, end_share=0.85),
    "cut below the ankles": cut_below("ankle", outside=("knee", "ankle")),
    "cut below the knees": cut_below("knee", outside=("knee", "ankle", "hip")),
    "cut below the hips": cut_below(
        "hip", outside=("knee", "ankle", "hip", "pelvis", "lumbar")
    ),
    "cut above the neck": cut_above(0.25),
    "cut above the chest": cut_above(0.6, outside=("arm",)),
    "wide pixels": narrow_pixels,
    "black at the start": black(start_s=0.0, length_s=0.3),
    "black in the middle": black(start_s=1.0, length_s=0.3),
    "walks in": walks_in,
    "walks out": walks_out,
    "rolled by 3°": rolled(3.0),
    "rolled by -8°": rolled(-8.0),
    "half the size": scaled(0.5),
    "bars at the sides": padded,
    "darker": each(darker),
    "noisy": each(noisy),
}


def rooms(bases: Sequence[Base]) -> Iterator[tuple[str, list[Image]]]:
    """Pictures of scenes without anybody: the bases' rooms, and painted ones."""
    for base in bases:
        yield f"{base.name}, emptied", [emptied(base)] * 60
    rng = np.random.default_rng(3)
    grey = np.full((360, 640, 3), 128, dtype=np.uint8)
    yield "a plain wall", [grey] * 60
    yield "noise", [rng.integers(0, 255, grey.shape, dtype=np.uint8) for _ in range(60)]
    ramp = np.linspace(20, 230, 640)[None, :, None] + np.zeros((360, 1, 3))
    yield "a gradient", [ramp.astype(np.uint8)] * 60
    furniture = grey.copy()
    for left in (60, 250, 430):
        cv2.rectangle(furniture, (left, 120), (left + 90, 330), (90, 60, 30), -1)
        cv2.rectangle(furniture, (left + 20, 60), (left + 70, 120), (200, 180, 150), -1)
    yield "drawn furniture", [furniture] * 60
