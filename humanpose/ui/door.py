"""A password before every page, where the server has one."""

import hmac
import time

import streamlit as st

from humanpose.server.log import event
from humanpose.server.serving import serving
from humanpose.ui.visitor import visitor

_WRONG_COSTS_S = 1.0


@st.cache_resource(show_spinner=False)
def _admitted() -> set[tuple[str, str]]:
    """Visitors with the password that they gave; forgotten when the server stops."""
    return set()


def require_password() -> None:
    """Stop here until the visitor has given the server's password, if it has one."""
    password = serving().password
    if not password or (visitor(), password) in _admitted():
        return
    with st.form("door", width=420):
        st.subheader("humanpose", anchor=False)
        given = st.text_input("Password", type="password")
        sent = st.form_submit_button("Enter", type="primary")
    if sent and hmac.compare_digest(given.encode(), password.encode()):
        _admitted().add((visitor(), password))
        st.rerun()
    if sent:
        event("wrong password")
        time.sleep(_WRONG_COSTS_S)  # guessing takes time
        st.error("That is not the password.", icon=":material/error:")
    st.stop()
