"""The five numbers that matter for a movement: each with its band, and whether it changed.

Only what a change can be told of is among them: ranges of motion, times and steps. Where an
angle lies as a whole has a constant error in every clip.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.stats import t as student

from humanpose.analysis import Analysis
from humanpose.labels import angle_label
from humanpose.lengths import length_unit
from humanpose.measures import detectable
from humanpose.measures.events import SIDES, Event
from humanpose.measures.gait import counted_cycles
from humanpose.measures.gait_measures import cycle_table, step_table
from humanpose.measures.gait_sides import OWN_ERROR
from humanpose.measures.movement import Items
from humanpose.measures.own_measures import (
    OWN_MEASURES,
    error_of,
    flight_error_s,
    own_measures,
)
from humanpose.measures.presets import Preset, columns_of
from humanpose.measures.ranges import angle_measures
from humanpose.measures.repetitions import Repetition, repetition_table
from humanpose.quality.angle_trust import range_errors
from humanpose.sequence import Floats
from humanpose.words import joined, to_say

COUNT = 5
GAIT = {
    "cadence_steps_per_min": (to_say("Cadence"), "/min"),
    "step_length_m_r": (to_say("Step length, right"), " m"),
    "step_length_m_l": (to_say("Step length, left"), " m"),
    "stance_percent_r": (to_say("Stance, right"), " %"),
    "stance_percent_l": (to_say("Stance, left"), " %"),
}
DURATION, ALL = "duration_s", "all_s"
_OWN = OWN_ERROR | {"cadence_steps_per_min": 4.8, DURATION: 0.2, ALL: 0.3}
"""What a clip may be off as a whole, SD; cautious, as the others: the farthest that cadence was
off in the sample and seven walks, and a squat's start in the sample (``docs/measures.md``)."""


@dataclass(frozen=True, eq=False)
class Sample:
    """One measure of one clip."""

    values: Floats
    """(N,) one a repetition, step or cycle that counts; one alone of a whole clip."""
    own_error: float
    """What all of them may be off in the same way, SD; NaN where nobody knows."""
    single: bool = False
    """One range alone, whose scatter is in ``own_error``, too."""

    @property
    def mean(self) -> float:
        return float(self.values.mean()) if len(self.values) else np.nan

    @property
    def half(self) -> float:
        """Half the band that holds the true mean in 95 % of cases; NaN where it is not known,
        as for one repetition alone."""
        count = len(self.values)
        scatter = 0.0 if self.single else np.nan
        if count > 1:
            scatter = student.ppf(0.975, count - 1) * self.values.std(ddof=1) / np.sqrt(count)
        return float(np.hypot(scatter, 1.96 * self.own_error))


@dataclass(frozen=True)
class KeyNumber:
    """A measure as it is shown; NaN where something is not known."""

    name: str
    words: str
    unit: str
    value: float
    half: float
    """Half its band, 95 %."""
    count: int
    """How many values carry it."""
    earlier: float
    mdc: float
    """What a change since then would have to exceed."""
    verdict: str
    """*larger*, *smaller*, *within error*, *not judged* or *not known*."""


def names_of(analysis: Analysis, preset: Preset, items: Items) -> list[str]:
    """The five measures of a clip, by name: an angle's column stands for its range."""
    if any(isinstance(item, Event) for item in items):
        return list(GAIT)
    if _counted(items):
        told = [column for stem in preset.told_by for column in columns_of(stem)]
        of_its_own = names_of_its_own(preset)
        both_sides = (COUNT - len(of_its_own)) // 2 * 2
        return [*told[:both_sides], *of_its_own]
    measures = angle_measures(analysis.joint_angles).loc[list(preset.columns)]
    tested = range_errors(analysis)[measures.index].notna()
    known = measures[(measures["kind"] == "measured") & tested]
    return list(known["range_deg"].nlargest(COUNT).index)


def names_of_its_own(preset: Preset) -> list[str]:
    """What is told of a movement that repeats, beside its angles."""
    whole = [ALL] if preset.repeats == "sit_to_stand" else []
    return [*OWN_MEASURES.get(preset.repeats, {}), DURATION, *whole]


def samples(
    analysis: Analysis, preset: Preset, names: Sequence[str], items: Items
) -> dict[str, Sample]:
    """The measures of one clip; of an angle its range in a repetition that counts, or in the
    whole clip where nothing repeats."""
    events = [item for item in items if isinstance(item, Event)]
    if events:
        return _of_gait(analysis, events)
    measures, errors = angle_measures(analysis.joint_angles), range_errors(analysis)
    counted = _counted(items)
    angles = [name for name in names if name in measures.index]
    found = {} if not counted else _of_its_own(analysis, preset, counted)
    table = repetition_table(analysis.joint_angles, counted, angles)
    for name in angles:
        sure = measures.loc[name, "kind"] == "measured"
        own = float(errors[name]) if sure else np.nan
        ranges = table[f"{name}_range_deg"] if counted else measures.loc[[name], "range_deg"]
        values = ranges.dropna().to_numpy(float)
        found[name] = Sample(values, own, single=len(values) == 1)
    return {name: found[name] for name in names if name in found}


def _of_its_own(
    analysis: Analysis, preset: Preset, counted: Sequence[Repetition]
) -> dict[str, Sample]:
    """Of at least one repetition."""
    flies = preset.repeats == "jump"
    own = flight_error_s(analysis.timeline.fps) if flies else _OWN[DURATION]
    durations = np.array([one.end_s - one.start_s for one in counted])
    whole = np.array([max(one.end_s for one in counted) - min(one.start_s for one in counted)])
    found = {
        DURATION: Sample(durations, own, single=flies and len(counted) == 1),
        ALL: Sample(whole, _OWN[ALL], single=True),
    }
    for name, column in own_measures(analysis, preset, counted).items():
        values = column.dropna().to_numpy(float)
        off = (
            error_of(analysis, preset, str(name), float(values.mean()))
            if len(values)
            else np.nan
        )
        found[str(name)] = Sample(values, off, single=len(values) == 1)
    return found


def key_numbers(
    now: tuple[Analysis, Items],
    preset: Preset,
    *,
    before: tuple[Analysis, Items] | None = None,
    clinical: bool = True,
) -> list[KeyNumber]:
    """At most five, in order of weight.

    Args:
        now: the analysis, and what repeats in it.
        before: the same of an earlier clip of this person.
    """
    names = names_of(now[0], preset, now[1])
    own = samples(now[0], preset, names, now[1])
    earlier = _comparable(now, before, preset, names)
    factor = length_unit(now[0].settings).factor
    lengths = length_unit(now[0].settings).m
    numbers = []
    for name in names:
        repeats = bool(_counted(now[1]))
        words, unit = words_of(name, preset, repeats=repeats, clinical=clinical)
        scale = factor if unit == " m" else 1.0
        mdc = mdc_of(own[name], earlier.get(name))
        then = earlier[name].mean if name in earlier else np.nan
        numbers.append(
            KeyNumber(
                name, words, joined(("", lengths)) if unit == " m" else unit,
                scale * own[name].mean, scale * own[name].half, len(own[name].values),
                scale * then, scale * mdc,
                detectable.verdict(own[name].mean - then, mdc, more="larger", less="smaller"),
            )
        )  # fmt: skip
    return numbers


def _counted(items: Items) -> list[Repetition]:
    return [item for item in items if isinstance(item, Repetition) and not item.excluded]


def _comparable(
    now: tuple[Analysis, Items],
    before: tuple[Analysis, Items] | None,
    preset: Preset,
    names: Sequence[str],
) -> dict[str, Sample]:
    """The earlier clip's measures; none of another kind of movement, and no lengths where only
    one of the two has a height."""
    if before is None or bool(_counted(now[1])) != bool(_counted(before[1])):
        return {}
    found = samples(before[0], preset, names, before[1])
    same = len({one.settings.lengths_are_relative for one in (now[0], before[0])}) == 1
    return {name: one for name, one in found.items() if same or "_m_" not in name}


def mdc_of(now: Sample, before: Sample | None) -> float:
    """Each clip has an error of its own, which more repetitions don't make smaller."""
    if before is None:
        return np.nan
    own = detectable.of_two(now.own_error, before.own_error)
    if now.single or before.single:
        return own
    scatter = detectable.of_means(now.values, before.values, own_error=0.0)
    return float(np.hypot(scatter, own))


def _of_gait(analysis: Analysis, events: Sequence[Event]) -> dict[str, Sample]:
    """A leg without a complete cycle has no figures, as in ``gait_summary``."""
    cycles = counted_cycles(events)
    step, cycle = step_table(analysis.markers, events), cycle_table(analysis.markers, events)
    found = {}
    for name in GAIT:
        measure = name.removesuffix("_r").removesuffix("_l")
        table = step if measure in step.columns else cycle
        sides = [
            side for side in SIDES if cycles[side] and (measure == name or side == name[-1])
        ]
        table = table[~table["excluded"].astype(bool) & table["side"].isin(sides)]
        values = table[measure].dropna().to_numpy(float)
        found[name] = Sample(values, _OWN[measure])
    return found


def words_of(name: str, preset: Preset, *, repeats: bool, clinical: bool) -> tuple[str, str]:
    """What a measure is called, and its unit."""
    if name in GAIT:
        return GAIT[name]
    if name == DURATION:
        flies = preset.repeats == "jump"
        return to_say("Flight time") if flies else to_say("Duration of a repetition"), " s"
    if name == ALL:
        return to_say("From the first rise to the end of the last"), " s"
    if measure := OWN_MEASURES.get(preset.repeats, {}).get(name):
        return measure.words, measure.unit
    label = angle_label(name, clinical=clinical).text
    if repeats:
        return to_say("{angle}: range in a repetition", angle=label), "°"
    return to_say("{angle}: range", angle=label), "°"
