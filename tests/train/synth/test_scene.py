"""What a rendered person is filmed with and in front of: backdrops, cameras, lenses."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from humanpose.sequence import Floats
from train.convert.errors import SourceError
from train.synth.scene.aim import cameras
from train.synth.scene.backdrop import Ground, backdrop, photographs_in
from train.synth.scene.camera import Camera
from train.synth.scene.framing import FRAMINGS, Framing, View, any_framing
from train.synth.scene.lens import Lens, through_codec

STANDING = np.stack(
    [np.tile([-0.25, 0.25], 12)[:23], np.linspace(0, 1.65, 23), np.zeros(23)], axis=1
)
"""(23, 3) points of somebody, from the soles up, left and right by turns."""


def in_picture(track: list[Camera], points: Floats) -> NDArray[np.bool_]:
    """(T, J) which points (T, J, 3) the cameras see."""
    pixels = np.array([c.project(c.to_camera(p)) for c, p in zip(track, points, strict=True)])
    return (pixels > 0).all(axis=2) & (pixels < np.array(track[0].size) - 1).all(axis=2)


# backdrops


def test_the_users_photographs_hang_on_the_walls(tmp_path: Path) -> None:
    picture = np.zeros((60, 90, 3), dtype=np.uint8)
    picture[..., 0] = 250  # red
    Image.fromarray(picture).save(tmp_path / "wall.png")
    ground = Ground.around(np.array([[-1.0, 0, -1], [1, 1.7, 4]]))
    photographs = photographs_in(tmp_path)
    shown = [
        any(np.array_equal(panel.picture, picture) for panel in panels)
        for panels in (
            backdrop(np.random.default_rng(i), ground, photographs) for i in range(12)
        )
    ]
    assert 2 <= sum(shown) <= 10


def test_a_file_that_is_no_photograph_is_named(tmp_path: Path) -> None:
    (tmp_path / "notes.jpg").write_text("no picture")
    ground = Ground.around(np.array([[-1.0, 0, -1], [1, 1.7, 4]]))
    hung = (
        backdrop(np.random.default_rng(seed), ground, photographs_in(tmp_path))
        for seed in range(12)
    )
    with pytest.raises(SourceError, match=r"notes\.jpg"):
        list(hung)


def test_everything_needed_is_inside_the_room() -> None:
    places = np.array([[-2.0, 0, -1], [1, 1.7, 0], [3, 4.5, 9]])
    for seed in range(12):
        panels = backdrop(np.random.default_rng(seed), Ground.around(places), [])
        corners = np.array([panel.corner for panel in panels[:6]])
        assert (corners.min(axis=0)[[0, 2]] < places.min(axis=0)[[0, 2]]).all()
        assert (corners.max(axis=0) > places.max(axis=0)).all()


# cameras


@pytest.mark.parametrize("tall", [0.15, 0.5, 0.95])
def test_the_person_is_as_large_in_the_frame_as_drawn(tall: float) -> None:
    view = View(
        (640, 480), 50, tall, right=0.1, down=-0.02, yaw_deg=20, pitch_deg=0, roll_deg=0
    )
    middle = np.array([0.3, 0.9, -0.2])
    camera = view.camera(middle, 1.8)
    offsets = np.array([[0, 0.9, 0], [0, -0.9, 0], [0, 0, 0]])
    ends = camera.project(camera.to_camera(middle + offsets))
    assert ends[1, 1] - ends[0, 1] == pytest.approx(tall * 480, rel=0.001)
    np.testing.assert_allclose(ends[2], [319.5 + 64, 239.5 - 0.02 * 480], atol=1e-6)


def test_a_positive_pitch_looks_down_and_yaw_keeps_the_horizon_level() -> None:
    view = View((640, 480), 50, 0.5, 0, 0, yaw_deg=25, pitch_deg=12, roll_deg=0)
    camera = view.camera(np.array([0, 0.9, 0]), 1.8)
    assert np.degrees(np.arcsin(-camera.rotation[2, 1])) == pytest.approx(12)
    assert camera.rotation[0, 1] == pytest.approx(0)
    assert np.linalg.det(camera.rotation) == pytest.approx(1)


@pytest.mark.parametrize("framing", FRAMINGS)
def test_cameras_of_somebody_who_runs_past_keep_as_much_in_the_picture_as_wanted(
    framing: Framing,
) -> None:
    runner = STANDING + np.linspace(-6, 6, 90)[:, None, None] * [1, 0, 0.3]
    for seed in range(5):
        track = cameras(np.random.default_rng(seed), framing, runner, 1.7, fps=30)
        assert all(isinstance(camera, Camera) for camera in track)
        least, largest = framing.inside
        assert least <= in_picture(track, runner).mean() <= largest
        assert min(camera.position[1] for camera in track) > framing.lowest_eye_m
        depth = [c.to_camera(at)[:, 2].min() for c, at in zip(track, runner, strict=True)]
        assert min(depth) > framing.nearest_m


def test_who_is_out_of_reach_is_filmed_whole() -> None:
    high_up = np.add(STANDING, [0, 50, 0])[None].repeat(3, axis=0)
    track = cameras(np.random.default_rng(0), FRAMINGS[2], high_up, 1.7, fps=30)
    assert in_picture(track, high_up).all()


@dataclass(frozen=True)
class Shot:
    """What one drawn camera does to somebody who stands."""

    pitch_deg: float
    roll_deg: float
    eye_m: float
    seen: NDArray[np.bool_]
    """(23,) which joints are in the picture."""


@pytest.fixture(scope="module")
def shots() -> list[Shot]:
    """Of 400 draws."""
    points = STANDING[None].repeat(3, axis=0)
    found = []
    for seed in range(400):
        rng = np.random.default_rng(seed)
        track = cameras(rng, any_framing(rng), points, 1.7, fps=30)
        _, rise, ahead = track[1].rotation[:, 1]
        pitch = np.degrees(np.arcsin(-ahead))
        roll = np.degrees(np.arctan2(track[1].rotation[0, 1], -rise))
        eye = float(track[1].position[1])
        found.append(Shot(float(pitch), float(roll), eye, in_picture(track, points)[1]))
    return found


def test_cameras_tilt_and_roll_up_to_the_edges_from_floor_to_overhead(
    shots: list[Shot],
) -> None:
    pitch, roll, eye = np.array([[s.pitch_deg, s.roll_deg, s.eye_m] for s in shots]).T
    for values, edge in ((pitch, 40), (roll, 20)):
        assert -edge - 4 < values.min() < -0.9 * edge  # a hand shakes by degrees
        assert 0.9 * edge < values.max() < edge + 4
    assert eye.min() < 0.15
    assert (eye > STANDING[:, 1].max() + 0.5).mean() > 0.05


def test_half_of_the_cameras_are_nearly_level_and_see_the_whole_person(
    shots: list[Shot],
) -> None:
    careful = [
        abs(s.roll_deg) < 14 and -18 < s.pitch_deg < 32 and s.seen.mean() > 0.8 for s in shots
    ]
    steep = [abs(s.pitch_deg) > 18 or abs(s.roll_deg) > 10 for s in shots]
    assert 0.5 < np.mean(careful) < 0.65
    assert 0.2 < np.mean(steep) < 0.4


def test_the_edge_cuts_a_third_of_the_people_at_every_height_and_at_the_side(
    shots: list[Shot],
) -> None:
    cut = [s.seen for s in shots if s.seen.mean() <= 0.92]
    assert 0.33 < len(cut) / len(shots) < 0.5
    heights = np.array([STANDING[seen, 1][[0, -1]] for seen in cut]) / STANDING[-1, 1]
    lowest, highest = heights.T
    from_below = np.histogram(lowest[(lowest > 0) & (highest == 1)], 4, (0, 0.8))[0]
    from_above = np.histogram(highest[(highest < 1) & (lowest == 0)], 3, (0.3, 1))[0]
    assert from_below.min() >= 3
    assert from_above.min() >= 3
    left = STANDING[:, 0] < 0
    one_side = [
        seen[side].mean() > 0.6 and seen[~side].mean() < 0.3
        for seen in cut
        for side in (left, ~left)
    ]
    assert sum(one_side) >= 8


# pictures


@pytest.mark.parametrize("codec", ["h264", "jpeg"])
def test_a_codec_keeps_number_and_order_of_the_pictures(codec: str) -> None:
    levels = [30, 90, 150, 210, 60]
    pictures = [np.full((48, 64, 3), level, dtype=np.uint8) for level in levels]
    decoded = list(through_codec(pictures, codec, 20))
    assert len(decoded) == len(levels)
    np.testing.assert_allclose([picture.mean() for picture in decoded], levels, atol=8)


@pytest.mark.parametrize("codec", ["h264", "jpeg"])
def test_a_codec_gives_the_same_pictures_each_time(codec: str) -> None:
    rng = np.random.default_rng(0)
    wide = np.repeat(rng.integers(0, 255, (120, 100, 3), dtype=np.uint8), 3, axis=1)
    pictures = [np.ascontiguousarray(wide[:, i : i + 200]) for i in range(12)]
    first, *others = (list(through_codec(pictures, codec, 25)) for _ in range(4))
    for other in others:
        np.testing.assert_array_equal(first, other)


def test_a_lens_exposes_colours_and_adds_noise() -> None:
    grey = np.full((60, 80, 3), 100, dtype=np.uint8)
    lens = Lens(gain=(1.2, 1.0, 0.8), noise=6.0, codec="jpeg", quality=2)
    (seen,) = lens.seen([grey], np.random.default_rng(0))
    red, green, blue = seen.reshape(-1, 3).mean(axis=0)
    assert red > green + 10 > blue + 20
    assert 2 < seen[..., 1].std() < 9
