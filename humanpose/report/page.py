"""The report: one HTML page that holds everything, to print or to keep.

It asks nothing of the network: style, figures and pictures are inside, there is no script, and
its own policy forbids both. The template, ``assets/report.html``, escapes what users typed.
"""

import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from functools import cached_property

import pandas as pd
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from reportlab.graphics.shapes import Drawing

from humanpose.analysis import Analysis
from humanpose.assets import ASSETS
from humanpose.kinematics.angles import subtract_neutral
from humanpose.labels import movement_label, shown_angles
from humanpose.lengths import height_words
from humanpose.measures.events import Event
from humanpose.measures.movement import Items, side_curves
from humanpose.measures.neutral import doubt_about_neutral, neutral_sentence
from humanpose.measures.own_measures import not_told
from humanpose.measures.presets import PRESETS, Preset, columns_of
from humanpose.measures.repetitions import Repetition
from humanpose.quality.angle_trust import errors_note
from humanpose.quality.check import Check, overall
from humanpose.report import charts, tables
from humanpose.report.distrust import distrust
from humanpose.report.key_frames import KeyFrame
from humanpose.report.key_numbers import KeyNumber, key_numbers
from humanpose.report.marks import marks_table
from humanpose.report.number_table import ends_of, number_table
from humanpose.report.remarks import Remarks
from humanpose.report.tables import Table
from humanpose.runtime.cells import csv_of
from humanpose.sequence import JointAngles
from humanpose.version import __version__
from humanpose.words import ENGLISH, joined, own_point, say, speaking, spoken, to_say
from humanpose.words.again import retold

TEMPLATES = Environment(
    loader=FileSystemLoader(ASSETS),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
TEMPLATES.globals |= {"say": say, "spoken": spoken, "retold": retold, "point": own_point}


NO_NORMS = to_say(
    "No reference bands are drawn: we know of no published norm that was taken with one camera"
    " and these angle definitions. Compare with the person's own earlier clips instead."
)
_PANEL_PT = 180.0, 96.0
_TARGET_PT = 36.0
_NUMBERS_NOTE = to_say(
    "95 % band: scatter over the repetitions or steps, and what all of them may be off alike; –"
    " where it is not known."
)
_CHANGE_NOTE = to_say(
    "A change is named only beyond the MDC, minimal detectable change: clips that are alike"
    " are measured as less different in 95 % of cases (Weir 2005)."
)


@dataclass(frozen=True, eq=False)
class Earlier:
    """An earlier clip of the person, to tell a change from."""

    analysis: Analysis
    items: Items
    """What repeats in it, of the same preset."""
    when: str
    """Which one it is, in words."""


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
    before: Earlier | None = None
    targets: Mapping[str, tuple[float, float]] = field(default_factory=dict)
    """The clinic's own: measure → from and to."""
    language: str = ENGLISH
    """Of the report."""

    @property
    def preset(self) -> Preset:
        return PRESETS[self.remarks.preset]

    @property
    def titles(self) -> list[str]:
        """Of the preset's movements, in order."""
        stems = self.preset.movements
        labels = (movement_label(columns_of(stem), clinical=self.clinical) for stem in stems)
        return [spoken(label) for label in labels]

    @cached_property
    def angles(self) -> JointAngles:
        """The angles as they are shown: against the neutral pose, in the signs chosen."""
        angles = self.analysis.joint_angles
        if self.remarks.neutral_at_s is not None:
            angles = subtract_neutral(angles, at_s=self.remarks.neutral_at_s)
        return shown_angles(angles, clinical=self.clinical)

    @cached_property
    def sides(self) -> pd.DataFrame:
        """Right against left, as the table and its CSV have it."""
        return tables.compared_sides(self.analysis, self.angles, self.preset, self.items)

    @cached_property
    def numbers(self) -> list[KeyNumber]:
        """Those that matter, each with its band and its change."""
        before = None if self.before is None else (self.before.analysis, self.before.items)
        now = self.analysis, self.items
        return key_numbers(now, self.preset, before=before, clinical=self.clinical)

    @property
    def number_table(self) -> Table:
        """As they are shown."""
        compared = self.before is not None
        return number_table(self.numbers, compared=compared, targets=self.targets)

    @property
    def numbers_csv(self) -> str:
        """For a spreadsheet, a row each."""
        rows = pd.DataFrame([asdict(one) for one in self.numbers])
        rows = rows.rename(columns={"half": "half_of_95_percent_band", "earlier": "last_time"})
        return csv_of(rows.assign(movement=self.remarks.preset), float_format="%.4g")

    @cached_property
    def marks_table(self) -> Table | None:
        """The angles at the events that somebody marked; None without any."""
        if not self.remarks.marks:
            return None
        shown = self.preset.columns, self.remarks.marks
        return marks_table(self.angles, *shown, clinical=self.clinical)

    @property
    def numbers_note(self) -> str:
        """What the band and the change are."""
        missing = not_told(self.analysis, self.preset)
        change = _CHANGE_NOTE if self.before else ""
        return say(joined(filter(None, (_NUMBERS_NOTE, change, missing))))

    @property
    def distrust(self) -> str:
        """One sentence: what not to trust."""
        return distrust(self.analysis, self.preset, self.checks, clinical=self.clinical)

    @property
    def analysed_words(self) -> str:
        """When it was analysed."""
        return time.strftime(say("%d %B %Y, %H:%M"), time.localtime(self.analysed_at))

    @property
    def neutral_words(self) -> str:
        """Which pose the angles count from, and why it may be none to count from."""
        at_s = self.remarks.neutral_at_s
        if at_s is None:
            words = spoken(neutral_sentence(self.analysis))
            return words and f"{words[0].upper()}{words[1:]}."
        counted = say("Counted from the pose at {seconds:.2f} s.", seconds=at_s)
        doubt = doubt_about_neutral(self.analysis, at_s=at_s)
        return f"{counted} {spoken(doubt)}".rstrip()


def panels(source: ReportSource, *, size_pt: tuple[float, float]) -> list[Drawing]:
    """The angles over time, a panel a movement."""
    shaded = [
        (item.start_s, item.end_s)
        for item in source.items
        if isinstance(item, Repetition) and not item.excluded
    ]
    return [
        charts.panel(title, charts.over_time(source.angles, stem), size_pt=size_pt,
                     below=say("time, s"), shaded=shaded)
        for stem, title in zip(source.preset.movements, source.titles, strict=True)
    ]  # fmt: skip


def target_panels(source: ReportSource, *, width_pt: float) -> list[Drawing]:
    """The numbers that have a target, each beside it."""
    return [
        charts.target_panel(spoken(one.words), (one.value, one.half), target,
                            ends=ends_of(one, target), size_pt=(width_pt, _TARGET_PT))
        for one in source.numbers
        if (target := source.targets.get(one.name))
    ]  # fmt: skip


def cycle_panels(source: ReportSource, *, size_pt: tuple[float, float]) -> list[Drawing]:
    """Their means over a cycle; nothing where none is whole."""
    curves = side_curves(source.angles, source.items)
    if not any(len(one.degrees) for one in curves.values()):
        return []
    return [
        charts.panel(title, charts.over_cycle(curves, stem), size_pt=size_pt,
                     below=say("% of the cycle"))
        for stem, title in zip(source.preset.movements, source.titles, strict=True)
    ]  # fmt: skip


def report_html(source: ReportSource) -> str:
    """The whole page, in the language of the source."""
    with speaking(source.language):
        return _html(source)


def _html(source: ReportSource) -> str:
    analysis, preset, clinical = source.analysis, source.preset, source.clinical
    cycles = cycle_panels(source, size_pt=_PANEL_PT)
    aims = target_panels(source, width_pt=_PANEL_PT[0])
    return TEMPLATES.get_template("report.html").render(
        source=source,
        curves=charts.as_svg(panels(source, size_pt=_PANEL_PT), alt=say("Angles over time")),
        aims=aims and charts.as_svg(aims, alt=say("Values beside their targets")),
        cycles=cycles and charts.as_svg(cycles, alt=say("Mean angles over a cycle")),
        no_norms=say(NO_NORMS),
        height=say(height_words(analysis.settings)),
        counted=count_items(source) if source.items else None,
        ranges=tables.range_table(analysis, source.angles, preset.columns, clinical=clinical),
        sides=tables.symmetry_table(source.sides, preset, source.items, clinical=clinical),
        errors_note=spoken(errors_note(analysis.settings)),
        overall=say(overall(source.checks).finding),
        quality=tables.quality_table(source.checks),
        settings=tables.settings_table(analysis),
        version=__version__,
    )


@dataclass(frozen=True)
class Counted:
    """Repetitions or gait cycles: in the mean, one by one, and what their curves leave out."""

    means: Table
    rows: Table
    reasons: list[str]


def count_items(source: ReportSource) -> Counted:
    """The tables of what repeats."""
    events = [item for item in source.items if isinstance(item, Event)]
    repetitions = [item for item in source.items if isinstance(item, Repetition)]
    shown = source.analysis, source.angles, source.preset, repetitions
    if events:
        means = tables.gait_table(source.analysis, events)
        rows = tables.gait_cycle_table(source.analysis, events)
    else:
        means = tables.repetition_means(*shown, clinical=source.clinical)
        rows = tables.repetition_rows(*shown, clinical=source.clinical)
    curves = side_curves(source.angles, source.items).values()
    reasons = dict.fromkeys(retold(curve.reason) for curve in curves)
    return Counted(means, rows, list(reasons))
