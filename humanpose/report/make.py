"""A report of a saved analysis, written as a PDF or as an HTML page."""

from pathlib import Path

from humanpose.analysis import Analysis
from humanpose.measures.movement import Items, find_items
from humanpose.measures.presets import PRESETS
from humanpose.quality.checks import checks
from humanpose.report.key_frames import key_frames, moments
from humanpose.report.page import Earlier, ReportSource, report_html
from humanpose.report.pdf import report_pdf
from humanpose.report.remarks import Remarks
from humanpose.runtime.replace import output_errors, replaced_file


def earlier_of(
    analysis: Analysis, remarks: Remarks, *, corrected: Items | None = None, when: str = ""
) -> Earlier:
    """An earlier analysis, to compare with in a report with these remarks.

    Args:
        corrected: what repeats in it; None: as it is found.
        when: which one it is, in words; else the clip's name.
    """
    items = corrected
    if items is None:
        items = find_items(analysis, PRESETS[remarks.preset]).items
    return Earlier(analysis, items, when=when or analysis.clip_name)


def source_of(
    analysis: Analysis,
    remarks: Remarks,
    *,
    analysed_at: float,
    clip: Path | None = None,
    before: Earlier | None = None,
) -> ReportSource:
    """All that goes into the report, with what repeats as it is found.

    Args:
        analysed_at: seconds since the epoch.
        clip: the video as it was analysed; without it the pictures show the skeleton alone.

    Raises:
        ClipError: the clip cannot be read.
    """
    preset = PRESETS[remarks.preset]
    found = find_items(analysis, preset)
    turn, marks = preset.phases.turn, remarks.marks
    pictured = moments(found.items, analysis.timeline, turn=turn, marks=marks)
    start_s = analysis.timeline.start_s
    return ReportSource(
        analysis=analysis,
        remarks=remarks,
        items=found.items,
        reason=found.reason,
        checks=checks(analysis, preset=remarks.preset, items=found.items),
        key_frames=key_frames(clip, analysis, pictured, clip_start_s=start_s),
        label=analysis.clip_name,
        analysed_at=analysed_at,
        before=before,
    )


def write_report(source: ReportSource, out: Path) -> None:
    """As HTML where ``out`` ends so, its numbers alone as CSV, else as a PDF; whole or not at
    all.

    Raises:
        OutputError: it cannot be written.
    """
    if out.suffix.lower() == ".html":
        content = report_html(source).encode()
    elif out.suffix.lower() == ".csv":
        content = source.numbers_csv.encode()
    else:
        content = report_pdf(source)
    with output_errors(out):
        out.parent.mkdir(parents=True, exist_ok=True)
    with replaced_file(out) as draft:
        draft.write_bytes(content)
