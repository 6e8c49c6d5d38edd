"""Two movements to compare, and what is shown of them whatever they are."""

from dataclasses import dataclass
from typing import Any

import pandas as pd
import streamlit as st

from humanpose.measures.comparison import judge_ranges
from humanpose.sequence import JointAngles
from humanpose.ui import routes
from humanpose.ui.messages import as_text
from humanpose.ui.tables import comparison_table, in_own_words, show_table
from humanpose.ui.viewer import pair_viewer
from humanpose.ui.viewer.pair import Clip, Shown, pair_payload
from humanpose.words import joined, say, to_say

_MDC = to_say(
    "MDC, minimal detectable change: movements that are alike are measured with ranges less"
    " different than this in 95 % of cases (Weir 2005). Only ranges are judged: every clip has"
    " a constant error, so a bias between two clips is no finding by itself."
)


@dataclass(frozen=True, eq=False)
class Pair:
    """A and B on one timeline."""

    a: Shown
    b: Shown
    clips: tuple[Clip] | tuple[Clip, Clip]
    """The clip of both, or of each."""
    cycle_s: float | None = None
    """Length of the cycle where a frame is a percent of one."""
    range_errors: tuple[pd.Series, pd.Series] | None = None
    """Of each, the standard error of every angle's range, deg; None for two settings of one
    clip, between which the person does not differ."""

    @property
    def angles(self) -> tuple[JointAngles, JointAngles]:
        return self.a.take.angles, self.b.take.angles


def show_pair(pair: Pair, *, tolerance_deg: float, clinical: bool) -> None:
    """Both skeletons in one scene, and the curves."""
    payload = pair_payload(
        (pair.a, pair.b),
        tolerance_deg=tolerance_deg,
        plotly_url=routes.PLOTLY_URL,
        clips=pair.clips,
        cycle_s=pair.cycle_s,
        clinical=clinical,
    )
    pair_viewer(payload, of_one_clip=len(pair.clips) == 1)


def show_figures(pair: Pair, *, tolerance_deg: float, clinical: bool) -> None:
    """The differences in one sentence, and angle by angle."""
    errors = pair.range_errors
    judged = None if errors is None else judge_ranges(*pair.angles, range_errors=errors)
    table, lacking = comparison_table(
        *pair.angles, tolerance_deg=tolerance_deg, clinical=clinical, judged=judged
    )
    if table.empty:
        st.info(say("There is no angle that both A and B know at the same time."))
        return
    st.markdown(
        say(
            "On average over the {count} angles that both know, B differs from A by"
            " **{mean:.1f}°** and is within ± {tolerance:g}° for **{percent:.0f} %**"
            " of the time.",
            count=len(table),
            mean=table["RMSD"].mean(),
            tolerance=tolerance_deg,
            percent=table["Within"].mean(),
        )
    )
    if judged is not None:
        st.markdown(as_text(beyond_error(table)))
    show_table(in_own_words(table), _columns(pair, tolerance_deg))
    st.caption(
        say(
            "RMSD: root mean square of the difference B − A. Bias: its mean, so positive"
            " where B is larger. Largest: the value farthest from zero, and when. r: whether"
            " both curves have the same shape (1: exactly). Range: largest minus smallest"
            " angle. A difference does not say which of the two is right."
        )
    )
    if judged is not None:
        st.caption(say(_MDC))
    if lacking:
        st.caption(say("Not known in A or B: {angles}.", angles=joined(lacking, "; ")))


def _columns(pair: Pair, tolerance_deg: float) -> dict[str, Any]:
    at = "%.0f %%" if pair.cycle_s else "%.2f s"
    degrees = st.column_config.NumberColumn(format="%.1f°")
    signed = st.column_config.NumberColumn(format="%+.1f°")
    return {
        **dict.fromkeys((say("RMSD"), say("Range A"), say("Range B"), say("MDC")), degrees),
        **dict.fromkeys((say("Bias"), say("Largest"), say("Range B − A")), signed),
        say("at"): st.column_config.NumberColumn(format=at),
        "r": st.column_config.NumberColumn(format="%.2f"),
        say("Within"): st.column_config.ProgressColumn(
            say("Within ± {tolerance:g}°", tolerance=tolerance_deg),
            format="%.0f %%",
            min_value=0,
            max_value=100,
        ),
    }


def beyond_error(table: pd.DataFrame) -> str:
    """Whose range differs by more than the error of both takes; a sentence."""
    named = table[table["Verdict"].isin(["A larger", "B larger"])]
    if named.empty:
        return to_say("No range of motion differs by more than the error of both takes.")
    parts = [
        to_say(
            "{angle} ({verdict} by {difference:.0f}°)",
            angle=row["Angle"],
            verdict=to_say(row["Verdict"]),
            difference=abs(row["Range B − A"]),
        )
        for _, row in named.iterrows()
    ]
    return to_say(
        "Ranges of motion that differ by more than the error: {angles}.",
        angles=joined(parts, "; "),
    )
