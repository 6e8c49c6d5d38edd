"""Every export, downloaded in Chromium, opened and checked."""

import io
import json
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import ezc3d
import numpy as np
import pandas as pd
import pytest
from PIL import Image
from playwright.sync_api import Page

from humanpose.analysis import Analysis
from humanpose.io.trc import read_trc
from humanpose.report.remarks import Mark, Remarks, to_json
from humanpose.server.small_files import write_json
from humanpose.skeleton import ANGLE_NAMES, AUGMENTED65, JOINT_GROUPS, MARKERS22
from humanpose.video import FrameReader, probe
from tests.support.augmented import augment
from tests.support.browser import watched
from tests.support.entries import finished_entry
from tests.support.synthetic import refined_analysis

FRAMES = 12
_LIMIT_MS = 120_000
"""Figures are drawn on the click."""
_PAUSE_MS = 300
"""Before each click, as of a person: the twelfth download within two seconds never comes."""


@pytest.fixture(scope="module")
def analysis() -> Analysis:
    plain = refined_analysis(FRAMES)
    augmented = augment(plain.markers, height_m=1.78)
    return replace(plain, refined=replace(plain.refined, augmented=augmented))


@pytest.fixture(scope="module")
def export(
    analysis: Analysis, chromium: Page, url: str, home: Path
) -> Iterator[tuple[Page, str]]:
    """The Export page of ``analysis``, whose frame 3 is neutral, and the app's address."""
    entry = finished_entry(home, analysis)
    write_json(entry.remarks, to_json(Remarks(neutral_at_s=0.1, marks=(Mark(0.2, "=kick"),))))
    with watched(chromium) as page:
        page.goto(f"{url}/export?a={entry.about.link}")
        page.get_by_role("heading", name="Pictures").wait_for()
        yield page, url
        page.goto("about:blank")


def taken(page: Page, name: str) -> bytes:
    """What a click on the button of a row brings."""
    button = page.locator(f".st-key-download_{name.replace('.', '-')} button")
    page.wait_for_timeout(_PAUSE_MS)
    with page.expect_download(timeout=_LIMIT_MS) as download:
        button.click()
    assert download.value.suggested_filename == name
    return download.value.path().read_bytes()


def table(content: bytes) -> pd.DataFrame:
    return pd.read_csv(io.BytesIO(content), comment="#")


def test_spreadsheets(export: tuple[Page, str], analysis: Analysis) -> None:
    page, _ = export
    degrees = analysis.joint_angles.degrees
    for name in ("angles.csv", "angles_raw.csv"):
        assert tuple(table(taken(page, name)).columns) == ("time_s", "frame", *ANGLE_NAMES)
    assert len(table(taken(page, "landmarks.csv"))) == FRAMES * 33
    pelvis = table(taken(page, "pelvis.csv"))
    np.testing.assert_allclose(pelvis[list(JOINT_GROUPS["pelvis"])], degrees[:, :3], atol=1e-3)
    events = table(taken(page, "events.csv"))
    assert list(events.iloc[0, :3]) == ["'=kick", 0.2, 6]
    np.testing.assert_allclose(events.iloc[0, 3:].astype(float), degrees[6], atol=1e-3)
    long = table(taken(page, "angles_long.csv"))
    np.testing.assert_allclose(long.degrees, degrees.ravel(), atol=1e-3)


def test_files_for_programs(export: tuple[Page, str], analysis: Analysis) -> None:
    page, _ = export
    with np.load(io.BytesIO(taken(page, "analysis.npz"))) as arrays:
        np.testing.assert_allclose(arrays["angles"], analysis.joint_angles.degrees, atol=1e-6)
    assert json.loads(taken(page, "analysis.json"))["settings"]["height_m"] == 1.78


def test_motion_files(export: tuple[Page, str], tmp_path: Path) -> None:
    page, _ = export
    for name, skeleton in {
        "pose.trc": MARKERS22, "pose_raw.trc": MARKERS22, "markers.trc": AUGMENTED65,
    }.items():  # fmt: skip
        sequence = read_trc(io.StringIO(taken(page, name).decode()))
        assert (len(sequence), sequence.skeleton.joints) == (FRAMES, skeleton.joints)
    assert f"nRows={FRAMES}\n" in taken(page, "angles.mot").decode()
    (tmp_path / "a.c3d").write_bytes(taken(page, "markers.c3d"))
    assert ezc3d.c3d(str(tmp_path / "a.c3d"))["data"]["points"].shape == (4, 65 + 36, FRAMES)
    with zipfile.ZipFile(io.BytesIO(taken(page, "opensim.zip"))) as archive:
        names = set(archive.namelist())
        assert names >= {"opensim/scale.xml", "opensim/ik.xml", "opensim/markers.trc"}
        assert ElementTree.fromstring(archive.read("opensim/ik.xml")).tag == "OpenSimDocument"


def test_pictures(export: tuple[Page, str], tmp_path: Path) -> None:
    page, _ = export
    assert Image.open(io.BytesIO(taken(page, "angles.png"))).format == "PNG"
    assert ElementTree.fromstring(taken(page, "angles.svg")).tag.endswith("svg")
    page.get_by_role("button", name="Make video").click()
    (tmp_path / "a.mp4").write_bytes(taken(page, "annotated.mp4"))
    assert len(list(FrameReader(probe(tmp_path / "a.mp4")))) == FRAMES


def test_angles_minus_neutral(export: tuple[Page, str], analysis: Analysis) -> None:
    page, _ = export
    with zipfile.ZipFile(io.BytesIO(taken(page, "minus_neutral.zip"))) as archive:
        content = archive.read("minus_neutral/angles.csv")
        assert ElementTree.fromstring(archive.read("minus_neutral/angles.svg")).tag
    assert b"# neutral: the pose at 0.100 s (frame 3) was subtracted" in content
    degrees = analysis.joint_angles.degrees
    expected = degrees - degrees[3]
    np.testing.assert_allclose(table(content)[list(ANGLE_NAMES)], expected, atol=1e-3)
    plain = table(taken(page, "angles.csv"))
    np.testing.assert_allclose(plain[list(ANGLE_NAMES)], degrees, atol=1e-3)


def test_everything_at_once(export: tuple[Page, str], home: Path) -> None:
    page, _ = export
    page.get_by_role("button", name="Pack as ZIP").click()
    page.get_by_role("button", name="Cancel").click()
    page.get_by_role("button", name="Pack as ZIP").click()
    page.get_by_role("progressbar").wait_for()
    page.get_by_role("button", name="Download ZIP").wait_for(timeout=_LIMIT_MS)
    assert len(list(home.glob("analyses/*/files-*.zip"))) == 1
    with zipfile.ZipFile(io.BytesIO(taken(page, "squat.zip"))) as archive:
        assert archive.testzip() is None
        names = {name.removeprefix("squat/") for name in archive.namelist()}
    assert names >= {
        "angles.csv", "angles_long.csv", "joint_angles/hip_r.csv", "markers.trc",
        "markers.c3d", "angles.mot", "opensim/ik.xml", "angles.png", "angles.svg",
        "analysis.npz", "analysis.json", "minus_neutral/angles.csv", "squat.humanpose",
    }  # fmt: skip


def test_an_exported_analysis_is_opened_again(export: tuple[Page, str], tmp_path: Path) -> None:
    page, url = export
    (tmp_path / "squat.humanpose").write_bytes(taken(page, "squat.humanpose"))
    page.goto(url)
    page.locator('[data-test-script-state="notRunning"]').wait_for()  # a redraw would close it
    page.get_by_role("button", name="Open a file").click()
    page.locator(".st-key-open_0 input[type=file]").set_input_files(
        tmp_path / "squat.humanpose"
    )
    page.get_by_role("link", name="Explore the movement").click()
    page.get_by_text(f"{FRAMES} frames").first.wait_for()
