"""Names that are formulas, given to a running app; what it hands out has no formula in it."""

import csv
import io
import json
import time
import zipfile
from pathlib import Path

from humanpose.io.bundle import REMARKS, save_bundle
from humanpose.report.remarks import Remarks, mark, to_json
from humanpose.runtime.cells import words_of
from humanpose.server.batches import Batch
from humanpose.server.entry import Entry
from humanpose.server.jobstate import read_state
from tests.io.test_bundle import changed
from tests.support.attacker import ask
from tests.support.browser import running_app
from tests.support.places import DATA
from tests.support.synthetic import refined_analysis
from tests.support.visit import FILE_UPLOADER, visit

CLIP = DATA / "small_person.mp4"
FORMULA = "=cmd|' /C calc'!A0"
_CLIPS = "Drop videos here, one person in each"
_TABLE = "One row per clip. Columns: clip, height, and optionally subject, mass, start."
_SIGNS = tuple("=+-@\t\r＝")
_PATIENCE_S = 120.0


def cells(archive: bytes) -> list[str]:
    """Of all CSV files in a ZIP, lines of remarks as they stand, numbers left out."""
    found = []
    with zipfile.ZipFile(io.BytesIO(archive)) as files:
        for name in files.namelist():
            if name.endswith(".csv"):
                text = files.read(name).decode("utf-8-sig")
                found += [cell for row in csv.reader(io.StringIO(text)) for cell in row]
    return [cell for cell in found if not is_number(cell)]


def is_number(cell: str) -> bool:
    try:
        float(cell)
    except ValueError:
        return False
    return True


def wait_for_batch() -> str:
    """Until the only one is done; its link."""
    limit = time.monotonic() + _PATIENCE_S
    [batch] = Batch.newest()
    while read_state(batch).active and time.monotonic() < limit:
        time.sleep(0.1)
    assert read_state(batch).state == "done"
    return batch.about.link


def test_the_tables_of_a_batch_hold_no_formula(home: Path) -> None:
    table = io.StringIO()
    rows = csv.writer(table)
    rows.writerow(["clip", "subject", "height", "pof", "joint_refinement"])
    rows.writerow([f"{FORMULA}.mp4", FORMULA, "1.8", "no", "no"])
    with running_app(home) as url, visit(url) as page:
        page.open("batch")
        page.upload(_CLIPS, f"{FORMULA}.mp4", CLIP.read_bytes())
        page.upload(_TABLE, "people.csv", table.getvalue().encode())
        page.click("Analyse 1 clip")
        assert not page.words
        status, _, archive = ask(url, f"/batches/{wait_for_batch()}.zip")
    assert status == 200
    given = cells(archive)
    assert FORMULA in map(words_of, given)
    assert not [cell for cell in given if cell.startswith(_SIGNS)]


def test_the_files_of_a_received_analysis_hold_no_formula(home: Path, tmp_path: Path) -> None:
    file = save_bundle(refined_analysis(20).save(tmp_path / "a"), tmp_path / "a.humanpose")
    remarks = to_json(Remarks(marks=(mark(FORMULA, 0.2),), person=FORMULA, notes=FORMULA))

    def with_formulas(entries: dict[str, bytes]) -> dict[str, bytes]:
        record = json.loads(entries["analysis.json"]) | {"clip": f"{FORMULA}.mp4"}
        return entries | {
            "analysis.json": json.dumps(record).encode(),
            REMARKS: json.dumps(remarks).encode(),
        }

    content = changed(file, tmp_path / "b.humanpose", with_formulas).read_bytes()
    with running_app(home) as url, visit(url) as page:
        page.upload(FILE_UPLOADER, "b.humanpose", content)
        [entry] = Entry.newest()
        page.open("export", f"a={entry.about.link}")
        page.click("Pack as ZIP")
        assert not page.words
    [packed] = entry.folder.glob("files-*.zip")
    given = cells(packed.read_bytes())
    assert FORMULA in map(words_of, given)
    assert not [cell for cell in given if cell.startswith(_SIGNS)]
