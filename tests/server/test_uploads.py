"""What a running app does with bytes that are sent to its upload address."""

import os
import secrets
import sys
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ClientState_pb2 import ClientState
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.sync.client import connect

from bench.processes import peak_mb
from tests.support.attacker import Answer, ask, server_process
from tests.support.browser import running_app

MB = 2**20
LIMIT_MB = 300
BOUNDARY = "a-boundary"
HEAD = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="a.mp4"\r\n\r\n'
pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="looks at memory in /proc")


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("home")


@pytest.fixture(scope="module")
def url(home: Path) -> Iterator[str]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HUMANPOSE_DISK_GB", "0.5")
        with running_app(home, options=[f"--server.maxUploadSize={LIMIT_MB}"]) as url:
            wait_for_imports(url)
            yield url
            assert peak_mb(server_process(url)) < 800


def wait_for_imports(url: str) -> None:
    """Until the server has loaded in the background what its pages need."""
    before, limit = -1, time.monotonic() + 120
    while abs(server_memory(url) - before) > MB and time.monotonic() < limit:
        before = server_memory(url)
        time.sleep(4)


@contextmanager
def visit(url: str) -> Iterator[tuple[str, str]]:
    """A page that is open; yields the id of the visit and its token against forgery."""
    address = url.replace("http://", "ws://") + "/_stcore/stream"
    _, headers, _ = ask(url, "/_stcore/health")
    cookies = "; ".join(line.split(";")[0] for line in headers.get_all("Set-Cookie") or [])
    token = cookies.partition("_streamlit_xsrf=")[2].split(";")[0].strip('"')
    with connect(address, additional_headers={"Cookie": cookies}, max_size=None) as stream:
        stream.send(BackMsg(rerun_script=ClientState()).SerializeToString())
        while True:
            message = ForwardMsg.FromString(stream.recv(timeout=60))
            if message.WhichOneof("type") == "new_session":
                break
        yield message.new_session.initialize.session_id, token


def send(
    url: str, who: tuple[str, str], *, megabytes: int, chunked: bool = True, ends: bool = True
) -> Answer:
    pieces = [HEAD.encode(), *[secrets.token_bytes(MB)] * megabytes]
    if ends:
        pieces.append(f"\r\n--{BOUNDARY}--\r\n".encode())
    more = {} if chunked else {"Content_Length": str(sum(map(len, pieces)))}
    return ask(
        url,
        f"/_stcore/upload_file/{who[0]}/{uuid.uuid4()}",
        method="PUT",
        body=iter(pieces),
        Content_Type=f"multipart/form-data; boundary={BOUNDARY}",
        X_Xsrftoken=who[1],
        Cookie=f"_streamlit_xsrf={who[1]}",
        **more,
    )


def server_memory(url: str) -> int:
    """Private memory of the process that was started with this port, bytes."""
    status = Path(f"/proc/{server_process(url)}/status").read_text()
    return 1024 * int(status.partition("RssAnon:")[2].split()[0])


def kept(home: Path) -> int:
    """Bytes of files that arrived, or do so."""
    return sum(file.stat().st_size for file in files(home))


def files(home: Path) -> list[Path]:
    return [file for file in (home / "incoming").rglob("*") if file.is_file()]


def be_quiet_for_a_minute(home: Path) -> None:
    """As the clock of the files says."""
    for place in (home / "incoming").rglob("*"):
        os.utime(place, times=(time.time() - 61,) * 2)


def test_a_file_goes_with_its_visitor(url: str, home: Path) -> None:
    with visit(url) as staying:
        with visit(url) as leaving:
            before = server_memory(url)
            assert send(url, leaving, megabytes=200)[0] == 204
            assert kept(home) == 200 * MB
            assert server_memory(url) - before < 60 * MB  # it lies on disk
            left_behind = files(home)
        assert send(url, staying, megabytes=1)[0] == 204
        be_quiet_for_a_minute(home)
        limit = time.monotonic() + 60
        while any(file.exists() for file in left_behind) and time.monotonic() < limit:
            time.sleep(0.1)
        assert [file.stat().st_size for file in files(home)] == [MB]


@pytest.mark.parametrize("chunked", [True, False])
def test_a_file_beyond_the_limit_is_refused_while_it_arrives(
    url: str, home: Path, chunked: bool
) -> None:
    with visit(url) as who:
        before, kept_before = server_memory(url), kept(home)
        try:
            status = send(url, who, megabytes=LIMIT_MB + 100, chunked=chunked)[0]
        except OSError:
            status = 413  # the server hung up while we were still sending
        assert status == 413
        assert kept(home) == kept_before
        assert server_memory(url) - before < 60 * MB


def test_what_is_beyond_the_quota_is_not_kept(url: str, home: Path) -> None:
    with visit(url) as who:
        for _ in range(4):
            assert send(url, who, megabytes=200)[0] == 204
        assert kept(home) < 0.5e9 + 70 * MB


def test_a_form_without_end_or_with_no_form_is_refused(url: str) -> None:
    with visit(url) as who:
        assert send(url, who, megabytes=0, ends=False)[0] == 400
        path = f"/_stcore/upload_file/{who[0]}/{uuid.uuid4()}"
        token = {"X_Xsrftoken": who[1], "Cookie": f"_streamlit_xsrf={who[1]}"}
        assert ask(url, path, method="PUT", body=b"x" * MB, **token)[0] == 400
