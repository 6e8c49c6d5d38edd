"""The tables of the report: numbers from ``measures``, and words for them in the reader's
language."""

import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields
from decimal import ROUND_HALF_UP, Decimal

import pandas as pd
from markupsafe import Markup

from humanpose.analysis import Analysis
from humanpose.labels import angle_label, movement_label
from humanpose.lengths import length_unit
from humanpose.measures.events import Event
from humanpose.measures.gait_measures import cycle_table, gait_summary
from humanpose.measures.gait_sides import gait_sides
from humanpose.measures.movement import Items, repetition_summary, side_curves
from humanpose.measures.own_measures import OWN_MEASURES, own_measures
from humanpose.measures.presets import Preset, columns_of
from humanpose.measures.ranges import angle_measures
from humanpose.measures.repetitions import Repetition, repetition_table
from humanpose.measures.sides import cycle_symmetry, symmetry
from humanpose.quality.angle_trust import angle_trust, range_errors
from humanpose.quality.check import Check
from humanpose.sequence import JointAngles
from humanpose.settings import Settings
from humanpose.words import own_point, say, spoken, to_say
from humanpose.words.again import retold

_HINTED = Markup('<span title="{}">{}</span>')
"""Unit and sign on hover."""
_STATES = {
    "good": to_say("✓ good"),
    "watch": to_say("! look at it"),
    "bad": to_say("✗ act on it"),
    "unknown": to_say("? not known"),
}
_SIDES = {"r": to_say("right"), "l": to_say("left")}
_EXTREMES = {
    "range_deg": to_say("{angle}, range"),
    "minimum_deg": to_say("{angle}, min"),
    "maximum_deg": to_say("{angle}, max"),
}
_GAIT = {
    "step_time_s": to_say("Step time, s"),
    "step_length_m": to_say("Step length, {m}"),
    "cadence_steps_per_min": to_say("Cadence, steps/min"),
    "stride_time_s": to_say("Stride time, s"),
    "stride_length_m": to_say("Stride length, {m}"),
    "speed_m_per_s": to_say("Speed, {m}/s"),
    "stance_percent": to_say("Stance, % of the cycle"),
    "swing_percent": to_say("Swing, % of the cycle"),
    "double_support_percent": to_say("Double support, % of the cycle"),
}


@dataclass(frozen=True)
class Table:
    """Cells as they are shown."""

    heads: list[str]
    rows: list[tuple[str, list[str]]]
    """(the row's name for programs, cells)"""


def range_table(
    analysis: Analysis, angles: JointAngles, columns: Sequence[str], *, clinical: bool
) -> Table:
    """Range of motion: ``angles`` as they are shown, and how far each is to be trusted."""
    measures, trust = angle_measures(angles), angle_trust(analysis)
    rows = []
    for name in columns:
        row, sure = measures.loc[name], trust.loc[name]
        figures = [row[f"{m}_deg"] for m in ("minimum", "maximum", "range", "mean")]
        cells = [number(float(f), "°") for f in (*figures, sure["typical_error_deg"])]
        label = angle_label(name, clinical=clinical)
        head = _HINTED.format(say(label.hint), spoken(label.text))
        rows.append((name, [head, *cells, say(sure["trust"]), say(row["kind"])]))
    heads = [say("Angle"), say("Min"), say("Max"), say("Range"), say("Mean"),
             say("Typical error"), say("Trust"), say("Kind")]  # fmt: skip
    return Table(heads, rows)


def compared_sides(
    analysis: Analysis, angles: JointAngles, preset: Preset, items: Items
) -> pd.DataFrame:
    """Right against left, in the columns of ``symmetry``.

    By the ranges of the cycles or repetitions where there are any, and always in gait; else
    over the whole clip. A difference is named only beyond the minimal detectable change (MDC).
    """
    measures, errors = angle_measures(angles), range_errors(analysis)
    if not _by_cycles(preset, items):
        return symmetry(measures, range_error_deg=errors)
    return cycle_symmetry(side_curves(angles, items), measures, range_error_deg=errors)


def _by_cycles(preset: Preset, items: Items) -> bool:
    return preset.repeats == "gait" or any(not item.excluded for item in items)


def symmetry_table(
    compared: pd.DataFrame, preset: Preset, items: Items, *, clinical: bool
) -> Table:
    """Of ``compared_sides`` the range of motion of each movement that has two sides."""
    by_cycles = _by_cycles(preset, items)
    head = say("Range within a cycle, mean") if by_cycles else say("Range, whole clip")
    ranges = compared[compared["measure"] == "range"].set_index("angle")
    rows = []
    for stem in preset.movements:
        if len(columns_of(stem)) == 2:
            row = ranges.loc[stem]
            degrees = [row[f"{c}_deg"] for c in ("right", "left", "difference", "mdc")]
            percent = [row[f"symmetry_{kind}_percent"] for kind in ("index", "angle")]
            cells = [number(float(d), "°") for d in degrees]
            cells += [say(row["verdict"]), *(number(float(p), " %") for p in percent)]
            label = spoken(movement_label(columns_of(stem), clinical=clinical))
            rows.append((stem, [label, *cells, retold(row["reason"])]))
    heads = [head, *_sides_heads(), say("Symmetry index"), say("Symmetry angle"),
             say("Careful")]  # fmt: skip
    return Table(heads, rows)


def gait_table(analysis: Analysis, events: Sequence[Event]) -> Table:
    """Cadence, lengths and phases: mean ± SD (count) of each side and of both; the sides'
    difference is named only beyond the minimal detectable change (MDC)."""
    summary = gait_summary(analysis.markers, events).set_index(["measure", "side"])
    sides = gait_sides(analysis.markers, events)
    rows = []
    for measure, words in _gait_words(analysis).items():
        factor = _gait_factor(measure, analysis)
        figures = (summary.loc[(measure, side)] for side in ("r", "l", "both"))
        cells = [_mean_sd(figure, factor=factor) for figure in figures]
        cells += _apart(sides.loc[measure], factor) if measure in sides.index else [""] * 3
        reason = retold(str(summary.loc[(measure, "both"), "reason"]))
        rows.append((measure, [words, *cells, reason]))
    right, left, *apart = _sides_heads()
    return Table(
        [say("Mean ± SD (count)"), right, left, say("Both"), *apart, say("Careful")], rows
    )


def gait_cycle_table(analysis: Analysis, events: Sequence[Event]) -> Table:
    """One row per gait cycle."""
    shown, words = ["stride_time_s", "stride_length_m", "stance_percent"], _gait_words(analysis)
    rows = []
    for number_, row in enumerate(cycle_table(analysis.markers, events).to_dict("records"), 1):
        counted = say("no") if row["excluded"] else say("yes")
        values = (row[name] * _gait_factor(name, analysis) for name in shown)
        figures = (number(v, digits=d) for v, d in zip(values, (2, 2, 1), strict=True))
        cells = [number(row["start_s"], digits=2), say(_SIDES[row["side"]]), *figures]
        rows.append((str(number_), [str(number_), *cells, counted]))
    heads = [say("Cycle"), say("From, s"), say("Foot"), *(words[n] for n in shown)]
    return Table([*heads, say("Counted")], rows)


def _sides_heads() -> list[str]:
    return [say("Right"), say("Left"), say("Right − left"), say("MDC"), say("Verdict")]


def repetition_means(
    analysis: Analysis,
    angles: JointAngles,
    preset: Preset,
    items: Sequence[Repetition],
    *,
    clinical: bool,
) -> Table:
    """Mean ± SD (count) over the repetitions that count."""
    names = [name for stem in preset.told_by for name in columns_of(stem)]
    summary = repetition_summary(angles, items, names)
    rows = [
        (name, [words, "", "", _mean_sd(summary.loc[name])])
        for name, words in _durations(preset).items()
    ]
    counted = [item for item in items if not item.excluded]
    own = own_measures(analysis, preset, counted)
    for name, (words, unit) in _own_words(preset).items():
        figures = pd.Series(
            {"mean": own[name].mean(), "sd": own[name].std(), "count": own[name].count()}
        )
        rows.append((name, [words, "", "", _mean_sd(figures, unit)]))
    for stem in preset.told_by:
        columns = columns_of(stem)
        label = movement_label(columns_of(stem), clinical=clinical)
        for extreme, words in _EXTREMES.items():
            cells = [_mean_sd(summary.loc[f"{name}_{extreme}"], "°") for name in columns]
            cells = [*cells, ""] if len(columns) == 2 else ["", "", *cells]
            rows.append((f"{stem}_{extreme}", [say(words, angle=label), *cells]))
    return Table([say("Mean ± SD (count)"), say("Right"), say("Left"), say("Both")], rows)


def repetition_rows(
    analysis: Analysis,
    angles: JointAngles,
    preset: Preset,
    items: Sequence[Repetition],
    *,
    clinical: bool,
) -> Table:
    """One row per repetition: its times, the range of the first angle that tells it, and what
    its movement has of its own."""
    names, durations = columns_of(preset.told_by[0]), _durations(preset)
    own, own_words = own_measures(analysis, preset, items), _own_words(preset)
    rows = []
    for count, row in enumerate(repetition_table(angles, items, names).to_dict("records"), 1):
        times = [number(row[n], digits=2) for n in ("start_s", *durations)]
        ranges = [number(row[f"{name}_range_deg"], "°") for name in names]
        ranges += [number(own[n].iloc[count - 1], unit) for n, (_, unit) in own_words.items()]
        counted = say("no") if row["excluded"] else say("yes")
        reason = retold(row["reason"])
        rows.append((str(count), [str(count), *times, *ranges, counted, reason]))
    angle = [angle_label(n, clinical=clinical).text for n in names]
    heads = [say("No."), say("From, s"), *durations.values()]
    heads += [say(_EXTREMES["range_deg"], angle=one) for one in angle]
    heads += [words for words, _ in own_words.values()]
    return Table([*heads, say("Counted"), say("Careful")], rows)


def _durations(preset: Preset) -> dict[str, str]:
    """What the durations of a repetition are called, by their columns."""
    phases = preset.phases
    whole = say("Flight time") if preset.repeats == "jump" else say("Duration")
    words = {"duration_s": whole, "out_s": say(phases.out), "back_s": say(phases.back)}
    return {name: f"{word}, s" for name, word in words.items()}


def _own_words(preset: Preset) -> dict[str, tuple[str, str]]:
    """Words and unit of the measures of a movement's own that are no durations."""
    own = OWN_MEASURES.get(preset.repeats, {})
    told = {n: one for n, one in own.items() if n not in _durations(preset)}
    return {n: (say(one.words), one.unit) for n, one in told.items()}


def quality_table(checks: Sequence[Check]) -> Table:
    """What was checked, what was found, and what to do about it."""
    rows = [
        (c.name, [*map(spoken, (c.name, _STATES[c.state], c.finding, c.advice))])
        for c in checks
    ]
    return Table([say("What"), "", say("Found"), say("What to do, what to know")], rows)


def settings_table(analysis: Analysis) -> Table:
    """Every setting that is not the default, the versions and the models."""
    given = asdict(analysis.settings)
    defaults = {f.name: f.default for f in fields(Settings)}
    rows = [
        (name, [name, _plain(value)])
        for name, value in given.items()
        if value != defaults[name] and not name.endswith("_path")
    ]
    rows += [(name, [name, value]) for name, value in analysis.provenance.items()]
    return Table([say("Setting or version"), say("Value")], rows)


def number(value: float, unit: str = "", *, digits: int = 1) -> str:
    """``12.3°``; a dash where nothing is known. Halves are rounded up, as browsers do."""
    if math.isnan(value):
        return "–"
    text = str(Decimal(float(value)).quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP))
    unsigned = text[1:] if text.strip("-0.") == "" else text
    return own_point(unsigned if text[0] == "-" else text) + unit


def _gait_words(analysis: Analysis) -> dict[str, str]:
    """What the measures are called, with the unit that lengths have in this analysis."""
    unit = length_unit(analysis.settings).m
    return {name: say(words, m=unit) for name, words in _GAIT.items()}


def _gait_factor(measure: str, analysis: Analysis) -> float:
    is_length = measure.endswith(("_m", "_m_per_s"))
    return length_unit(analysis.settings).factor if is_length else 1.0


def _mean_sd(row: pd.Series, unit: str = "", *, factor: float = 1.0) -> str:
    mean, sd = factor * row["mean"], factor * row["sd"]
    digits = 1 if unit or abs(mean) >= 10 else 2
    if math.isnan(mean):
        return "–"
    spread = "" if math.isnan(sd) else f" ± {number(sd, digits=digits)}"
    return f"{number(mean, digits=digits)}{spread}{unit} ({row['count']:.0f})"


def _apart(row: pd.Series, factor: float) -> list[str]:
    """Difference, MDC and verdict of a measure of gait."""
    digits = 1 if row.name in ("stance_percent", "swing_percent") else 2
    figures = (factor * row[name] for name in ("difference", "mdc"))
    return [*(number(float(f), digits=digits) for f in figures), say(row["verdict"])]


def _plain(value: object) -> str:
    if isinstance(value, bool):
        return say("on") if value else say("off")
    return f"{value:g}" if isinstance(value, float) else str(value)
