"""Signing in with an account elsewhere (OpenID Connect), where the server is set up for it.

Streamlit does it, with what stands under ``[auth]`` in its ``secrets.toml``; see docs/serve.md.
"""

import streamlit as st

from humanpose.errors import SystemLibraryError
from humanpose.ui.messages import as_text, show_error


def account() -> str | None:
    """Whose account it is, for good and among all providers; None for who isn't signed in."""
    user = st.user.to_dict()
    if not user.get("is_logged_in"):
        return None
    return f"{user.get('iss', '')} {user['sub']}"


def require_account() -> None:
    """Stop here until the visitor has signed in, if the server asks for that."""
    user = st.user.to_dict()
    if "is_logged_in" not in user:  # nothing under [auth]
        return
    if user["is_logged_in"]:
        _sign_out(str(user.get("name") or user.get("email") or "this account"))
        return
    with st.container(border=True, width=420):
        st.subheader("humanpose", anchor=False)
        if st.button("Sign in", type="primary"):
            _go_to_provider()
    st.stop()


def _sign_out(name: str) -> None:
    with st.container(horizontal=True, horizontal_alignment="right"):
        st.button(f"Sign out {as_text(name)}", type="tertiary", on_click=st.logout)


def _go_to_provider() -> None:
    try:
        st.login()
    except st.errors.StreamlitMissingAuthlibError:
        show_error(SystemLibraryError("signing in needs: pip install -r requirements-oidc.txt"))
