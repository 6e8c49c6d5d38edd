"""Analyses of earlier schemas open for ever, and a later one is refused in a sentence.

``tests/data/schema_0`` was written by the last version without a schema: ``raw`` of somebody
whose height nobody knew, seen in half of the frames; ``refined`` with MainRefiner, its models
at an absolute path, lost markers to be estimated; both augmented; ``app`` is what its app kept.
``tests/data/schema_1`` is by the last version of schema 1, with what it recommended.
"""

import json
import shutil
from collections.abc import Mapping
from dataclasses import asdict, fields, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from humanpose.batch import work as work_module
from humanpose.batch.jobs import Job
from humanpose.batch.work import work
from humanpose.cli import main
from humanpose.errors import AnalysisError, NewerAnalysisError
from humanpose.io import npz
from humanpose.io.bundle import open_bundle, save_bundle
from humanpose.io.load import load_analysis
from humanpose.io.schema import ARRAYS, RECORD, SCHEMA, SETTINGS
from humanpose.report.remarks import from_json
from humanpose.settings import Settings, travelled
from tests.io.test_bundle import changed
from tests.io.test_load import assert_same
from tests.support.places import DATA
from tests.support.synthetic import refined_analysis

KEPT = DATA / "schema_0"
FOLDERS = (KEPT / "raw", KEPT / "refined", DATA / "schema_1")
SINCE = {"accurate": False, "augmenter": "body", "every_frame": True}
"""Settings that came or were renamed after them, as they worked."""
CLIP = DATA / "small_person.mp4"
LATER = SCHEMA + 1
SENTENCE = (
    rf" was written by a newer humanpose \(schema {LATER}; this installation reads up to"
    rf" {SCHEMA}\); update humanpose to open it$"
)


def record_of(folder: Path) -> dict[str, Any]:
    return json.loads((folder / "analysis.json").read_text())


def arrays_of(folder: Path) -> dict[str, np.ndarray[Any, Any]]:
    with np.load(folder / "analysis.npz") as arrays:
        return dict(arrays)


def rewrite(
    folder: Path,
    *,
    record: Mapping[str, Any] | None = None,
    arrays: Mapping[str, Any] | None = None,
) -> Path:
    """``folder`` with other values in these files."""
    if record is not None:
        (folder / "analysis.json").write_text(json.dumps(record))
    if arrays is not None:
        np.savez(folder / "analysis.npz", **arrays)
    return folder


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """An analysis of schema 0 that may be spoilt."""
    return shutil.copytree(KEPT / "refined", tmp_path / "copy")


# ---------------------------------------------------------------- earlier ones


@pytest.mark.parametrize("kept", FOLDERS, ids=lambda folder: folder.name)
def test_an_earlier_analysis_holds_what_was_written(kept: Path) -> None:
    analysis, record, arrays = load_analysis(kept), record_of(kept), arrays_of(kept)
    np.testing.assert_array_equal(analysis.angles, arrays["angles"])
    np.testing.assert_array_equal(analysis.angles_raw, arrays["angles_raw"])
    assert json.loads(json.dumps(asdict(analysis.settings))) == record["settings"] | SINCE
    assert (analysis.gates is None) == ("gates_joints" not in arrays)
    assert analysis.warnings == tuple(record["warnings"])


@pytest.mark.parametrize("kept", FOLDERS, ids=lambda folder: folder.name)
def test_an_earlier_analysis_is_saved_in_todays_schema(kept: Path, tmp_path: Path) -> None:
    before = load_analysis(kept)
    folder = before.save(tmp_path)
    for file in ("landmarks.csv", "pose.trc", "pose_raw.trc", "markers.trc"):
        assert (folder / file).read_bytes() == (kept / file).read_bytes(), file
    since = {"schema": np.array(SCHEMA), "background_edges": np.empty((0, 4))}
    arrays, written = arrays_of(folder), arrays_of(kept) | since
    assert arrays.keys() == written.keys()
    for array in written:
        np.testing.assert_array_equal(arrays[array], written[array], err_msg=array)
    record = record_of(kept)
    settings = record["settings"] | SINCE
    today = {"schema": SCHEMA, "settings": settings, "movement": ""}
    assert record_of(folder) == record | today
    assert_same(before, load_analysis(folder))


def test_an_earlier_file_opens_with_its_remarks(tmp_path: Path) -> None:
    said = tmp_path / "remarks.json"
    folder = open_bundle(KEPT / "refined.humanpose", tmp_path / "into", remarks_to=said)
    sent = load_analysis(KEPT / "refined")  # with its models' paths, which are not taken over
    assert_same(replace(sent, settings=travelled(sent.settings)), load_analysis(folder))
    remarks = from_json((KEPT / "refined" / "remarks.json").read_text())
    assert from_json(said.read_text()) == remarks
    assert (remarks.person, set(remarks.corrected)) == ("P07", {"gait", "squat"})


def test_an_earlier_folder_is_sent_in_a_file(tmp_path: Path) -> None:
    file = save_bundle(KEPT / "raw", tmp_path / "a.humanpose")
    assert_same(load_analysis(KEPT / "raw"), load_analysis(open_bundle(file, tmp_path)))


def test_what_the_first_versions_did_not_have_yet_was_off(copy: Path) -> None:
    later = {
        "estimate_missing",
        "force_complete",
        "augmentation_cycles",
        "augmenter",
        "person_at",
    }
    record, arrays = record_of(copy), arrays_of(copy)
    record["settings"] = {k: v for k, v in record["settings"].items() if k not in later}
    del arrays["augmented_confidence"], arrays["marker_estimated"]
    (copy / "markers.trc").unlink()
    analysis = load_analysis(rewrite(copy, record=record, arrays=arrays))
    assert analysis.settings == replace(
        load_analysis(KEPT / "refined").settings,
        estimate_missing=False, force_complete=False, augmentation_cycles=0,
    )  # fmt: skip
    assert_same(analysis, load_analysis(analysis.save(copy.parent)))


def test_an_earlier_setting_that_is_gone_is_dropped(copy: Path) -> None:
    record = record_of(copy)
    record["settings"]["colour"] = "red"
    opened = load_analysis(rewrite(copy, record=record))
    assert opened.settings == load_analysis(KEPT / "refined").settings


def test_an_earlier_record_always_says_its_height(copy: Path) -> None:
    record = record_of(copy)
    del record["settings"]["height_m"]
    with pytest.raises(AnalysisError, match="is damaged"):
        load_analysis(rewrite(copy, record=record))


# ---------------------------------------------------------------- a later one


@pytest.mark.parametrize("file", ["record", "arrays"])
def test_a_later_analysis_is_refused_in_a_sentence(copy: Path, file: str) -> None:
    later = {"record": record_of(copy), "arrays": arrays_of(copy)}[file] | {"schema": LATER}
    rewrite(copy, **{file: later})
    with pytest.raises(NewerAnalysisError, match=f"^the analysis in .*copy{SENTENCE}"):
        load_analysis(copy)


def test_a_later_file_is_refused_in_a_sentence(tmp_path: Path) -> None:
    manifest = json.dumps({"schema": LATER, "form": "unheard of"}).encode()
    later = changed(
        KEPT / "refined.humanpose", tmp_path / "a", lambda e: e | {"humanpose.json": manifest}
    )
    with pytest.raises(NewerAnalysisError, match=f"^this file{SENTENCE}"):
        open_bundle(later, tmp_path / "into")
    assert not (tmp_path / "into").exists()


# ---------------------------------------------------------------- a batch


@pytest.fixture
def job(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Job:
    """To analyse again what ``out/walk`` holds in schema 0."""
    folder = shutil.copytree(KEPT / "raw", tmp_path / "out" / "walk")
    version = record_of(folder)["versions"]["humanpose"]
    monkeypatch.setattr(work_module, "__version__", version)
    clip = shutil.copyfile(CLIP, tmp_path / "walk.mp4")
    settings = load_analysis(folder).settings
    return Job(clip=str(clip), out=str(tmp_path / "out"), settings=settings)


def test_a_batch_skips_what_an_earlier_schema_holds(job: Job) -> None:
    outcome = work(job)
    assert outcome.state == "skipped"
    angles = load_analysis(KEPT / "raw").angles["knee_angle_r"]
    assert outcome.figures["knee_angle_r_maximum_deg"] == pytest.approx(angles.max())


def test_a_batch_leaves_a_later_analysis_alone(
    job: Job, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "out" / "walk"
    rewrite(folder, record=record_of(folder) | {"schema": LATER})
    with pytest.raises(SystemExit) as ended:
        main(["batch", job.clip, "--out", job.out, "--height", "1.7"])
    assert ended.value.code == AnalysisError.exit_code
    reason = (tmp_path / "out" / "failures.csv").read_text()
    assert f"the analysis in {folder} was written by a newer humanpose" in reason
    assert "Traceback" not in capfd.readouterr().err
    assert record_of(folder)["schema"] == LATER


# ---------------------------------------------------------------- damage

NO_NUMBERS: dict[str, object] = {
    "negative": -1, "a text": "1", "beyond all numbers": 1e300, "no whole number": 1.0,
    "beyond all schemas": 10**30, "yes": True, "a list": [1, 1],
}  # fmt: skip


@pytest.mark.parametrize("file", ["record", "arrays"])
@pytest.mark.parametrize("value", NO_NUMBERS.values(), ids=NO_NUMBERS.keys())
def test_what_is_no_schema_is_damage(copy: Path, file: str, value: object) -> None:
    spoilt = {"record": record_of(copy), "arrays": arrays_of(copy)}[file] | {"schema": value}
    if value == 10**30 and file == "arrays":
        spoilt["schema"] = np.array([value], dtype=object)
    rewrite(copy, **{file: spoilt})
    with pytest.raises(AnalysisError, match=r"is damaged; analyse it again$"):
        load_analysis(copy)


@pytest.mark.parametrize("value", NO_NUMBERS.values(), ids=NO_NUMBERS.keys())
def test_what_is_no_schema_of_a_file_is_damage(tmp_path: Path, value: object) -> None:
    manifest = json.dumps({"schema": value}).encode()
    spoilt = changed(
        KEPT / "refined.humanpose", tmp_path / "a", lambda e: e | {"humanpose.json": manifest}
    )
    with pytest.raises(AnalysisError, match=r"not a \.humanpose file, or it is damaged"):
        open_bundle(spoilt, tmp_path / "into")


# ---------------------------------------------------------------- what a schema is

ARRAYS_OF = {
    1: {
        "angle_confidence", "angle_names", "angle_sd", "angles", "angles_raw",
        "augmented_confidence", "fps", "gates_angles", "gates_joints", "group_confidence",
        "joint_confidence", "joints_camera", "joints_camera_raw", "joints_world",
        "keypoints_2d", "limb_confidence", "limb_directions", "marker_confidence",
        "marker_estimated", "time", "up_camera", "visibility",
    },
}  # fmt: skip
ARRAYS_OF[2] = ARRAYS_OF[1]
ARRAYS_OF[5] = ARRAYS_OF[4] = ARRAYS_OF[3] = ARRAYS_OF[2] | {"background_edges"}
SETTINGS_OF = {
    1: {
        "augmentation_cycles", "augmenter", "cutoff_hz", "end_s", "estimate_missing", "filter",
        "force_complete", "fov_deg", "fps", "height_m", "joint_model_path", "joint_refinement",
        "main_refiner", "main_refiner_path", "mass_kg", "max_gap_s", "max_minutes",
        "neutral_at_s", "person", "person_at", "pof", "pof_model_path", "start_s",
        "visibility_min",
    },
}  # fmt: skip
SETTINGS_OF[3] = SETTINGS_OF[2] = SETTINGS_OF[1] | {"accurate"}
SETTINGS_OF[5] = SETTINGS_OF[4] = SETTINGS_OF[3] | {"every_frame"}
RECORD_OF = {
    1: {
        "checkpoint_sha256", "clip", "fps", "frames", "image_size", "lengths", "quality",
        "schema", "seconds", "settings", "start_s", "versions", "warnings",
    },
}  # fmt: skip
RECORD_OF[4] = RECORD_OF[3] = RECORD_OF[2] = RECORD_OF[1]
RECORD_OF[5] = RECORD_OF[4] | {"movement"}
RAISE_IT = "raise SCHEMA, add the step to schema.py and the new names beside the old ones here"


def test_no_name_changes_without_another_schema(tmp_path: Path) -> None:
    assert ARRAYS_OF[SCHEMA] == npz.ARRAY_NAMES | npz.GATE_NAMES, RAISE_IT
    assert {field.name for field in fields(Settings)} == SETTINGS_OF[SCHEMA], RAISE_IT
    assert record_of(refined_analysis(2).save(tmp_path)).keys() == RECORD_OF[SCHEMA], RAISE_IT


def test_every_earlier_schema_has_its_step() -> None:
    for steps in (ARRAYS, RECORD, SETTINGS):
        assert steps.keys() == set(range(SCHEMA))
