"""Choices of what is shown and how, for all pages; kept while somebody visits."""

import streamlit as st

from humanpose.measures.presets import PRESETS
from humanpose.report.remarks import AS_RECOGNISED
from humanpose.words import say, to_say

_KEY = "clinical_names"
_BY_ITSELF = to_say(
    "Squats, rises from a chair, steps, arm raises, squats on one leg and jumps are told apart"
    " once the clip is analysed; where it isn’t sure, all angles are shown."
)


def choose_names() -> bool:
    """A switch; True for clinical words and signs, False for the contract's columns."""
    return st.toggle(
        say("Clinical names"),
        value=True,
        key=_KEY,
        persist_state="session",
        help=say(
            "On: “Knee flexion, right”, anterior tilt positive. Off: names and signs of the"
            " files, which are OpenSim's."
        ),
    )


def clinical_names() -> bool:
    """What was chosen last on a page that has the switch."""
    return bool(st.session_state.get(_KEY, True))


def choose_preset() -> str:
    """What the person does, by a name in ``PRESETS``, or ``AS_RECOGNISED``."""
    titles = {AS_RECOGNISED: say("As recognised")}
    titles |= {name: say(preset.title) for name, preset in PRESETS.items()}
    chosen: str = st.segmented_control(
        say("What does the person do?"),
        list(titles),
        format_func=titles.__getitem__,
        default=AS_RECOGNISED,
        required=True,
        key="preset",
        persist_state="session",
        help=say(
            "Says which angles Explore shows at first, and what the Report looks for and"
            " counts. It changes nothing of the analysis, and Report can choose anew."
        ),
    )
    st.caption(say(_BY_ITSELF if chosen == AS_RECOGNISED else PRESETS[chosen].about))
    return chosen
