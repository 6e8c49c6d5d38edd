"""Files of every kind that is read here, whole ones to start from, and ways to spoil them."""

import io
import json
import re
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

import numpy as np

from bench.mocap_files import write_amc, write_bvh, write_expmap
from humanpose.batch.subjects import read_subjects
from humanpose.detection.detect import detect
from humanpose.detection.people import Image, Person, Region
from humanpose.errors import HumanPoseError
from humanpose.io.bundle import SUFFIX, open_bundle, save_bundle
from humanpose.io.folder import TEXT_FILES, load_analysis, save_analysis
from humanpose.pipeline import compute
from humanpose.pof.inference import CameraPOFInference
from humanpose.report.remarks import Remarks, to_json
from humanpose.settings import RAW, Settings
from humanpose.skeleton import MEDIAPIPE33
from humanpose.video import probe
from tests.support.clips import numbered, options, write_clip
from tests.support.networks import standing_network
from tests.support.synthetic import synthetic_analysis
from train.convert import asf, bvh, expmap, mot, trc

Reader = Callable[[Path], object]
Mutation = Callable[[bytes, Random], bytes]

SETTINGS = Settings(height_m=1.7, augmentation_cycles=0, max_minutes=1, **RAW)
_HEADER_BYTES = 4096
_LIES = (0, 1, 0x7FFF_FFFF, 0x8000_0000, 0xFFFF_FFFF, 0xFFFF, 0x0001_0000)
_BOXES = re.compile(
    rb"mvhd|tkhd|mdhd|stts|ctts|stsz|stsc|stco|stss|elst|avc1|avcC|mp4v|avih|strh"
)
_ODD_NUMBERS = ("nan", "inf", "-1", "0", "1e308", "-1e308", "99999999999", "0x10", "", "1.5.2")


@dataclass(frozen=True)
class Material:
    """A file that is fine, and what reads it."""

    path: Path
    read: Reader
    is_text: bool


_STANDING = synthetic_analysis(1).landmarks


class Statue:
    """A detector that sees the same standing person in every picture, whatever is in it."""

    name = "statue"

    def regions(self, image: Image) -> list[Region]:
        height, width = image.shape[:2]
        return [Region(width / 2, height / 2, 1.2 * height)]

    def person(self, image: Image, region: Region) -> Person:
        height, width = image.shape[:2]
        scale = np.array([width, height]) / np.array(_STANDING.image_size)
        return Person(
            pixels=_STANDING.pixels[0] * scale,
            world=_STANDING.world[0],
            visibility=np.full(len(MEDIAPIPE33), 0.9),
            region=region,
        )

    def close(self) -> None:
        """There is nothing to close."""


def read_clip(path: Path) -> None:
    """All of the pipeline but the detector; the result must have the frames of its timeline."""
    info = probe(path)
    detection = detect(info, SETTINGS, detector=Statue())
    analysis = compute(info, detection, SETTINGS)
    if len(analysis.angles) != analysis.timeline.frames:
        raise AssertionError("frames and timeline differ")


def materials(folder: Path) -> list[Material]:
    """One file of each kind, written into ``folder``."""
    return [*_clips(folder), *_analysis_files(folder), *_motion_files(folder), *_others(folder)]


def _clips(folder: Path) -> Iterator[Material]:
    for name, codec, setup in (
        ("clip.mp4", "libx264", options(g="10", bf="2")),
        ("clip.mov", "mpeg4", None),
        ("clip.mkv", "libx264", None),
        ("clip.avi", "mpeg4", None),
        ("clip.webm", "libvpx-vp9", options(deadline="realtime", **{"cpu-used": "8"})),
        ("clip.ts", "libx264", options(g="10")),
    ):
        path = write_clip(folder / name, numbered(20), codec=codec, setup=setup)
        yield Material(path, read_clip, is_text=False)


def _analysis_files(folder: Path) -> Iterator[Material]:
    saved = save_analysis(synthetic_analysis(12), folder)
    for name in ("analysis.npz", "analysis.json", "landmarks.csv", "pose.trc", "pose_raw.trc"):
        yield Material(
            saved / name, lambda path: load_analysis(path.parent), is_text=name in TEXT_FILES
        )
    yield Material(saved / "angles.mot", _all_of(mot.read), is_text=True)
    clip = write_clip(folder / "playback.mp4", numbered(12))
    remarks = folder / "remarks.json"
    remarks.write_text(json.dumps(to_json(Remarks(notes="Second try."))))
    bundle = save_bundle(saved, folder / f"squat{SUFFIX}", clip=clip, remarks=remarks)
    yield Material(bundle, _open_received, is_text=False)


def _open_received(path: Path) -> None:
    """As the app opens what a visitor drops; nothing may be left of what is refused."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        try:
            open_bundle(
                path, folder / "result", clip_to=folder / "c.mp4", remarks_to=folder / "r.json"
            )
        except HumanPoseError:
            if any(file.is_file() for file in folder.rglob("*")):
                raise AssertionError("half a result was left") from None
            raise


def _motion_files(folder: Path) -> Iterator[Material]:
    analysis = synthetic_analysis(12)
    markers = folder / "markers.trc"
    with markers.open("w", encoding="utf-8") as stream:
        TEXT_FILES["pose.trc"](analysis, stream)
    yield Material(markers, _all_of(trc.read), is_text=True)
    yield Material(write_bvh(folder / "walk.bvh"), _all_of(bvh.read), is_text=True)
    amc = write_amc(folder / "asf" / "01_01.amc")
    yield Material(amc, _all_of(asf.read), is_text=True)
    skeleton = amc.with_name("01.asf")
    yield Material(skeleton, lambda path: _all_of(asf.read)(amc), is_text=True)
    yield Material(write_expmap(folder / "walk_1.txt"), _all_of(expmap.read), is_text=True)


def _others(folder: Path) -> Iterator[Material]:
    model = standing_network(folder / "model.pth")
    yield Material(model, CameraPOFInference, is_text=False)
    subjects = folder / "subjects.csv"
    subjects.write_text("clip,subject,height,mass\na.mp4,Ann,1.61,55\nb.mp4,Bo,1.82,\n")
    yield Material(subjects, read_subjects, is_text=True)


def _all_of(read: Callable[[Path], Iterator[object]]) -> Reader:
    return lambda path: list(read(path))


def mutations(material: Material) -> dict[str, Mutation]:
    """Ways to spoil a file, by name."""
    ways: dict[str, Mutation] = {
        "one bit": partial(_flip, count=1),
        "20 bits": partial(_flip, count=20),
        "cut off": _cut,
        "a stretch zeroed": _zero,
        "a stretch twice": _repeat,
    }
    if material.is_text:
        return ways | {"an odd number": _odd_number, "a line gone": _drop_line, "noise": _noise}
    ways |= {"a lie in the header": _lie, "a lie in a field": _lie_in_field, "noise": _noise}
    is_archive = zipfile.is_zipfile(material.path)
    return ways | {"a file inside spoilt": _spoil_inside} if is_archive else ways


def _flip(content: bytes, chance: Random, *, count: int = 1) -> bytes:
    spoilt = bytearray(content)
    for _ in range(count):
        spoilt[chance.randrange(len(spoilt))] ^= 1 << chance.randrange(8)
    return bytes(spoilt)


def _cut(content: bytes, chance: Random) -> bytes:
    return content[: chance.randrange(len(content))]


def _stretch(content: bytes, chance: Random) -> slice:
    start = chance.randrange(len(content))
    return slice(start, start + chance.randrange(1, 1 + len(content) // 4))


def _zero(content: bytes, chance: Random) -> bytes:
    spoilt = bytearray(content)
    part = _stretch(content, chance)
    spoilt[part] = bytes(len(spoilt[part]))
    return bytes(spoilt)


def _repeat(content: bytes, chance: Random) -> bytes:
    part = _stretch(content, chance)
    return content[: part.start] + content[part] * 2 + content[part.stop :]


def _noise(content: bytes, chance: Random) -> bytes:
    return content[: chance.randrange(64)] + chance.randbytes(len(content))


def _lie(content: bytes, chance: Random) -> bytes:
    """Another number in the first kilobytes, where sizes, counts, rates and lengths stand."""
    spoilt = bytearray(content)
    for _ in range(chance.randint(1, 3)):
        place = chance.randrange(min(_HEADER_BYTES, len(spoilt) - 4))
        order = chance.choice(("big", "little"))
        spoilt[place : place + 4] = chance.choice(_LIES).to_bytes(4, order)  # type: ignore[arg-type]
    return bytes(spoilt)


def _lie_in_field(content: bytes, chance: Random) -> bytes:
    """Another number just behind the name of a box that holds rates, lengths, sizes, counts."""
    boxes = list(_BOXES.finditer(content))
    if not boxes:
        return _lie(content, chance)
    spoilt = bytearray(content)
    for box in chance.sample(boxes, k=min(len(boxes), chance.randint(1, 2))):
        place = min(box.end() + 4 * chance.randrange(10), len(spoilt) - 4)
        spoilt[place : place + 4] = chance.choice(_LIES).to_bytes(4, "big")
    return bytes(spoilt)


def _spoil_inside(content: bytes, chance: Random) -> bytes:
    """One file of an archive spoilt and packed anew, so that no checksum gives it away."""
    spoilt = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(spoilt, "w") as new:
        target = chance.choice([entry for entry in old.infolist() if entry.file_size > 4])
        spoil = chance.choice((_flip, _cut, _zero, _repeat, _odd_number, _drop_line, _noise))
        for entry in old.infolist():
            inside = old.read(entry)
            new.writestr(entry, spoil(inside, chance) if entry is target else inside)
    return spoilt.getvalue()


def _odd_number(content: bytes, chance: Random) -> bytes:
    numbers = list(re.finditer(rb"-?\d+(\.\d+)?", content))
    if not numbers:
        return content + b"nan"
    place = chance.choice(numbers[:60] if chance.random() < 0.5 else numbers)
    odd = chance.choice(_ODD_NUMBERS).encode()
    return content[: place.start()] + odd + content[place.end() :]


def _drop_line(content: bytes, chance: Random) -> bytes:
    lines = content.splitlines(keepends=True)
    del lines[chance.randrange(min(len(lines), 40))]
    return b"".join(lines)
