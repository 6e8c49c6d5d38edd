"""Who may come in: asked before every address of the server, and without Streamlit.

Nothing of a stranger's request but a short form is read.
"""

import hmac
import math
import re
import time
from pathlib import Path
from urllib.parse import parse_qs, quote

from starlette.requests import HTTPConnection, Request
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send
from starlette.websockets import WebSocketClose

from humanpose.server.guesses import Guesses
from humanpose.server.log import event
from humanpose.server.passes import LIFETIME_S, is_valid, issue_pass
from humanpose.server.serving import serving
from humanpose.ui import sign_in
from humanpose.ui.base_path import BASE
from humanpose.ui.language import language_of
from humanpose.words import say_in, to_say

PASS = "humanpose_pass"
_OPEN = re.compile(
    rf"/health|{re.escape(BASE)}(/health|/_stcore/health|/favicon\.png|/(static|vendor)/.*)"
)
"""What a stranger may have: whether the server is well, and files that everybody has."""
_FOR_NOBODY = re.compile(r".*/_stcore/metrics/?")
_PAGE = (Path(__file__).parent / "door.html").read_text("utf-8")
_ASK_PASSWORD = """<form method="post"><label for="password">{password}</label>
<input id="password" name="password" type="password" autocomplete="current-password"
 autofocus required><button>{enter}</button></form>"""
_ASK_ACCOUNT = f'<a href="{sign_in.START}" role="button">{{sign_in}}</a>'
_WORDS = {
    "password": to_say("Password"),
    "enter": to_say("Enter"),
    "sign_in": to_say("Sign in"),
}
_LONGEST_FORM = 4096


class Door:
    """ASGI middleware: with a password or a provider of accounts, strangers stay outside."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._guesses = Guesses()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket") or _OPEN.fullmatch(scope["path"]):
            await self._app(scope, receive, send)
            return
        visitor = HTTPConnection(scope)
        password = serving().password
        if scope["type"] == "http" and scope["method"] == "POST" and password:
            answer: ASGIApp = await self._try_password(Request(scope, receive), password)
        elif password and not is_valid(visitor.cookies.get(PASS, ""), password):
            answer = _stay_outside(visitor, _ASK_PASSWORD)
        elif sign_in.must_sign_in(visitor):
            answer = sign_in.start(scope) or _stay_outside(visitor, _ASK_ACCOUNT)
        elif _FOR_NOBODY.fullmatch(scope["path"]):
            answer = PlainTextResponse("not found", status_code=404)
        else:
            answer = self._app
        await answer(scope, receive, send)

    async def _try_password(self, request: Request, password: str) -> Response:
        given = await _password_in(request)
        address = request.client.host if request.client else ""
        now_s = time.monotonic()  # from here on nothing else runs until the guess is counted
        if wait_s := math.ceil(self._guesses.wait_s(address, now_s=now_s)):
            event("password not looked at", address=address, wait_s=wait_s)
            sentence = to_say(
                "Too many wrong passwords; try again in {time}.", time=_words(wait_s)
            )
            headers = {"Retry-After": str(wait_s)}
            return _page(request, _ASK_PASSWORD, sentence, status=429, headers=headers)
        if not hmac.compare_digest(given.encode(), password.encode()):
            times = self._guesses.note_wrong(address, now_s=now_s)
            event("wrong password", address=address, times=times)
            sentence = to_say("That is not the password.")
            return _page(request, _ASK_PASSWORD, sentence, status=401)
        self._guesses.note_right(address)
        return _let_in(request, issue_pass(password))


async def _password_in(request: Request) -> str:
    """What stands in the form; of a longer one only the start is read, and it is wrong."""
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > _LONGEST_FORM:
            return ""
    fields = parse_qs(body.decode("utf-8", errors="replace"), keep_blank_values=True)
    return fields.get("password", [""])[0]


def _let_in(request: Request, granted: str) -> Response:
    """To the page that was asked for; a name after two slashes would be another server."""
    query = f"?{request.url.query}" if request.url.query else ""
    here = "/" + quote(request.url.path.lstrip("/\\")) + query
    answer = RedirectResponse(here, status_code=303)
    answer.set_cookie(
        PASS,
        granted,
        max_age=LIFETIME_S,
        secure=request.url.scheme == "https",
        httponly=True,
        samesite="lax",
    )
    return answer


def _stay_outside(visitor: HTTPConnection, inside: str) -> ASGIApp:
    if visitor.scope["type"] == "websocket":
        return WebSocketClose(1008)
    return _page(visitor, inside, status=401)


def _page(
    visitor: HTTPConnection,
    inside: str,
    wrong: str = "",
    *,
    status: int,
    headers: dict[str, str] | None = None,
) -> Response:
    """The connection is closed, so that what a stranger still sends is not waited for."""
    asked = visitor.headers
    language = language_of(asked.get("cookie", ""), asked.get("accept-language", ""))
    inside = inside.format(**{name: say_in(language, word) for name, word in _WORDS.items()})
    if wrong:
        inside += f'<p role="alert">{say_in(language, wrong)}</p>'
    kept = {"Cache-Control": "no-store", "Connection": "close"} | (headers or {})
    page = _PAGE.replace("{language}", language).replace("{inside}", inside)
    return HTMLResponse(page, status, kept)


def _words(wait_s: int) -> str:
    if wait_s < 120:
        return to_say("{seconds:.0f} s", seconds=wait_s)
    return to_say("{minutes} minutes", minutes=math.ceil(wait_s / 60))
