"""A stranger at a running app, who sends what no browser would."""

import http.client
import json
from collections.abc import Iterable
from pathlib import Path
from urllib.parse import urlencode, urlsplit

from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from humanpose.ui.door import PASS

Answer = tuple[int, http.client.HTTPMessage, bytes]


def ask(
    url: str,
    path: str,
    *,
    method: str = "GET",
    body: bytes | Iterable[bytes] | None = None,
    **headers: str,
) -> Answer:
    """One request on a connection of its own; names of headers with ``_`` for ``-``."""
    connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=60)
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    try:
        connection.request(method, path, body=body, headers=named)
        answer = connection.getresponse()
        return answer.status, answer.headers, answer.read()
    finally:
        connection.close()


def guess(url: str, password: str, *, path: str = "/", **headers: str) -> Answer:
    """Fill in the form at the door."""
    form = urlencode({"password": password}).encode()
    kind = "application/x-www-form-urlencoded"
    return ask(url, path, method="POST", body=form, Content_Type=kind, **headers)


def pass_of(answer: Answer) -> str:
    """The cookie that opens the door; empty where none was given."""
    sent = answer[1].get_all("Set-Cookie") or []
    return next((line.split(";")[0] for line in sent if line.startswith(f"{PASS}=")), "")


def stream_status(url: str, cookie: str = "") -> int:
    """What the app says to who opens its stream of messages; 101 is welcome."""
    address = url.replace("http://", "ws://") + "/_stcore/stream"
    try:
        with connect(address, additional_headers={"Cookie": cookie}):
            return 101
    except InvalidStatus as refused:
        return refused.response.status_code


def server_process(url: str) -> int:
    """The process that was started with the port of this address (Linux)."""
    option = f"--server.port={url.rpartition(':')[2]}".encode()
    lines = Path("/proc").glob("[0-9]*/cmdline")
    return next(int(line.parent.name) for line in lines if option in line.read_bytes())


def logged(log: str, event: str) -> list[dict[str, object]]:
    """What the server wrote down of one kind."""
    lines = [json.loads(line) for line in log.splitlines() if line.startswith('{"time"')]
    return [line for line in lines if line["event"] == event]
