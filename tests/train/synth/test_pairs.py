"""Rendered pairs: drawn from the seed alone, whole or absent, and true."""

import os
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from humanpose.errors import OutputError
from humanpose.geometry import unit
from humanpose.skeleton import ANGLE_NAMES, COCO17, MEDIAPIPE33
from tests.support.places import ROOT
from tests.support.unpacked import unpack
from train.convert.errors import SourceError
from train.recordings.pairs import Pair, read_pairs
from train.recordings.splits import split_of
from train.synth.motion.sources import catalogue, draw, stretch
from train.synth.pairs import Budget, Recipe, make_pairs
from train.synth.take import Take, film, plan

SECONDS = 0.4
Shard = dict[str, NDArray[np.generic]]


@pytest.fixture(scope="module")
def recipe(tmp_path_factory: pytest.TempPathFactory) -> Recipe:
    """Two recordings: a walk from CMU and a squat from OpenSim; short shards of two."""
    body = unpack("body", tmp_path_factory.mktemp("body"))
    mocap = unpack("mocap", tmp_path_factory.mktemp("mocap"), "/02_01.amc", "/02.asf")
    opensim = unpack("opensim", tmp_path_factory.mktemp("opensim"), "Expert1/squats1.mot")
    (mesh,) = body.rglob("base.obj")
    return Recipe(mesh.parent, mocap, opensim, seconds=SECONDS, shard_sequences=2)


@pytest.fixture(scope="module")
def finished(recipe: Recipe, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with two shards, made without an interruption."""
    folder = tmp_path_factory.mktemp("finished")
    make_pairs(recipe, folder, Budget(shards=2), workers=1)
    return folder


@pytest.fixture(scope="module")
def pairs(finished: Path) -> list[Pair]:
    return [pair for path in sorted(finished.glob("*.npz")) for pair in read_pairs(path)]


@pytest.fixture(scope="module")
def take(recipe: Recipe) -> Take:
    return plan(recipe.stock(), recipe.seed, 0, seconds=SECONDS)


def content(folder: Path) -> dict[str, Shard]:
    shards = {}
    for path in sorted(folder.glob("*.npz")):
        with np.load(path, allow_pickle=False) as shard:
            shards[path.name] = {key: shard[key] for key in shard.files}
    return shards


def assert_same(one: dict[str, Shard], other: dict[str, Shard]) -> None:
    assert one.keys() == other.keys()
    for name, shard in one.items():
        assert shard.keys() == other[name].keys()
        for key, values in shard.items():
            np.testing.assert_array_equal(values, other[name][key], err_msg=f"{name} {key}")


def command(recipe: Recipe, out: Path, shards: int) -> list[str]:
    options = {
        "--body": recipe.body, "--mocap": recipe.mocap, "--opensim": recipe.opensim,
        "--out": out, "--seconds": SECONDS, "--shards": shards, "--sequences": 2,
    }  # fmt: skip
    words = [str(word) for pair in options.items() for word in pair]
    return [sys.executable, "-m", "train.synth", "pairs", *words]


def test_a_run_that_is_killed_goes_on_with_more_workers_and_ends_as_one_that_was_not(
    recipe: Recipe, finished: Path, tmp_path: Path
) -> None:
    out = tmp_path / "killed"
    environment = os.environ | {"OMP_NUM_THREADS": "1"}
    run = subprocess.Popen(command(recipe, out, 2), cwd=ROOT, env=environment)
    deadline = time.monotonic() + 120
    while not list(out.glob("shard-*.npz")) and time.monotonic() < deadline:
        time.sleep(0.05)
    run.send_signal(signal.SIGKILL)
    assert run.wait() == -signal.SIGKILL
    (out / "shard-00001.npz.4711.part").write_bytes(b"half a shard")
    assert [path.name for path in out.glob("*.npz")] == ["shard-00000.npz"]
    make_pairs(recipe, out, Budget(shards=2), workers=2)
    assert_same(content(out), content(finished))
    assert not list(out.glob("*.part"))


def test_another_seed_does_not_mix_into_a_folder(recipe: Recipe, finished: Path) -> None:
    other = Recipe(**vars(recipe) | {"seed": 1})
    with pytest.raises(OutputError, match="choose another --out"):
        make_pairs(other, finished, Budget(shards=2), workers=1)


def test_no_shard_is_begun_after_the_deadline(recipe: Recipe, tmp_path: Path) -> None:
    make_pairs(recipe, tmp_path, Budget(deadline=time.monotonic()), workers=1)
    assert not list(tmp_path.glob("*.npz"))


def test_pairs_are_read_with_everything_that_is_true(pairs: list[Pair]) -> None:
    assert len(pairs) == 4
    for pair in pairs:
        frames = pair.landmarks.timeline.frames
        assert pair.joints.shape == (frames, 23, 3)
        assert pair.markers is not None
        assert pair.markers.shape == (frames, 43, 3)
        assert pair.angles.shape == (frames, len(ANGLE_NAMES))
        assert np.isfinite(pair.angles).all()
        assert pair.angles.std(axis=0).min() > 0.01
        assert split_of(f"{pair.source}|{pair.subject}") in ("train", "validation")
        np.testing.assert_allclose(np.linalg.norm(pair.up_camera, axis=-1), 1, atol=1e-5)


def test_shards_have_the_contracts_keys(finished: Path) -> None:
    shard = content(finished)["shard-00000.npz"]
    frames = len(shard["0/joint_angles"])
    for key, shape in {
        "corrupted": (17, 3), "ground_truth": (17, 3), "visibility": (17,), "pose_2d": (17, 2),
        "projected_2d": (17, 2), "camera_R": (3, 3), "gt_scale": (), "joint_angles": (36,),
    }.items():  # fmt: skip
        assert shard[f"0/{key}"].shape == (frames, *shape), key
    truth = shard["0/ground_truth"]
    np.testing.assert_allclose(truth[:, 11:13].mean(axis=1), 0, atol=1e-5)
    assert not any(values.dtype == object for values in shard.values())


def test_the_detector_sees_the_person_where_the_truth_is(pairs: list[Pair]) -> None:
    columns = MEDIAPIPE33.indices(*COCO17.joints)
    errors = []
    for pair in pairs:
        truth = pair.joints[:, :17]
        centre = (np.array(pair.landmarks.image_size) - 1) / 2
        pixels = pair.focal_px * truth[..., :2] / truth[..., 2:] + centre
        torso = np.linalg.norm(pixels[:, 5] - pixels[:, 11], axis=1)
        away = np.linalg.norm(pair.landmarks.pixels[:, columns] - pixels, axis=2)
        errors.append(np.nanmedian(away / torso[:, None]))
    assert np.median(errors) < 0.2


def test_true_markers_of_a_moving_camera_stand_still_in_the_world(pairs: list[Pair]) -> None:
    for pair in pairs:
        markers = pair.true_markers()
        up = np.array([0.0, 1.0, 0.0])
        torso = unit(markers.joint("Neck") - markers.joint("Hip"))
        assert np.median(torso @ up) > 0.4  # who squats leans forward by 61°
        lowest = np.minimum(markers.joint("RHeel")[:, 1], markers.joint("LHeel")[:, 1])
        assert np.ptp(lowest) < 0.12


def test_a_sequence_depends_on_its_number_alone(recipe: Recipe, take: Take) -> None:
    stock = recipe.stock()
    plan(stock, recipe.seed, 5, seconds=SECONDS)
    again = plan(stock, recipe.seed, 0, seconds=SECONDS)
    np.testing.assert_array_equal(take.person.points, again.person.points)
    for a, b in zip(film(take, [0, 1]), film(again, [0, 1]), strict=True):
        np.testing.assert_array_equal(a, b)
    other = plan(stock, recipe.seed, 1, seconds=SECONDS)
    assert other.lens != take.lens
    assert other.outfit != take.outfit
    assert other.shape != take.shape


def test_subjects_are_drawn_by_the_root_of_their_clips(recipe: Recipe) -> None:
    clips = catalogue(recipe.mocap, recipe.opensim)
    rng = np.random.default_rng(0)
    subjects = Counter(draw(rng, clips).subject for _ in range(400))
    assert set(subjects) == {"cmu|02", "opensim|addbiomechanics_Expert1"}
    assert 150 < subjects["cmu|02"] < 250


def test_sequences_have_30_or_60_frames_a_second(recipe: Recipe) -> None:
    stock = recipe.stock()
    rates = Counter(plan(stock, 0, index, seconds=0.9).person.fps for index in range(10))
    assert set(rates) == {30, 60}
    assert rates[30] > rates[60]


def test_a_recording_is_filmed_no_faster_than_it_was_made(recipe: Recipe) -> None:
    (walk, squat) = catalogue(recipe.mocap, recipe.opensim)
    assert (walk.kind, squat.kind) == ("asf", "mot")
    for clip in (walk, squat):  # of 120 and 100 frames/s
        made = stretch(np.random.default_rng(0), clip, seconds=0.5, fps=60)
        assert made.fps == 60
        assert abs(len(made) - 30) <= 1
        assert stretch(np.random.default_rng(0), clip, seconds=0.5, fps=240).fps == 30


def test_who_only_tests_is_filmed_on_request(recipe: Recipe, tmp_path: Path) -> None:
    for name in ("02_01.amc", "03_01.amc"):
        (tmp_path / name).touch()

    def filmed(**change: object) -> set[str]:
        changed = Recipe(**vars(recipe) | {"mocap": tmp_path, "opensim": tmp_path} | change)
        return {clip.subject for clip in changed.stock().clips}

    assert filmed() == {"cmu|02"}
    assert filmed(test_people=True) == {"cmu|02", "cmu|03"}
    (tmp_path / "02_01.amc").unlink()
    with pytest.raises(SourceError, match="--test-people"):
        filmed()


def test_folders_without_recordings_are_refused(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="unpack"):
        catalogue(tmp_path, tmp_path)


def test_pictures_have_a_person_on_the_backdrop_and_differ_over_time(take: Take) -> None:
    first, last = film(take, [0, len(take.person) - 1])
    width, height = take.cameras[0].size
    assert first.shape == (height, width, 3)
    assert first.std() > 8
    assert np.abs(first.astype(int) - last).max() > 40
