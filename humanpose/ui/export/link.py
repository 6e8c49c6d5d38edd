"""The link to an analysis, for others to look at it, until it is withdrawn."""

import streamlit as st

from humanpose.errors import OutputError
from humanpose.server.entry import Entry
from humanpose.server.listing import renew_link
from humanpose.ui import session
from humanpose.ui.messages import as_text, said
from humanpose.ui.visitor import may_change
from humanpose.words import say


def link(entry: Entry) -> None:
    """Its address to copy, and the button after which that opens nothing any more."""
    with st.container(border=True):
        st.markdown("**")
        st.code(_address(entry), language=None, wrap_lines=True)
        if may_change(entry):
            st.button(
                say("Withdraw link"),
                on_click=_withdraw,
                args=(entry,),
                help=say(
                    "It opens nothing any more, nor do its clip and report; the analysis gets"
                    " another one, which only you know."
                ),
            )


def _address(entry: Entry) -> str:
    here = st.context.url or ""
    return f"{here.rpartition('/')[0]}/explore?a={entry.about.link}"


def _withdraw(entry: Entry) -> None:
    try:
        renew_link(entry.folder)
    except OutputError as error:
        st.toast(as_text(said(error)))
        return
    session.open_entry(Entry(entry.folder))
    st.toast(say("The link is withdrawn. This page has a new one."))
