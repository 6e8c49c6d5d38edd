"""The folder for OpenSim: complete, consistent, true to the person's lengths."""

import io
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pandas as pd
import pytest

from humanpose import Settings, analyze
from humanpose.analysis import Analysis
from humanpose.assets import SAMPLE
from humanpose.cli import main
from humanpose.errors import SettingsError
from humanpose.io import model_scale, opensim
from humanpose.io.opensim import write_opensim
from humanpose.io.trc import read_trc
from humanpose.kinematics.model_axes import BODY_ORIGINS, MESH_JOINTS, ON_BODIES
from humanpose.sequence import Floats, PoseSequence, Timeline
from humanpose.skeleton import MARKERS22, other_side
from tests.conftest import SAMPLE_HEIGHT_M
from tests.support.augmented import augment
from tests.support.body import body
from tests.support.places import ROOT, SHARED
from tests.support.synthetic import synthetic_analysis

OPENSIM_PYTHON = os.environ.get("HUMANPOSE_OPENSIM_PYTHON")
LAI_UHLRICH = SHARED / "data/clips/opencap_demo/LaiUhlrich2022_scaled.osim"
needs_opensim = pytest.mark.skipif(
    OPENSIM_PYTHON is None, reason="needs HUMANPOSE_OPENSIM_PYTHON"
)
GAPS = [*range(8), *range(30, 33), *range(34, 37)]
"""Of 60 frames: at the start, in the middle and around a single frame that is seen."""
needs_lai_uhlrich = pytest.mark.skipif(
    not LAI_UHLRICH.exists(), reason="needs ../shared/data/clips"
)


def augmented_analysis() -> Analysis:
    plain = synthetic_analysis(8)
    return replace(
        plain,
        refined=replace(plain.refined, augmented=augment(plain.markers, height_m=1.78)),
    )


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Without any model installed."""
    monkeypatch.setattr(opensim, "_pose2sims_model", lambda: None)
    return write_opensim(augmented_analysis(), tmp_path / "osim")


def xml(path: Path) -> ElementTree.Element:
    return ElementTree.parse(path).getroot()


def texts(root: ElementTree.Element, tag: str) -> list[str]:
    return [(element.text or "") for element in root.iter(tag)]


def numbers_in(element: ElementTree.Element, tag: str) -> Floats:
    return np.array(element.findtext(tag, "").split(), float)


def places_in(path: Path) -> dict[str, tuple[str, Floats]]:
    return {
        marker.get("name", ""): (
            marker.findtext("socket_parent_frame", "").removeprefix("/bodyset/"),
            numbers_in(marker, "location"),
        )
        for marker in xml(path).iter("Marker")
    }


def motion_in(path: Path) -> pd.DataFrame:
    _, _, table = path.read_text().partition("endheader\n")
    return pd.read_csv(io.StringIO(table), sep="\t")


# ---------------------------------------------------------------- the files


def test_all_paths_are_of_the_folder_itself(folder: Path) -> None:
    written = {path.name for path in folder.iterdir()}
    assert written == opensim.OURS - {"model.osim", "scaled.osim"} | {"ik.xml"}
    made_later = {"model.osim", "scaled.osim", "ik.mot"}
    for setup in ("scale.xml", "ik.xml"):
        tags = ("model_file", "marker_set_file", "marker_file", "output_model_file")
        named = {text for tag in tags for text in texts(xml(folder / setup), tag)}
        assert named <= written | made_later
    assert texts(xml(folder / "ik.xml"), "model_file") == texts(
        xml(folder / "scale.xml"), "output_model_file"
    )


def test_every_task_is_a_marker_of_the_set_and_of_the_trc(folder: Path) -> None:
    tasks = [task.get("name") for task in xml(folder / "ik.xml").iter("IKMarkerTask")]
    with (folder / "markers.trc").open() as stream:
        seen = read_trc(stream).skeleton.joints
    assert len(tasks) == len(set(tasks)) == 49
    assert set(tasks) == places_in(folder / "marker_set.xml").keys()
    assert set(tasks) <= set(seen)


def test_the_time_range_is_that_of_the_markers(tmp_path: Path) -> None:
    late = synthetic_analysis(timeline=Timeline(16, 30.0, start_s=2.5))
    write_opensim(late, tmp_path / "osim")
    assert texts(xml(tmp_path / "osim/ik.xml"), "time_range") == ["2.5 3"]


def test_each_stretch_between_gaps_has_its_own_setup(tmp_path: Path) -> None:
    write_opensim(synthetic_analysis(60, missing=GAPS), tmp_path / "osim")
    setups = sorted((tmp_path / "osim").glob("ik*.xml"))
    assert [path.name for path in setups] == ["ik_1.xml", "ik_2.xml", "ik_3.xml"]
    ranges = [texts(xml(path), "time_range")[0] for path in setups]
    assert ranges == ["0.266667 0.966667", "1.1 1.1", "1.233333 1.966667"]
    results = [texts(xml(path), "output_motion_file")[0] for path in setups]
    assert results == ["ik_1.mot", "ik_2.mot", "ik_3.mot"]
    readme = (tmp_path / "osim/README.txt").read_text()
    assert all(f"run-tool {path.name}" in readme for path in setups)


def test_setups_of_an_earlier_analysis_go(tmp_path: Path) -> None:
    write_opensim(synthetic_analysis(60, missing=GAPS), tmp_path / "osim")
    (tmp_path / "osim/ik_1.mot").write_text("of OpenSim")
    write_opensim(synthetic_analysis(60, missing=[59]), tmp_path / "osim")
    assert {path.name for path in (tmp_path / "osim").glob("ik*")} == {"ik.xml", "ik_1.mot"}


def test_without_augmentation_the_22_markers_serve(tmp_path: Path) -> None:
    write_opensim(synthetic_analysis(4), tmp_path / "osim")
    tasks = {task.get("name") for task in xml(tmp_path / "osim/ik.xml").iter("IKMarkerTask")}
    assert tasks == set(MARKERS22.joints) - {"Neck", "Hip", "Head", "Nose"}


def test_a_marker_that_is_never_seen_has_no_task(tmp_path: Path) -> None:
    analysis = synthetic_analysis(4)
    positions = analysis.markers.positions.copy()
    positions[:, MARKERS22.index("LWrist")] = np.nan
    lost = replace(
        analysis,
        refined=replace(analysis.refined, markers=analysis.markers.with_positions(positions)),
    )
    write_opensim(lost, tmp_path / "osim")
    assert "LWrist" not in (tmp_path / "osim/ik.xml").read_text()
    assert "nan" not in (tmp_path / "osim/scale.xml").read_text()


def test_the_readme_says_where_to_get_a_model_if_none_is_here(folder: Path) -> None:
    readme = (folder / "README.txt").read_text()
    assert "opencap-core" in readme
    assert "run-tool ik.xml" in readme


def test_pose2sims_model_comes_along_with_our_names(tmp_path: Path) -> None:
    write_opensim(augmented_analysis(), tmp_path / "osim")
    model = xml(tmp_path / "osim/model.osim")
    names = {coordinate.get("name") for coordinate in model.iter("Coordinate")}
    motion = motion_in(tmp_path / "osim/angles.mot")
    assert set(motion.columns) - {"time"} <= names
    bodies = {b.get("name") for b in model.iter("Body")}
    assert {b for b, _ in places_in(tmp_path / "osim/marker_set.xml").values()} <= bodies


def test_the_scaled_model_comes_along(tmp_path: Path) -> None:
    analysis = replace(synthetic_analysis(4), settings=Settings(height_m=1.78, mass_kg=71))
    write_opensim(analysis, tmp_path / "osim")
    unscaled, scaled = (xml(tmp_path / f"osim/{name}.osim") for name in ("model", "scaled"))
    assert sum(map(float, texts(scaled, "mass"))) == pytest.approx(71)
    of_tool = {
        scale.findtext("segment", ""): numbers_in(scale, "scales")
        for scale in xml(tmp_path / "osim/scale.xml").iter("Scale")
    }
    for before, after in zip(unscaled.iter("Body"), scaled.iter("Body"), strict=True):
        factors = of_tool[before.get("name", "")]
        light, heavy = (numbers_in(b, "mass") for b in (before, after))
        centre, moved = (numbers_in(b, "mass_center") for b in (before, after))
        np.testing.assert_allclose(centre * factors, moved, atol=1e-9)
        if np.ptp(factors) == 0:
            expected = numbers_in(before, "inertia") * heavy * factors[0] ** 2
            np.testing.assert_allclose(
                numbers_in(after, "inertia") * light, expected, rtol=1e-6
            )
    readme = (tmp_path / "osim/README.txt").read_text()
    assert "run-tool scale.xml" not in readme


@needs_lai_uhlrich
def test_a_model_can_be_named(tmp_path: Path) -> None:
    write_opensim(augmented_analysis(), tmp_path / "osim", model=LAI_UHLRICH)
    assert (tmp_path / "osim/model.osim").read_bytes() == LAI_UHLRICH.read_bytes()
    assert not (tmp_path / "osim/scaled.osim").exists()  # it has muscles, OpenSim's to scale
    assert "run-tool scale.xml" in (tmp_path / "osim/README.txt").read_text()


@pytest.mark.parametrize("content", ["Dear diary", "<OpenSimDocument/>"])
def test_what_is_no_such_model_is_refused_before_the_analysis(
    tmp_path: Path, content: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "a.osim").write_text(content)
    with pytest.raises(SettingsError, match="opensim-model"):
        write_opensim(synthetic_analysis(2), tmp_path / "osim", model=tmp_path / "a.osim")
    arguments = ["clip.mp4", "--height", "1.8", "--out", str(tmp_path / "out"), "--opensim"]
    with pytest.raises(SystemExit) as ended:
        main(["analyze", *arguments, str(tmp_path), "--opensim-model", "nowhere.osim"])
    assert ended.value.code == 2
    assert "opensim-model nowhere.osim cannot be read" in capsys.readouterr().err


# ---------------------------------------------------------------- the model


def model_sized_person() -> PoseSequence:
    """The 22 markers where the unscaled model has its joints, feet as on the mesh."""
    joints = {name: BODY_ORIGINS[b] for name, b in model_scale.JOINT_BODIES.items()}
    positions = body({}).positions.copy()
    for name, place in joints.items():
        positions[:, MARKERS22.index(name)] = place
    for name, pair in {"Hip": ("RHip", "LHip"), "Neck": ("RShoulder", "LShoulder")}.items():
        positions[:, MARKERS22.index(name)] = (joints[pair[0]] + joints[pair[1]]) / 2
    shank, mesh_shank = (
        np.linalg.norm(at["RKnee"] - at["RAnkle"]) for at in (joints, MESH_JOINTS)
    )
    for name in ("RHeel", "LHeel", "RBigToe", "LBigToe"):
        positions[:, MARKERS22.index(name)] = MESH_JOINTS[name] * shank / mesh_shank
    return body({}).with_positions(positions)


@pytest.mark.parametrize("size", [1.0, 0.6, 1.2])
def test_a_person_like_the_model_scales_all_of_it_alike(size: float) -> None:
    person = model_sized_person()
    person = person.with_positions(size * person.positions)
    factors = model_scale.scale_factors(model_scale.lengths_of_person(person))
    np.testing.assert_allclose(list(factors.values()), size, rtol=1e-9)


def test_a_longer_thigh_scales_the_thighs_and_a_little_the_pelvis() -> None:
    lengths = model_scale.lengths_of_model()
    factors = model_scale.scale_factors(lengths | {"thigh": 1.1 * lengths["thigh"]})
    assert factors["femur_r"] == pytest.approx([1.1] * 3)
    assert factors["femur_l"] == pytest.approx([1.1] * 3)
    assert factors["tibia_r"] == pytest.approx([1.0] * 3)
    assert factors["pelvis"][2] == pytest.approx(1.0)
    assert 1.0 < factors["pelvis"][0] < 1.1


def test_a_length_that_was_never_seen_grows_as_the_others_do() -> None:
    lengths = {name: 1.2 * m for name, m in model_scale.lengths_of_model().items()}
    factors = model_scale.scale_factors(lengths | {"forearm": np.nan})
    np.testing.assert_allclose(list(factors.values()), 1.2, rtol=1e-9)


def test_opencaps_markers_lie_where_opencap_has_them() -> None:
    places = model_scale.marker_places(augmented=True)
    assert places["r_toe_study"][0] == "calcn_r"
    assert places["r_toe_study"][1] == pytest.approx(ON_BODIES["calcn"]["r_toe_study"])
    assert places["L_toe_study"][1] == pytest.approx(
        np.array(ON_BODIES["calcn"]["r_toe_study"]) * [1, 1, -1]
    )


def test_the_sides_mirror_each_other() -> None:
    places = model_scale.marker_places(augmented=True)
    for name, (segment, place) in places.items():
        other, there = places[other_side(name)]
        assert other.replace("_l", "_r") == segment.replace("_l", "_r")
        np.testing.assert_allclose(there[:2], place[:2], atol=1e-9)
        if name != "C7_study":
            np.testing.assert_allclose(there[2], -place[2], atol=1e-9)


def test_the_mesh_on_the_scaled_model_is_the_mesh_again() -> None:
    """Seen from the joint that each marker is anchored at."""
    sizes = model_scale._lengths_between(MESH_JOINTS)
    factors = model_scale.scale_factors(sizes)
    places = model_scale.marker_places(augmented=True)
    segment, heel = places["RHeel"]
    assert segment == "calcn_r"
    ankle = BODY_ORIGINS["talus_r"] - BODY_ORIGINS["calcn_r"]
    np.testing.assert_allclose(
        (heel - ankle) * factors["calcn_r"], MESH_JOINTS["RHeel"] - MESH_JOINTS["RAnkle"]
    )


# ---------------------------------------------------------------- OpenSim itself


def run_opensim(folder: Path) -> None:
    script = ROOT / "tests" / "support" / "opensim_run.py"
    subprocess.run([OPENSIM_PYTHON or sys.executable, script, folder], check=True)


@pytest.mark.slow
@needs_opensim
@pytest.mark.parametrize("augmented", [False, True])
def test_opensim_runs_every_stretch_between_gaps(tmp_path: Path, augmented: bool) -> None:
    """Gaps at the start and in the middle, a single frame, and markers that come and go."""
    plain = synthetic_analysis(timeline=Timeline(60, 30.0, start_s=1 / 3), missing=GAPS)
    positions = plain.markers.positions.copy()
    positions[10:14, MARKERS22.indices("RHip", "LKnee", "RWrist")] = np.nan
    positions[40:, MARKERS22.index("LWrist")] = np.nan
    markers = plain.markers.with_positions(positions)
    more = augment(markers, height_m=1.78)
    more.positions[GAPS] = np.nan
    refined = replace(plain.refined, markers=markers, augmented=more if augmented else None)
    write_opensim(replace(plain, refined=refined), tmp_path)
    run_opensim(tmp_path)
    seen = np.isfinite(markers.joint("RAnkle")[:, 0])
    placed = np.load(tmp_path / "places_ik.npy")[:, MARKERS22.index("RAnkle")]
    np.testing.assert_array_equal(np.isfinite(placed).all(axis=1), seen)
    off_m = np.linalg.norm(placed - markers.joint("RAnkle"), axis=1)
    assert np.nanmax(off_m) < 0.1
    ours, theirs = (np.load(tmp_path / f"places_{name}.npy") for name in ("ours", "theirs"))
    np.testing.assert_allclose(ours, theirs, atol=1e-5)  # also NaN where it has no such marker
    motions = sorted(tmp_path.glob("ik*.mot"))
    assert [len(motion_in(motion)) for motion in motions] == [22, 1, 23]
    rows = pd.concat(map(motion_in, motions))
    assert np.isfinite(rows.to_numpy()).all()
    np.testing.assert_allclose(rows["time"], plain.timeline.time_s[seen], atol=1e-6)


@pytest.mark.slow
@needs_opensim
def test_opensims_inverse_kinematics_agrees(own_cache: None, tmp_path: Path) -> None:
    sample = analyze(
        SAMPLE, Settings(height_m=SAMPLE_HEIGHT_M, pof=True, joint_refinement=False)
    )
    write_opensim(sample, tmp_path)
    run_opensim(tmp_path)
    markers = sample.markers_augmented
    assert markers is not None
    off_m = {
        motion: np.linalg.norm(
            np.load(tmp_path / f"places_{motion}.npy") - markers.positions, axis=2
        )
        for motion in ("ik", "ours")
    }
    assert np.nanmean(off_m["ik"]) < 0.015
    assert np.nanmean(off_m["ours"]) < 0.030
    hips = markers.skeleton.indices("RHip", "LHip")
    assert np.nanmax(off_m["ours"][:, hips]) < 0.005
    theirs = motion_in(tmp_path / "ik.mot")
    for name, limit_deg in LIMITS_DEG.items():
        off = sample.joint_angles.curve(name) - theirs[name]
        assert np.abs(off - off.mean()).mean() < limit_deg, name


LIMITS_DEG = {
    "hip_flexion_r": 2, "hip_flexion_l": 2, "knee_angle_r": 2, "knee_angle_l": 2,
    "ankle_angle_r": 1, "ankle_angle_l": 1, "lumbar_extension": 1, "arm_flex_r": 1,
    "arm_flex_l": 1, "elbow_flex_r": 1, "elbow_flex_l": 1,
}  # fmt: skip
