"""The annotated video: made once somebody asks for it, with the values that they choose."""

import streamlit as st

from humanpose.errors import HumanPoseError
from humanpose.labels import MOVEMENTS, movement_label
from humanpose.measures.presets import PRESETS
from humanpose.server.entry import Entry
from humanpose.server.making import annotate
from humanpose.server.quota import recount
from humanpose.ui.display import clinical_names
from humanpose.ui.export.downloads import button, columns
from humanpose.ui.messages import show_error
from humanpose.ui.report.remarks_form import remarks_of
from humanpose.ui.waiting import waited
from humanpose.words import say, spoken

_USUAL = ("hip_flexion", "knee_angle", "ankle_angle")


def video(entry: Entry) -> None:
    """A row with the choice of values and the buttons; nothing where no clip was kept."""
    if not entry.playback.is_file():
        return
    with st.container(border=True):
        text, action = columns()
        with text:
            st.markdown(
                f"**annotated.mp4**  \n:small[{say('The clip with the skeleton over it.')}]"
            )
            chosen = _choose_values(entry)
        place = action.container()
        made = entry.annotated.is_file()
        if place.button(say("Make video anew") if made else say("Make video"), width="stretch"):
            _make(entry, chosen)
        if entry.annotated.is_file():
            with place:
                button("annotated.mp4", entry.annotated.read_bytes)


def _choose_values(entry: Entry) -> list[str]:
    """Columns of the angles whose values stand on the video."""
    clinical = clinical_names()
    movements = {movement.stem: movement.both for movement in MOVEMENTS}
    labels = {
        stem: spoken(movement_label(both, clinical=clinical))
        for stem, both in movements.items()
    }
    chosen = st.multiselect(
        say("Values at the joints"),
        list(movements),
        default=PRESETS[remarks_of(entry).preset].told_by or _USUAL,
        format_func=labels.__getitem__,
        key=f"values_{entry.token}",
        placeholder=say("none"),
    )
    return [column for stem in movements if stem in chosen for column in movements[stem]]


def _make(entry: Entry, chosen: list[str]) -> None:
    try:
        asked = annotate(
            entry.playback,
            entry.result,
            entry.annotated,
            columns=chosen,
            clinical=clinical_names(),
            neutral_at_s=remarks_of(entry).neutral_at_s,
        )
        waited([asked])
        asked.result()
        recount(entry.folder)
    except HumanPoseError as error:
        show_error(error)
