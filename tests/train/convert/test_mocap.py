"""The readers of body mocap: against closed forms, and one recording in several formats."""

from pathlib import Path

import numpy as np
import pytest

from humanpose.geometry import bend_deg
from humanpose.sequence import Floats, PoseSequence
from humanpose.skeleton import COCO17
from tests.support.unpacked import unpack
from train.convert import asf, bvh, c3d, expmap
from train.convert.errors import SourceError
from train.convert.skeletons import BODY

LEG_ONLY = """HIERARCHY
ROOT Hips
{
  OFFSET 0 0 0
  CHANNELS 6 Xposition Yposition Zposition Zrotation Yrotation Xrotation
  JOINT LeftLeg
  {
    OFFSET 2 0 0
    CHANNELS 3 Zrotation Yrotation Xrotation
    End Site
    {
      OFFSET 0 3 0
    }
  }
}
MOTION
Frames: 2
Frame Time: 0.02
0 0 0 0 0 0 0 0 0
1 5 0 90 0 0 0 0 90
"""


@pytest.fixture(scope="session")
def mocap(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with all recordings that tests read."""
    folder = unpack("mocap", tmp_path_factory.mktemp("mocap"))
    for path in [path for path in folder.rglob("*.*") if path.is_file()]:
        path.rename(folder / path.name)
    return folder


def limb_errors(a: PoseSequence, b: PoseSequence, *, lag: int = 0) -> Floats:
    """(T, 14) deg between the directions of COCO's limbs, ``a`` taken ``lag`` frames later."""
    errors = [
        bend_deg(
            np.roll(a.joint(child) - a.joint(parent), -lag, axis=0),
            b.joint(child) - b.joint(parent),
        )
        for parent, child in COCO17.bones
    ]
    return np.stack(errors, axis=1)[abs(lag) : len(a) - abs(lag)]


def test_a_bvh_node_turns_with_all_above_it() -> None:
    paths = bvh.node_paths(bvh.parse(LEG_ONLY))
    # root at (1, 5, 0), turned 90° about Z: x becomes y; the leg's own 90° about X: y becomes z
    np.testing.assert_allclose(paths["LeftLeg"][1], [1, 7, 0], atol=1e-12)
    np.testing.assert_allclose(paths["LeftLeg_end"][1], [1, 7, 3], atol=1e-12)


@pytest.mark.parametrize("text", ["", "HIERARCHY\nROOT a\n", LEG_ONLY.replace("1 5 0 ", "1 ")])
def test_a_broken_bvh_is_refused(text: str) -> None:
    with pytest.raises(SourceError, match="BVH"):
        bvh.parse(text)


def test_a_damaged_number_is_a_sentence(tmp_path: Path) -> None:
    path = tmp_path / "a.bvh"
    path.write_text(LEG_ONLY.replace("1 5 0", "1 5 ?"))
    with pytest.raises(SourceError, match=r"a\.bvh is damaged .*; get it again"):
        next(bvh.read(path))


def test_an_unknown_rig_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "dog.bvh"
    path.write_text(LEG_ONLY.replace("LeftLeg", "Tail"))
    with pytest.raises(SourceError, match=r"dog\.bvh has a rig that is not known"):
        next(bvh.read(path))


def test_a_clip_without_its_skeleton_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "clips" / "77_01.amc"
    path.parent.mkdir()
    path.write_text("1\nroot 0 0 0 0 0 0\n")
    with pytest.raises(SourceError, match="needs its skeleton"):
        next(asf.read(path))


@pytest.mark.parametrize("text", ["", "1\nroot 0 0 9 0 0 0\nlfoot 3\n2\nroot 0 0 9 0 0 0\n"])
def test_a_cut_amc_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "02_01.amc").write_text(text)
    with pytest.raises(SourceError, match="get it again"):
        asf.read_angles(tmp_path / "02_01.amc")


def test_lines_of_another_length_are_no_exponential_maps(tmp_path: Path) -> None:
    path = tmp_path / "walking_1.txt"
    path.write_text("1,2,3\n")
    with pytest.raises(SourceError, match="lines of 117 numbers"):
        next(expmap.read(path))


def test_exponential_maps_are_the_amc_frame_by_frame(mocap: Path) -> None:
    (maps,), (amc,) = expmap.read(mocap / "walking_1.txt"), asf.read(mocap / "02_01.amc")
    assert len(maps) == len(amc) == 343
    np.testing.assert_allclose(maps.positions, amc.positions, atol=1e-4)


def test_bvh_and_exponential_maps_of_one_clip_have_the_same_limbs(mocap: Path) -> None:
    """Arms and legs only: the collars and hips of the maps are subject 02's."""
    (tree,), (maps,) = bvh.read(mocap / "06_05.bvh"), expmap.read(mocap / "basketball_4.txt")
    assert len(tree) == len(maps)
    assert limb_errors(tree, maps)[:, :8].max() < 0.1


def test_bvh_and_amc_of_one_walk_agree(mocap: Path) -> None:
    """This BVH is another fit to the recording, its hips 5 cm closer together, so the limbs are
    off by constants up to 5°; what moves agrees within 3°, and best in the very same frame."""
    (other,), (amc,) = bvh.read(mocap / "02_01.bvh"), asf.read(mocap / "02_01.amc")
    hips = COCO17.bones.index(("left_hip", "right_hip"))
    errors = np.delete(limb_errors(other, amc), hips, axis=1)
    assert errors.mean(axis=0).max() < 5.5
    assert errors.std(axis=0).max() < 2
    assert np.median(errors) < 4
    by_lag = {lag: limb_errors(other, amc, lag=lag).mean() for lag in range(-3, 4)}
    assert min(by_lag, key=lambda lag: by_lag[lag]) == 0


def test_the_body_is_upright_of_human_size_and_not_mirrored(mocap: Path) -> None:
    for (body,) in (bvh.read(mocap / "02_01.bvh"), asf.read(mocap / "39_03.amc")):
        assert body.skeleton is BODY
        up = body.joint("neck") - body.joint("pelvis")
        forward = body.joint("left_toe") - body.joint("left_ankle")
        left = body.joint("left_hip") - body.joint("right_hip")
        assert (up[:, 1] > 0.4).all()
        assert ((np.cross(up, forward) * left).sum(axis=1) > 0).mean() > 0.9
        assert 1.4 < np.median(body.joint("head")[:, 1]) < 1.9


def test_joint_centres_of_c3d_and_amc_are_the_same_points(mocap: Path) -> None:
    """Vicon wrote its model's centres, at the ends of the bones, beside the markers."""
    (points,), (amc,) = c3d.read(mocap / "39_03.c3d"), asf.read(mocap / "39_03.amc")
    centres = {"LHJ0": "left_hip", "LFE0": "left_knee", "LTI0": "left_ankle"}
    for centre, joint in centres.items() | {("RHU0", "right_elbow"), ("RRA0", "right_wrist")}:
        np.testing.assert_allclose(points.joint(centre), amc.joint(joint), atol=1e-3)


@pytest.mark.parametrize(
    ("marker", "joint", "deviation_m"),
    [("LANK", "left_ankle", 0.001), ("RSHN", "right_knee", 0.01), ("LTHI", "left_knee", 0.01)],
)
def test_skin_markers_stay_where_they_are_on_the_limb(
    mocap: Path, marker: str, joint: str, deviation_m: float
) -> None:
    (points,), (amc,) = c3d.read(mocap / "39_03.c3d"), asf.read(mocap / "39_03.amc")
    distance = np.linalg.norm(points.joint(marker) - amc.joint(joint), axis=1)
    assert distance.std() < deviation_m
