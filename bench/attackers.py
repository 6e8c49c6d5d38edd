"""The attackers of ``bench.siege``: each goes on until the siege is over.

They have the password, as somebody inside would; one guesses at it all the same.
"""

import io
import os
import random
import secrets
import signal
import socket
import threading
import time
import uuid
import zipfile
from collections import Counter
from collections.abc import Callable
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from functools import cache
from http.client import HTTPException

import numpy as np
from websockets.exceptions import WebSocketException

from bench.processes import command_line, descendants
from humanpose.assets import SAMPLE
from tests.support.attacker import ask, guess
from tests.support.visit import CLIP_UPLOADER, FILE_UPLOADER, visit

MB = 1 << 20
TROUBLE = (OSError, TimeoutError, HTTPException, WebSocketException, LookupError, RuntimeError)
"""What a server that is attacked, or was just killed, looks like from outside."""
_HALF_OPEN, _TOO_MUCH_MB = 200, 100
_KILL_EVERY_S, _KILL_SERVER_EVERY_S = 10.0, 90.0


@dataclass
class Field:
    """The server that is besieged."""

    port: int
    serve: Callable[[], "ExitStack"]
    """Starts it."""
    inside: list[str]
    """Cookies of visitors who gave the password."""
    running: ExitStack = field(default_factory=ExitStack)
    over: threading.Event = field(default_factory=threading.Event)
    done: Counter[str] = field(default_factory=Counter)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def server(self) -> int:
        """Its process."""
        option = f"server.port={self.port}"
        below = descendants(os.getpid())
        return next(pid for pid in below if option in command_line(pid))

    def kill_server(self) -> None:
        """And start another in its place."""
        os.kill(self.server, signal.SIGKILL)
        self.running.close()
        self.running = self.serve()


def as_from_elsewhere() -> None:
    """Have this thread stand back: an attacker's own work is not done on the server."""
    mine = os.getpriority(os.PRIO_PROCESS, 0)
    os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), mine + 5)


def send_bombs(ground: Field) -> None:
    """Files that unpack to far more than they are, or are no clips."""
    as_from_elsewhere()
    while not ground.over.is_set():
        with suppress(*TROUBLE), visit(ground.url, cookies=ground.inside[-1]) as page:
            for content in bombs():
                page.upload(FILE_UPLOADER, "a.humanpose", content)
                ground.done["bombs"] += 1
            for content in false_clips():
                page.upload(CLIP_UPLOADER, "a.mp4", content)
                ground.done["false clips"] += 1


def send_too_much(ground: Field) -> None:
    """Uploads without a stated length: beyond the limit."""
    as_from_elsewhere()
    while not ground.over.is_set():
        with suppress(*TROUBLE), visit(ground.url, cookies=ground.inside[-2]) as page:
            pieces = [page.form_head("a.mp4"), *[secrets.token_bytes(MB)] * _TOO_MUCH_MB]
            path = f"/_stcore/upload_file/{page.id}/{uuid.uuid4()}"
            ground.done["uploads beyond the limit"] += 1
            ask(ground.url, path, method="PUT", body=iter(pieces), **page.form_headers)


def guess_and_hold(ground: Field) -> None:
    """Wrong passwords, and connections on which a request never ends."""
    as_from_elsewhere()
    held: list[socket.socket] = []
    while not ground.over.wait(0.1):
        with suppress(*TROUBLE):
            guess(ground.url, secrets.token_hex(4))
            ground.done["guesses"] += 1
            one = socket.create_connection(("127.0.0.1", ground.port), timeout=10)
            one.sendall(b"GET / HTTP/1.1\r\nHost: x\r\nX-Slow: ")
            held.append(one)
            ground.done["half-open connections"] += 1
        while len(held) > _HALF_OPEN:
            held.pop(0).close()


def kill(ground: Field) -> None:
    """Processes of the server, whichever run, and now and then the server itself."""
    next_s = time.monotonic() + _KILL_EVERY_S
    while not ground.over.wait(random.uniform(0.5, 1.5) * _KILL_EVERY_S):
        if time.monotonic() > next_s:
            next_s = time.monotonic() + _KILL_SERVER_EVERY_S
            ground.kill_server()
            ground.done["kills of the server"] += 1
            continue
        below = [p for p in descendants(ground.server) if "humanpose." in command_line(p)]
        with suppress(ProcessLookupError, IndexError):
            os.kill(random.choice(below), signal.SIGKILL)
            ground.done["kills of its processes"] += 1


ATTACKERS = (send_bombs, send_too_much, guess_and_hold, kill)


@cache
def bombs() -> tuple[bytes, ...]:
    """``.humanpose`` files that come to hundreds of megabytes."""
    zeros = bytes(200 * MB)
    array = io.BytesIO()
    np.savez_compressed(array, angles=np.zeros((MB, 36), np.int8))
    names = ("humanpose.json", "analysis.json", "landmarks.csv", "pose.trc", "pose_raw.trc")
    empty = dict.fromkeys(names, b"{}")
    return (
        _packed(empty | {"analysis.npz": b"", "landmarks.csv": zeros}),
        _packed(empty | {"analysis.npz": array.getvalue()}),
        _packed(empty | {"analysis.npz": b"", "clip.mp4": zeros}),
        _packed(empty | {"../../evil": b"x"}),
    )


@cache
def false_clips() -> tuple[bytes, ...]:
    """Nothing that plays."""
    sample = SAMPLE.read_bytes()
    return (
        b"<html></html>" * 1000,
        sample[: len(sample) // 3],
        sample[:5000] + bytes(8 * MB),
    )


def _packed(entries: dict[str, bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries.items():
            archive.writestr(name, content)
    return stream.getvalue()
