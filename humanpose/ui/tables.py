"""Tables that the pages show."""

from collections.abc import Mapping
from functools import partial
from typing import Any

import numpy as np
import pandas as pd
import streamlit as st
from pandas.io.formats.style import Styler

from humanpose.analysis import Analysis
from humanpose.labels import MOVEMENTS, angle_label, shown_angles
from humanpose.measures.changes import changed_deg, mean_change_deg
from humanpose.measures.comparison import compare_angles
from humanpose.quality.angle_trust import angle_trust
from humanpose.sequence import Floats, JointAngles
from humanpose.skeleton import ANGLE_NAMES
from humanpose.words import own_point, say
from humanpose.words.again import retold

_COMPARISON = {
    "RMSD": "rmsd_deg",
    "Bias": "bias_deg",
    "Largest": "max_deg",
    "at": "max_at_s",
    "r": "r",
    "Range A": "rom_a_deg",
    "Range B": "rom_b_deg",
    "Within": "within_share",
}
_JUDGED = {"Range B − A": "difference_deg", "MDC": "mdc_deg", "Verdict": "verdict"}
_SIGNED = frozenset({"Bias", "Largest", "Range B − A"})
_SIDE_WORDS = {"L": "left", "R": "right", "M": "–"}


def in_own_words(table: pd.DataFrame) -> pd.DataFrame:
    """A table of ours with heads and words in the reader's language."""
    said = table.map(lambda cell: retold(cell) if isinstance(cell, str) else cell)
    return said.rename(columns=say)


def show_table(table: pd.DataFrame, columns: dict[Any, Any], **given: Any) -> None:
    """As ``st.dataframe``, numbers with the decimal sign of the reader's language: a format
    that its columns have becomes the table's own."""
    formats = {}
    for head, column in columns.items():
        kind = column["type_config"] if isinstance(column, dict) else {}
        if kind.get("type") == "number" and kind.get("format") and head in table:
            columns[head] = column | {"type_config": kind | {"format": None}}
            formats[head] = partial(_digits, kind["format"])
    shown = table.style.format(formats, na_rep="") if formats else table
    st.dataframe(shown, hide_index=True, column_config=columns, **given)


def _digits(form: str, value: float) -> str:
    return own_point(form % value)


def range_of_motion(analysis: Analysis, *, clinical: bool = True) -> pd.DataFrame:
    """One row an angle: smallest, largest and range in degrees, what the range may be off by,
    whether it is measured or inferred, mean confidence in [0, 1].

    An angle that is never present has no numbers (NaN) and confidence 0. Names and signs are
    clinical or the contract's; ``Column`` is always the contract's.
    """
    angles, trust = analysis.joint_angles, angle_trust(analysis)
    shown = shown_angles(angles, clinical=clinical)
    rows = [
        {
            "Angle": angle_label(column, clinical=clinical).text,
            **_extent(shown.curve(column)),
            "Range ±": float(trust.loc[column, "range_sem_deg"]),
            "Kind": trust.loc[column, "kind"],
            "Confidence": float(angles.confidence[:, ANGLE_NAMES.index(column)].mean()),
            "Column": column,
        }
        for movement in MOVEMENTS
        for _, column in sorted(movement.columns.items())
    ]
    return pd.DataFrame(rows)


def _extent(curve: Floats) -> dict[str, float]:
    present = curve[np.isfinite(curve)]
    low, high = (present.min(), present.max()) if len(present) else (np.nan, np.nan)
    return {"Min": _unsigned(low), "Max": _unsigned(high), "Range": float(high - low)}


def _unsigned(degrees: float) -> float:
    """Without the sign of what is shown as 0.0."""
    return 0.0 if round(degrees, 1) == 0 else float(degrees)


def comparison_table(
    a: JointAngles,
    b: JointAngles,
    *,
    tolerance_deg: float,
    clinical: bool = True,
    judged: pd.DataFrame | None = None,
) -> tuple[pd.DataFrame, list[str]]:
    """One row an angle that both know: how far B is from A; and what one of them lacks.

    Args:
        judged: from ``judge_ranges``, for two takes.
    """
    a, b = (shown_angles(one, clinical=clinical) for one in (a, b))
    found = compare_angles(a, b, tolerance_deg=tolerance_deg)
    rows, lacking = [], []
    for movement in MOVEMENTS:
        for _, column in sorted(movement.columns.items()):
            figures, label = found.loc[column], angle_label(column, clinical=clinical).text
            if figures["frames"] == 0:
                lacking.append(label)
                continue
            names = _renamed(figures, _COMPARISON)
            names["Within"] *= 100
            verdict = {} if judged is None else _renamed(judged.loc[column], _JUDGED)
            rows.append({"Angle": label, **names, **verdict})
    columns = ["Angle", *_COMPARISON, *([] if judged is None else _JUDGED)]
    return pd.DataFrame(rows, columns=columns), lacking


def _renamed(row: pd.Series, titles: Mapping[str, str]) -> dict[str, Any]:
    """Title → the figure that it stands over."""
    cells = {title: row[name] for title, name in titles.items()}
    return cells | {title: _unsigned(cells[title]) for title in _SIGNED & cells.keys()}


def shaded(matrix: pd.DataFrame) -> Styler:
    """Degrees, the larger the darker; legible on light and dark pages."""
    largest = float(np.nanmax(matrix.to_numpy(), initial=0.0))

    def shade(value: float) -> str:
        share = 0.0 if np.isnan(value) or largest == 0 else value / largest
        return f"background-color: rgba(11, 110, 105, {0.6 * share:.2f})"

    return matrix.style.format("{:.1f}°", na_rep="–").map(shade)


def change_table(analysis: Analysis) -> pd.DataFrame:
    """One row a joint that raw and refined angles both know: how far they are apart, deg."""
    largest = np.nan_to_num(changed_deg(analysis)).max(axis=0)
    rows = [
        {**_joint_and_side(group), "Mean change": mean, "Largest": most}
        for (group, mean), most in zip(mean_change_deg(analysis).items(), largest, strict=True)
        if np.isfinite(mean)
    ]
    return pd.DataFrame(rows, columns=["Joint", "Side", "Mean change", "Largest"])


def _joint_and_side(group: str) -> dict[str, str]:
    joint, _, side = group.partition("_")
    return {"Joint": joint.capitalize(), "Side": _SIDE_WORDS[side.upper() or "M"]}
