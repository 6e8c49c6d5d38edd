"""Telling browsers apart, so that everybody sees their own list of analyses."""

import hashlib
import re
import secrets
from http.cookies import CookieError, SimpleCookie

import streamlit as st
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from humanpose.server.about import UNKNOWN
from humanpose.server.entry import Entry
from humanpose.server.serving import serving
from humanpose.ui.sign_in import account

COOKIE = "humanpose_visitor"
_SECRET = re.compile(r"[\w-]{43}")
_ONE_YEAR_S = 365 * 24 * 3600


def visitor() -> str:
    """Who is looking: a digest of the account, the browser's cookie, or only of this visit."""
    if signed_in := account():
        return identity_of(signed_in)
    secret = str(st.context.cookies.get(COOKIE, ""))
    if not _SECRET.fullmatch(secret):
        secret = st.session_state.setdefault("visit", secrets.token_urlsafe(32))
    return identity_of(secret)


def lists() -> tuple[str, ...]:
    """Owners of what the visitor finds in their list: they, and everybody. What is damaged, so
    that nobody knows whose it was, is there on a computer of one's own, and no list of many."""
    is_served = serving().password or account()
    return ("", visitor()) if is_served else ("", UNKNOWN, visitor())


def may_change(entry: Entry) -> bool:
    """Whether the analysis is in the visitor's own list; a link only lets others look."""
    return entry.about.owner in lists()


def identity_of(secret: str) -> str:
    """What is written down of an account or a cookie."""
    return hashlib.sha256(secret.encode()).hexdigest()


class VisitorCookie:
    """ASGI middleware: a browser that opens a page without a cookie is given one.

    Scripts can't read it, and other sites can't send it along with a request of theirs.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_with_cookie(message: Message) -> None:
            if message["type"] == "http.response.start" and _is_page(message):
                headers = [*message.get("headers", []), (b"set-cookie", _cookie(scope))]
                message["headers"] = headers
            await send(message)

        known = scope["type"] != "http" or _has_cookie(scope)
        await self._app(scope, receive, send if known else send_with_cookie)


def _has_cookie(scope: Scope) -> bool:
    sent = b"; ".join(value for name, value in scope["headers"] if name == b"cookie")
    try:
        cookie = SimpleCookie(sent.decode("latin-1")).get(COOKIE)
    except CookieError:
        return False
    return cookie is not None and bool(_SECRET.fullmatch(cookie.value))


def _is_page(message: Message) -> bool:
    headers = dict(message.get("headers", []))
    return headers.get(b"content-type", b"").startswith(b"text/html")


def _cookie(scope: Scope) -> bytes:
    parts = [
        f"{COOKIE}={secrets.token_urlsafe(32)}",
        f"Max-Age={_ONE_YEAR_S}",
        "Path=/",
        "HttpOnly",
        "SameSite=Lax",
    ]
    if scope.get("scheme") == "https":
        parts.append("Secure")
    return "; ".join(parts).encode()
