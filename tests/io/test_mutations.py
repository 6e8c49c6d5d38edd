"""Spoilt files: every reader reads them right or refuses them in one sentence.

The thousands are in ``python -m bench.mutations``; here is a quick part, always the same.
"""

import pickle
from collections.abc import Callable
from contextlib import suppress
from io import StringIO
from pathlib import Path
from random import Random

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bench.mutants import Material, materials, mutations, read_clip
from humanpose.errors import AnalysisError, HumanPoseError
from humanpose.io.folder import load_analysis
from humanpose.io.trc import read_trc
from tests.support.clips import numbered, write_clip

quick = settings(
    max_examples=60,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


@pytest.fixture(scope="module")
def stock(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Material]:
    """One whole file of every kind, by name."""
    found = materials(tmp_path_factory.mktemp("stock"))
    return {material.path.name: material for material in found}


def read_or_refused(material: Material, content: bytes) -> None:
    whole = material.path.read_bytes()
    material.path.write_bytes(content)
    sentence = ""
    try:
        material.read(material.path)
    except HumanPoseError as error:
        sentence = str(error)
    finally:
        material.path.write_bytes(whole)
    assert "\n" not in sentence


READ_HERE = (
    "analysis.npz", "analysis.json", "landmarks.csv", "pose.trc", "angles.mot", "markers.trc",
    "squat.humanpose", "walk.bvh", "01_01.amc", "01.asf", "walk_1.txt", "model.pth",
    "subjects.csv",
)  # fmt: skip


@pytest.mark.parametrize("name", READ_HERE)
def test_whole_files_are_read(stock: dict[str, Material], name: str) -> None:
    stock[name].read(stock[name].path)


@pytest.mark.parametrize("name", READ_HERE)
def test_spoilt_files_are_read_or_refused(stock: dict[str, Material], name: str) -> None:
    material = stock[name]
    ways = mutations(material)

    @quick
    @given(st.sampled_from(sorted(ways)), st.integers(0, 2**32))
    def spoil(way: str, seed: int) -> None:
        read_or_refused(material, ways[way](material.path.read_bytes(), Random(seed)))

    spoil()


@quick
@given(st.sampled_from(READ_HERE), st.binary(max_size=400) | st.text(max_size=200))
def test_whatever_calls_itself_so_is_refused(
    stock: dict[str, Material], name: str, content: bytes | str
) -> None:
    raw = content.encode("utf-8", "replace") if isinstance(content, str) else content
    read_or_refused(stock[name], raw)


@pytest.mark.parametrize("name", ["clip.mp4", "clip.mov", "clip.mkv", "clip.avi", "clip.webm"])
def test_spoilt_clips_are_read_or_refused(stock: dict[str, Material], name: str) -> None:
    material = stock[name]
    for number, (way, mutate) in enumerate(mutations(material).items()):
        chance = Random(f"{way} {number}")
        read_or_refused(material, mutate(material.path.read_bytes(), chance))


@pytest.mark.parametrize("rate", [0, 1, 0x7FFF_FFFF, 0x8000_0000, 0xFFFF_FFFF])
@pytest.mark.parametrize("box", [b"mvhd", b"mdhd", b"stts"])
def test_a_clip_that_lies_about_its_rate_is_read_or_refused(
    tmp_path: Path, box: bytes, rate: int
) -> None:
    clip = write_clip(tmp_path / "clip.mp4", numbered(10))
    content = bytearray(clip.read_bytes())
    start = content.index(box) + 4 + 12  # the time scale, or how long the first frame lasts
    content[start : start + 4] = rate.to_bytes(4, "big")
    clip.write_bytes(content)
    with suppress(HumanPoseError):
        read_clip(clip)


def test_markers_that_only_the_header_knows_cost_nothing(stock: dict[str, Material]) -> None:
    lines = stock["markers.trc"].path.read_text().splitlines(keepends=True)
    lines[2] = lines[2].replace("\t22\t", "\t99999999999\t")
    with pytest.raises(ValueError, match="expected 99999999999 markers"):
        read_trc(StringIO("".join(lines)))


class RunsCode:
    """Unpickling it leaves a file behind."""

    def __init__(self, mark: Path) -> None:
        self.mark = mark

    def __reduce__(self) -> tuple[Callable[..., object], tuple[object, ...]]:
        return Path.touch, (self.mark,)


def test_arrays_that_would_run_code_are_refused(
    stock: dict[str, Material], tmp_path: Path
) -> None:
    folder, mark = stock["analysis.npz"].path.parent, tmp_path / "mark"
    whole = (folder / "analysis.npz").read_bytes()
    with np.load(folder / "analysis.npz") as saved:
        arrays = {name: saved[name] for name in saved.files}
    arrays["angles"] = np.array([RunsCode(mark)], dtype=object)
    np.savez(folder / "analysis.npz", **arrays)
    with pytest.raises(AnalysisError, match="damaged"):
        load_analysis(folder)
    (folder / "analysis.npz").write_bytes(whole)
    assert not mark.exists()
    pickle.loads(pickle.dumps(RunsCode(mark)))
    assert mark.exists()
