"""What the user notes on an analysis, and the rows in which they correct it."""

import json

import numpy as np
import pytest

from humanpose.errors import AnalysisError
from humanpose.measures.events import Event
from humanpose.measures.repetitions import Repetition
from humanpose.report.remarks import Mark, Remarks, from_json, mark, to_json
from humanpose.ui.report.item_rows import from_rows, to_rows

EVENTS = (Event(0.5, "r", "heel_strike"), Event(1.25, "l", "toe_off", excluded=True))
REPETITIONS = (Repetition(0.0, 1.0, 2.5), Repetition(3.0, 4.0, 5.0, excluded=True))


def test_remarks_come_back_as_they_were() -> None:
    remarks = Remarks(
        preset="gait",
        person='Zoë "Z" <1>',
        notes="a\nb",
        neutral_at_s=0.4,
        corrected={"gait": EVENTS, "squat": REPETITIONS, "sit_to_stand": ()},
        marks=(mark(" <b>Deep\n", 1.5), Mark(2.0, "Up")),
    )
    assert from_json(json.dumps(to_json(remarks))) == remarks
    assert from_json(json.dumps(to_json(Remarks()))) == Remarks()


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", '{"corrected": {"dance": []}}', '{"corrected": {}, "age": 3}',
             '{"corrected": {"squat": [{"start_s": 3, "turn_s": 2, "end_s": 1}]}}',
             '{"corrected": {"squat": [{"start_s": 0, "turn_s": 1, "end_s": Infinity}]}}',
             '{"corrected": {"gait": [{"time_s": 1, "side": "x", "kind": "toe_off"}]}}',
             '{"corrected": {"gait": [{"time_s": 1, "side": "l", "kind": "jump"}]}}',
             '{"corrected": {"gait": [{"time_s": NaN, "side": "l", "kind": "toe_off"}]}}',
             '{"corrected": {}, "neutral_at_s": 1e300}',
             '{"corrected": {}, "neutral_at_s": true}',
             '{"corrected": {}, "marks": [{"name": "", "time_s": 1}]}',
             '{"corrected": {}, "marks": [{"name": "a", "time_s": -1}]}',
             '{"corrected": {}, "marks": [{"name": "a", "time_s": "1"}]}',
             '{"corrected": {}, "marks": [{"name": 3, "time_s": 1}]}',
             json.dumps({"corrected": {}, "marks": [{"name": "a", "time_s": 1}] * 11})],
)  # fmt: skip
def test_damaged_remarks_end_in_a_sentence(text: str) -> None:
    with pytest.raises(AnalysisError, match="start them anew"):
        from_json(text)


@pytest.mark.parametrize(("items", "gait"), [(EVENTS, True), (REPETITIONS, False)])
def test_items_come_back_from_the_rows_of_the_table(
    items: tuple[Event, ...] | tuple[Repetition, ...], gait: bool
) -> None:
    assert from_rows(to_rows(items, gait=gait), gait=gait) == items
    assert from_rows(to_rows((), gait=gait), gait=gait) == ()


def test_rows_are_put_in_order_and_excluded_by_their_box() -> None:
    rows = to_rows(REPETITIONS, gait=False).iloc[::-1].copy()
    rows["counted"] = False
    assert [item.excluded for item in from_rows(rows, gait=False)] == [True, True]
    assert from_rows(rows, gait=False) == tuple(sorted(from_rows(rows, gait=False)))


@pytest.mark.parametrize("end", [0.5, np.nan])
def test_a_row_that_cannot_be_is_refused(end: float) -> None:
    rows = to_rows(REPETITIONS, gait=False)
    rows.loc[0, "end"] = end
    with pytest.raises(ValueError, match=r"complete|must start before"):
        from_rows(rows, gait=False)
