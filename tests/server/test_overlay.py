"""The annotated video: the skeleton lies where the keypoints are, frame by frame."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from humanpose.analysis import Analysis
from humanpose.errors import ClipError, OutputError
from humanpose.server.overlay import draw_skeleton, write_overlay
from humanpose.skeleton import COCO17
from humanpose.video import FrameReader, probe
from tests.support.clips import write_clip
from tests.support.synthetic import IMAGE_SIZE, synthetic_analysis

GREY = 128


@pytest.fixture(scope="module")
def playback(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A grey clip of half the size that was analysed."""
    width, height = IMAGE_SIZE[0] // 2, IMAGE_SIZE[1] // 2
    pictures = [np.full((height, width, 3), GREY, np.uint8)] * 40
    return write_clip(tmp_path_factory.mktemp("clip") / "clip.mp4", pictures, fps=30)


def drawn(picture: NDArray[np.uint8]) -> NDArray[np.bool_]:
    return np.abs(picture.astype(int) - GREY).max(axis=2) > 40


def middle(analysis: Analysis, frame: int, *joints: str) -> tuple[int, int]:
    """Row and column between two joints in the smaller picture."""
    x, y = analysis.keypoints[frame, COCO17.indices(*joints)].mean(axis=0) / 2
    return round(y), round(x)


def test_the_skeleton_is_drawn_where_the_keypoints_are(
    analysis: Analysis, playback: Path, tmp_path: Path
) -> None:
    write_overlay(analysis, playback, tmp_path / "out.mp4")
    clip = probe(tmp_path / "out.mp4")
    assert (clip.codec, clip.width, clip.height) == ("h264", 320, 240)
    frames = [frame.image for frame in FrameReader(clip)]
    assert len(frames) == 40
    for i in (0, 6, 11):
        at = middle(analysis, i, "left_hip", "left_knee")
        assert drawn(frames[i])[at]
        assert frames[i][at][0] > frames[i][at][2]  # the left is red
        blue = frames[i][middle(analysis, i, "right_hip", "right_knee")]
        assert blue[2] > blue[0]


def test_a_frame_without_a_person_stays_as_it_is(
    analysis: Analysis, playback: Path, tmp_path: Path
) -> None:
    write_overlay(analysis, playback, tmp_path / "out.mp4")
    frames = [frame.image for frame in FrameReader(probe(tmp_path / "out.mp4"))]
    assert not drawn(frames[5]).any()
    assert drawn(frames[6]).any()


def test_an_unsure_limb_is_thin() -> None:
    analysis = synthetic_analysis(1)
    grey = np.full((480, 640, 3), GREY, np.uint8)
    sure = draw_skeleton(grey, analysis.keypoints[0], np.full(17, 0.9))
    unsure = draw_skeleton(grey, analysis.keypoints[0], np.full(17, 0.2))
    assert 0 < drawn(unsure).sum() < 0.8 * drawn(sure).sum()
    assert (grey == GREY).all()


def test_progress_is_told_and_what_fails_leaves_nothing(
    analysis: Analysis, playback: Path, tmp_path: Path
) -> None:
    told: list[int] = []
    write_overlay(
        analysis,
        playback,
        tmp_path / "out.mp4",
        progress=lambda _, done, total: told.append(done),
    )
    assert told == list(range(40))
    (tmp_path / "notes.mp4").write_text("Dear diary")
    with pytest.raises(ClipError):
        write_overlay(analysis, tmp_path / "notes.mp4", tmp_path / "b.mp4")
    with pytest.raises(OutputError):
        write_overlay(analysis, playback, tmp_path / "nowhere" / "b.mp4")
    assert {path.name for path in tmp_path.iterdir()} == {"out.mp4", "notes.mp4"}


def test_visibility_decides_and_not_the_angle(analysis: Analysis) -> None:
    hidden = replace(analysis, visibility=np.zeros_like(analysis.visibility))
    grey = np.full((480, 640, 3), GREY, np.uint8)
    pictures = [
        draw_skeleton(grey, a.keypoints[0], a.visibility[0]) for a in (analysis, hidden)
    ]
    assert drawn(pictures[0]).sum() > drawn(pictures[1]).sum()


def test_values_stand_beside_their_joints_on_the_outer_side(
    analysis: Analysis, playback: Path, tmp_path: Path
) -> None:
    def changed(columns: tuple[str, ...]) -> list[NDArray[np.bool_]]:
        write_overlay(analysis, playback, tmp_path / "out.mp4", columns=columns)
        frames = [frame.image for frame in FrameReader(probe(tmp_path / "out.mp4"))]
        return [drawn(frame) for frame in frames]

    bare, both = changed(()), changed(("knee_angle_l", "knee_angle_r", "pro_sup_r"))
    for joint, outwards in (("left_knee", 1), ("right_knee", -1)):  # left is to the right
        row, column = middle(analysis, 0, joint)
        beside = np.s_[row - 3 : row + 4, column + 14 * outwards]
        assert both[0][beside].any()
        assert not bare[0][beside].any()
    row, column = middle(analysis, 0, "right_elbow")
    assert not both[0][row, column - 14]  # of an angle that is not known there is no value
    assert both[5][:12, :40].any()  # nobody is there, but the time is
    assert not both[5][30:].any()
