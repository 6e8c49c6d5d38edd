"""Uploads go to disk while they arrive, and their lengths are counted on the way.

Streamlit keeps what its upload address is sent in memory. Here the file is taken out of the
form on its way there, so that what Streamlit gets and keeps is the form with an empty file.
Who sends file after file that is refused waits before the next one is read.
"""

import mmap
import re
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import partial

import anyio
import streamlit as st
from python_multipart.exceptions import MultipartParseError
from python_multipart.multipart import MultipartParser, parse_options_header
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit import config
from streamlit.runtime import Runtime
from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.runtime.uploaded_file_manager import UploadedFile
from streamlit.web.server.starlette.starlette_server_config import USER_COOKIE_NAME

from humanpose.errors import BusyError, HumanPoseError, OutputError
from humanpose.server.incoming import Incoming, forget, forget_left, place_of
from humanpose.server.serving import serving
from humanpose.server.slips import Slips
from humanpose.ui.door import PASS
from humanpose.ui.visitor import identity_of
from humanpose.words import to_say

_ADDRESS = re.compile(r".*/_stcore/upload_file/(?P<visit>[^/]+)/(?P<file>[^/]+)")
_LOOK_EVERY_S = 5.0
_LONGEST_HEAD = 8192
_EXPECTED, _HANG_UP = "expected a form with one file", {"Connection": "close"}
_REFUSED = "refused_files"
_SLIPS = Slips(free=10)
"""Files that were refused, by who sent them."""


class UploadsToDisk:
    """ASGI middleware: between the browser and Streamlit's upload address."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            async with anyio.create_task_group() as tasks:
                tasks.start_soon(_forget_who_left)
                await self._app(scope, receive, send)
                tasks.cancel_scope.cancel()
            return
        address = _ADDRESS.fullmatch(scope["path"]) if scope["type"] == "http" else None
        if address and scope["method"] == "PUT":
            receive = partial(_receive_form, Request(scope, receive), address)
        elif address and scope["method"] == "DELETE":
            send = partial(_send_deleted, send, address)
        await self._app(scope, receive, send)


@contextmanager
def content_of(upload: UploadedFile) -> Iterator[memoryview]:
    """The bytes of an upload, mapped from disk, which go with the last who looks at them.

    What is refused stays refused with the same words, until the file is sent again.

    Raises:
        OutputError: the server had no room for it.
        HumanPoseError: what was raised when it was looked at before.
    """
    refused: dict[str, HumanPoseError] = st.session_state.setdefault(_REFUSED, {})
    if upload.file_id in refused:
        raise refused[upload.file_id]
    try:
        with _opened(upload) as content:
            yield content
        _SLIPS.forgive(_sender(st.context.cookies))
    except HumanPoseError as error:
        if not isinstance(error, OutputError | BusyError):  # these are the server's own
            _note_slip(st.context.cookies)
        refused[upload.file_id] = type(error)(*error.args)  # without all that led there
        raise


@contextmanager
def _opened(upload: UploadedFile) -> Iterator[memoryview]:
    context = get_script_run_ctx()
    place = place_of(context.session_id, upload.file_id) if context else None
    if place is None or not place.is_file():  # it came without a form, and is all here
        yield upload.getbuffer()
        return
    if not place.stat().st_size:
        raise OutputError(
            to_say(
                "this server has no room for {file}, or the file is empty; delete analyses that"
                " are no longer needed, or try again later",
                file=upload.name,
            )
        )
    with place.open("rb") as file:
        mapped = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    forget(place)  # the copy that is kept takes its room
    yield memoryview(mapped)  # never closed: what fails may have a hand on it still


async def _forget_who_left() -> None:
    while True:
        await anyio.to_thread.run_sync(forget_left, Runtime.instance().is_active_session)
        await anyio.sleep(_LOOK_EVERY_S)


async def _send_deleted(send: Send, address: re.Match[str], message: Message) -> None:
    place = place_of(address["visit"], address["file"])
    if message["type"] == "http.response.start" and message["status"] == 204 and place:
        forget(place)
    await send(message)


async def _receive_form(request: Request, address: re.Match[str]) -> Message:
    """What Streamlit reads once it has looked at who asks: the form without the file's bytes.

    Raises:
        HTTPException: the form is too long, or there is not one file in it.
    """
    place = place_of(address["visit"], address["file"])
    _, options = parse_options_header(request.headers.get("content-type"))
    boundary = options.get(b"boundary")
    if place is None or not boundary:
        raise HTTPException(400, _EXPECTED, _HANG_UP)
    await anyio.sleep(_SLIPS.wait_s(_sender(request.cookies), now_s=time.monotonic()))
    incoming = Incoming(place)
    whole = False
    try:
        form = _Form(boundary, incoming)
        await _take_in(request, form)
        if not form.ended:
            raise HTTPException(400, _EXPECTED, _HANG_UP)
        whole = True
    except HTTPException:
        _note_slip(request.cookies)
        raise
    finally:
        incoming.close(whole=whole)
    return {"type": "http.request", "body": form.emptied(), "more_body": False}


def _sender(cookies: Mapping[str, str]) -> str:
    """Who sends, by what they were let in with; empty where everybody may come in."""
    if serving().password:
        return cookies.get(PASS, "")
    account = [value for name, value in cookies.items() if name.startswith(USER_COOKIE_NAME)]
    return identity_of("".join(account)) if account else ""


def _note_slip(cookies: Mapping[str, str]) -> None:
    if sender := _sender(cookies):
        _SLIPS.note(sender, now_s=time.monotonic())


async def _take_in(request: Request, form: "_Form") -> None:
    longest = config.get_option("server.maxUploadSize") * 2**20
    received = 0
    async for piece in request.stream():
        received += len(piece)
        if received > longest:
            raise HTTPException(413, "the file is too large", _HANG_UP)
        await anyio.to_thread.run_sync(form.write, piece)


class _Form:
    """A form of which one file goes elsewhere, and the rest is kept."""

    def __init__(self, boundary: bytes, incoming: Incoming) -> None:
        self._boundary = boundary
        self._head = b""
        self._parts = 0
        self.ended = False
        self._parser = MultipartParser(
            boundary,
            {
                "on_part_begin": self._begin,
                "on_part_data": lambda data, start, end: incoming.write(data[start:end]),
                "on_header_field": self._add,
                "on_header_value": lambda data, start, end: self._add(b": " + data[start:end]),
                "on_header_end": lambda: self._add(b"\r\n"),
                "on_end": self._end,
            },
        )

    def write(self, piece: bytes) -> None:
        """Take in a piece of it.

        Raises:
            HTTPException: it is no form, or one with more than one file.
        """
        try:
            self._parser.write(piece)
        except MultipartParseError as error:
            raise HTTPException(400, _EXPECTED, _HANG_UP) from error

    def emptied(self) -> bytes:
        """The same form with nothing in the file."""
        mark = b"--" + self._boundary
        return mark + b"\r\n" + self._head + b"\r\n\r\n" + mark + b"--\r\n"

    def _begin(self) -> None:
        self._parts += 1
        if self._parts > 1:
            raise HTTPException(400, _EXPECTED, _HANG_UP)

    def _end(self) -> None:
        self.ended = True

    def _add(self, data: bytes, start: int = 0, end: int | None = None) -> None:
        self._head += data[start:end]
        if len(self._head) > _LONGEST_HEAD or b"\0" in self._head:  # no file is called so
            raise HTTPException(400, _EXPECTED, _HANG_UP)
