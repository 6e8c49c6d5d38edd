"""Signing in with an account elsewhere (OpenID Connect), where the server is set up for it.

Streamlit does it, with what stands under ``[auth]`` in its ``secrets.toml``; see docs/serve.md.
"""

import json

import streamlit as st
from starlette.requests import HTTPConnection
from starlette.responses import PlainTextResponse, RedirectResponse
from starlette.types import ASGIApp, Scope
from streamlit.auth_util import (
    get_cookie_with_chunks,
    get_secrets_auth_section,
    is_authlib_installed,
)
from streamlit.user_info import generate_login_redirect_url
from streamlit.web.server.server_util import get_cookie_secret
from streamlit.web.server.starlette.starlette_app_utils import decode_signed_value
from streamlit.web.server.starlette.starlette_server_config import USER_COOKIE_NAME

from humanpose.errors import SystemLibraryError
from humanpose.ui.base_path import BASE
from humanpose.ui.messages import as_text, show_error
from humanpose.words import say

START = f"{BASE}/sign-in"
_NEEDS = "signing in needs: pip install -r requirements-oidc.txt"
_ON_THE_WAY = tuple(
    f"{BASE}{path}" for path in ("/auth/login", "/auth/logout", "/oauth2callback")
)
"""Addresses of Streamlit's that lead to the provider and back."""


def must_sign_in(visitor: HTTPConnection) -> bool:
    """Whether the server asks for an account, and this visitor's cookie names none."""
    if not get_secrets_auth_section() or visitor.scope["path"] in _ON_THE_WAY:
        return False

    def signed(name: str) -> bytes | None:
        value = visitor.cookies.get(name, "")
        return decode_signed_value(get_cookie_secret(), name, value.encode("latin-1"))

    user = get_cookie_with_chunks(signed, USER_COOKIE_NAME)
    return not (user and json.loads(user).get("is_logged_in"))


def start(scope: Scope) -> ASGIApp | None:
    """The way to the provider, where that is what is asked for."""
    if scope["type"] != "http" or scope["path"] != START:
        return None
    if not is_authlib_installed():
        return PlainTextResponse(_NEEDS, status_code=503)
    return RedirectResponse(generate_login_redirect_url("default"), status_code=303)


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
        _sign_out(str(user.get("name") or user.get("email") or say("this account")))
        return
    with st.container(border=True, width=420):
        st.subheader("humanpose", anchor=False)
        if st.button(say("Sign in"), type="primary"):
            _go_to_provider()
    st.stop()


def _sign_out(name: str) -> None:
    with st.container(horizontal=True, horizontal_alignment="right"):
        st.button(
            say("Sign out {name}", name=as_text(name)), type="tertiary", on_click=st.logout
        )


def _go_to_provider() -> None:
    try:
        st.login()
    except st.errors.StreamlitMissingAuthlibError:
        show_error(SystemLibraryError(_NEEDS))
