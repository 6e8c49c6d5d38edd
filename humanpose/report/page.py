"""The report: one HTML page that holds everything, to print or to keep.

It asks nothing of the network: style, figures and pictures are inside, there is no script, and
its own policy forbids both. What users typed is escaped (``humanpose.report.markup``).
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from humanpose.analysis import Analysis
from humanpose.assets import ASSETS
from humanpose.kinematics.angles import subtract_neutral
from humanpose.labels import movement_label, shown_angles
from humanpose.lengths import height_words
from humanpose.measures.events import Event
from humanpose.measures.movement import Items, side_curves
from humanpose.measures.presets import PRESETS, Preset, columns_of
from humanpose.measures.repetitions import Repetition
from humanpose.quality.checks import Check
from humanpose.report import tables
from humanpose.report.figures import as_svg, curve_figure, cycle_figure
from humanpose.report.key_frames import KeyFrame
from humanpose.report.markup import Markup, joined, paragraphs, table, tag
from humanpose.report.remarks import Remarks
from humanpose.sequence import JointAngles
from humanpose.version import __version__

NOT_A_DEVICE = (
    "Not a medical device. One camera, no markers: movements and ranges of motion are useful,"
    " absolute values to within 5° are not. Don't base a diagnosis or a treatment on it alone."
)
CONSENT = (
    "This report shows a person and how they move. Keep and pass it on only as far as that"
    " person has agreed to."
)
NO_REFERENCE = (
    "No reference bands are drawn: we know of no published norm that was taken with one camera"
    " and these angle definitions."
)

_STYLE = ASSETS / "report.css"
_POLICY = "default-src 'none'; img-src data:; style-src 'unsafe-inline'"
_STATES = {
    "good": "✓ good",
    "watch": "! look at it",
    "bad": "✗ act on it",
    "unknown": "? not known",
}
_KEYS = Markup(
    '<p class="keys"><span class="right">R ▬ right</span> <span class="left">L ▬ left</span>'
    " faint: inferred · band: 90 % of the truth, where it is known</p>"
)


@dataclass(frozen=True, eq=False)
class ReportSource:
    """What goes into a report."""

    analysis: Analysis
    remarks: Remarks
    items: Items
    """Repetitions or gait events of the chosen preset, as corrected."""
    reason: str
    """Why there are none, or what was left out; empty where nothing was."""
    checks: Sequence[Check]
    key_frames: Sequence[KeyFrame]
    label: str
    """The user's name for the clip."""
    analysed_at: float
    """Seconds since the epoch."""
    clinical: bool = True
    """Clinical words and signs, or the contract's names."""

    @property
    def preset(self) -> Preset:
        return PRESETS[self.remarks.preset]

    @property
    def titles(self) -> list[str]:
        """Of the preset's movements, in order."""
        stems = self.preset.movements
        return [movement_label(columns_of(stem), clinical=self.clinical) for stem in stems]

    @cached_property
    def angles(self) -> JointAngles:
        """The angles as they are shown: against the neutral pose, in the signs chosen."""
        angles = self.analysis.joint_angles
        if self.remarks.neutral_at_s is not None:
            angles = subtract_neutral(angles, at_s=self.remarks.neutral_at_s)
        return shown_angles(angles, clinical=self.clinical)


@dataclass(frozen=True)
class ReportFigures:
    """The report's figures, which take most of its time."""

    curves: Markup
    cycles: Markup
    """Empty where nothing repeats."""


def draw(source: ReportSource) -> ReportFigures:
    """The angles over time, and their means over a cycle, as SVG."""
    shown = source.preset.movements, source.titles
    spans = [
        (item.start_s, item.end_s)
        for item in source.items
        if isinstance(item, Repetition) and not item.excluded
    ]
    over_time = curve_figure(source.angles, *shown, spans=spans)
    curves = side_curves(source.angles, source.items)
    cycles = Markup()
    if any(len(c.degrees) for c in curves.values()):
        cycles = as_svg(cycle_figure(curves, *shown), alt="Mean angles over a cycle")
    return ReportFigures(as_svg(over_time, alt="Angles over time"), cycles)


def report_html(source: ReportSource, figures: ReportFigures) -> str:
    """The whole page, with the ``figures`` that ``draw`` makes of the same source."""
    title = source.remarks.person or source.label
    head = tag(
        "head",
        tag("meta", charset="utf-8"),
        tag("meta", http_equiv="Content-Security-Policy", content=_POLICY),
        tag("meta", name="viewport", content="width=device-width, initial-scale=1"),
        tag("title", f"{title}: movement report"),
        tag("style", Markup(_STYLE.read_text(encoding="utf-8"))),
    )
    parts = (
        _header(source, title),
        _pictures(source),
        _counted(source, figures.cycles),
        _ranges(source),
        _curves(figures.curves),
        _quality(source),
        _notes(source),
        _footer(),
    )
    page = tag("html", head, tag("body", tag("main", *parts)), lang="en")
    return f"<!DOCTYPE html>\n{page}\n"


def _header(source: ReportSource, title: str) -> Markup:
    timeline = source.analysis.timeline
    facts = {
        "Clip": f"{source.label}, {timeline.frames / timeline.fps:.1f} s from"
        f" {timeline.start_s:.2f} s on, {timeline.frames} frames at {timeline.fps:.4g}/s",
        "Filmed": source.remarks.filmed or "not stated",
        "Analysed": time.strftime("%d %B %Y, %H:%M", time.localtime(source.analysed_at)),
        "Shown": f"{source.preset.title}. {source.preset.about}",
        "Angles": _sign_sentence(source),
        "Lengths": _length_sentence(source),
    }
    return tag(
        "header",
        tag("h1", title),
        tag("dl", *(joined((tag("dt", k), tag("dd", v))) for k, v in facts.items())),
        tag("p", NOT_A_DEVICE, class_="warning"),
    )


def _sign_sentence(source: ReportSource) -> str:
    names = (
        "Degrees, in clinical words; positive is what the name says."
        if source.clinical
        else "Degrees, in OpenSim's names and signs."
    )
    if source.remarks.neutral_at_s is None:
        return names
    return f"{names} Counted from the pose at {source.remarks.neutral_at_s:.2f} s."


def _length_sentence(source: ReportSource) -> str:
    settings = source.analysis.settings
    if settings.lengths_are_relative:
        return "Relative: the person's height is not known; they are given in body heights."
    return f"From the person's {height_words(settings)}."


def _pictures(source: ReportSource) -> Markup:
    if not source.key_frames:
        return Markup()
    figures = (
        tag("figure", tag("img", src=k.data_url, alt=k.caption), tag("figcaption", k.caption))
        for k in source.key_frames
    )
    return tag("section", tag("h2", "Key frames"), tag("div", *figures, class_="strip"))


def _counted(source: ReportSource, cycles: Markup) -> Markup:
    """Repetitions or steps: in the mean, as curves over a cycle, and one by one."""
    if source.preset.repeats == "nothing":
        return Markup()
    words = "Steps and gait cycles" if source.preset.repeats == "gait" else "Repetitions"
    return tag(
        "section",
        tag("h2", words),
        _note(source.reason),
        *(_means_and_rows(source, cycles) if source.items else ()),
    )


def _means_and_rows(source: ReportSource, cycles: Markup) -> tuple[Markup, ...]:
    events = [item for item in source.items if isinstance(item, Event)]
    repetitions = [item for item in source.items if isinstance(item, Repetition)]
    shown = source.angles, source.preset, repetitions
    if events:
        means = tables.gait_table(source.analysis, events)
        rows = tables.gait_cycle_table(source.analysis, events)
    else:
        means = tables.repetition_means(*shown, clinical=source.clinical)
        rows = tables.repetition_rows(*shown, clinical=source.clinical)
    return _table("means", means), _cycles(source, cycles), _table("items", rows)


def _cycles(source: ReportSource, figure: Markup) -> Markup:
    curves = side_curves(source.angles, source.items)
    reasons = dict.fromkeys(_note(c.reason) for c in curves.values())
    drawn = (_KEYS, figure, _note(NO_REFERENCE)) if figure else ()
    return joined((tag("h3", "Mean ± 1 SD over a cycle"), *reasons, *drawn))


def _ranges(source: ReportSource) -> Markup:
    ranges = tables.range_table(
        source.analysis, source.angles, source.preset.columns, clinical=source.clinical
    )
    sides = tables.symmetry_table(source.angles, source.preset, clinical=source.clinical)
    return tag(
        "section",
        tag("h2", "Range of motion, whole clip"),
        _table("ranges", ranges),
        _note(
            "Typical error: mean error of the same method in this view, after one constant per"
            " clip, on rendered people held out from training. Good: within 5°; fair: 10°"
        ),
        tag("h2", "Right against left"),
        _table("symmetry", sides),
        _note(
            "Symmetry index: (right − left) / mean (Robinson et al. 1987); symmetry angle:"
            " Zifchock et al. 2008; both 0 where the sides are alike"
        ),
    )


def _curves(figure: Markup) -> Markup:
    return tag("section", tag("h2", "Angles over time"), _KEYS, figure)


def _quality(source: ReportSource) -> Markup:
    rows = [(c.name, [c.name, _STATES[c.state], c.finding, c.advice]) for c in source.checks]
    settings = tables.settings_table(source.analysis)
    return tag(
        "section",
        tag("h2", "Quality and limits"),
        table(["What", "", "Found", "What to do, what to know"], rows, id="quality"),
        *(_note(warning) for warning in source.analysis.warnings),
        tag("h2", "Settings and versions"),
        _table("settings", settings),
    )


def _notes(source: ReportSource) -> Markup:
    if not source.remarks.notes.strip():
        return Markup()
    return tag("section", tag("h2", "Notes"), paragraphs(source.remarks.notes), id="notes")


def _footer() -> Markup:
    return tag("footer", tag("p", CONSENT), tag("p", f"Made with humanpose {__version__}."))


def _table(name: str, content: tables.Table) -> Markup:
    return table(content.heads, content.rows, id=name)


def _note(sentence: str) -> Markup:
    """Nothing where there is no sentence."""
    if not sentence:
        return Markup()
    return tag("p", f"{sentence[0].upper()}{sentence[1:].rstrip('.')}.", class_="note")
