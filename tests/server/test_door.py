"""A running app with a password, and what strangers get of it."""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from humanpose.assets import SAMPLE
from tests.support.attacker import ask, guess, logged, pass_of, stream_status
from tests.support.browser import running_app
from tests.support.visit import CLIP_UPLOADER, visit

PASSWORD = "correct horse"
CLOSED = (
    ("GET", "/"),
    ("GET", "/explore?a=" + "0" * 32),
    ("GET", "/_stcore/metrics"),
    ("GET", "/_stcore/host-config"),
    ("GET", "/_stcore/script-health-check"),
    ("GET", "/media/0.png"),
    ("GET", f"/clips/{'0' * 32}.mp4"),
    ("GET", f"/reports/{'0' * 32}.html"),
    ("GET", f"/batches/{'0' * 32}.zip"),
    ("GET", "/component/x/y"),
    ("GET", "//health"),
    ("GET", "/health/../_stcore/metrics"),
    ("PUT", f"/_stcore/upload_file/{'0' * 32}/{'1' * 32}"),
    ("DELETE", f"/_stcore/upload_file/{'0' * 32}/{'1' * 32}"),
)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("home")


@pytest.fixture(scope="module")
def url(home: Path) -> Iterator[str]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HUMANPOSE_PASSWORD", PASSWORD)
        with running_app(home) as url:
            yield url


def from_address(number: int) -> dict[str, str]:
    """As a proxy on this machine says it; each test has visitors of its own."""
    return {"X_Forwarded_For": f"203.0.113.{number}"}


@pytest.mark.parametrize(("method", "path"), CLOSED)
def test_a_stranger_gets_nothing_but_the_door(url: str, method: str, path: str) -> None:
    status, headers, body = ask(url, path, method=method)
    assert status == 401
    assert headers["Cache-Control"] == "no-store"
    assert b"Password" in body


def test_the_door_speaks_as_the_browser_does(url: str) -> None:
    _, _, body = ask(url, "/", Accept_Language="de-CH,de;q=0.9")
    assert b'<html lang="de">' in body
    assert b"Passwort" in body


def test_a_stranger_opens_no_stream(url: str) -> None:
    assert stream_status(url) == 403
    assert stream_status(url, pass_of(guess(url, PASSWORD, **from_address(1)))) == 101


def test_who_knows_the_password_comes_to_the_page_that_was_asked_for(url: str) -> None:
    status, headers, _ = entered = guess(url, PASSWORD, path="/explore?a=1", **from_address(1))
    assert (status, headers["Location"]) == (303, "/explore?a=1")
    assert ask(url, "/explore", Cookie=pass_of(entered))[0] == 200


def test_the_door_leads_to_no_other_server(url: str) -> None:
    _, headers, _ = guess(url, PASSWORD, path="//evil.example/x", **from_address(1))
    assert headers["Location"] == "/evil.example/x"


def test_a_pass_is_hidden_from_scripts_and_other_sites(url: str) -> None:
    _, headers, _ = guess(url, PASSWORD, **from_address(1))
    given = str(headers.get_all("Set-Cookie"))
    assert "HttpOnly" in given
    assert "SameSite=lax" in given
    assert "Max-Age=86400" in given


def test_a_changed_pass_opens_nothing(url: str, home: Path) -> None:
    good = pass_of(guess(url, PASSWORD, **from_address(1)))
    assert ask(url, "/", Cookie=good)[0] == 200
    name, _, value = good.partition("=")
    for bad in (value[:-1], value[1:], value.swapcase(), "", "x" * 5000):
        assert ask(url, "/", Cookie=f"{name}={bad}")[0] == 401
    assert (home / "secret").stat().st_mode & 0o777 == 0o600


def test_a_long_form_is_not_read(url: str) -> None:
    started = time.monotonic()
    chunks = (b"x" * 65_536 for _ in range(1600))
    try:
        status = ask(url, "/", method="POST", body=chunks, **from_address(2))[0]
    except OSError:
        status = 401  # the server hung up while we were still sending
    assert status == 401
    assert time.monotonic() - started < 20


def test_who_sends_file_after_file_that_is_refused_waits_and_nobody_else(url: str) -> None:
    sender, other = (pass_of(guess(url, PASSWORD, **from_address(5 + i))) for i in range(2))

    def seconds(cookies: str, content: bytes) -> float:
        with visit(url, cookies=cookies) as page:
            started = time.monotonic()
            page.upload(CLIP_UPLOADER, "a.mp4", content)
            return time.monotonic() - started

    for _ in range(13):
        seconds(sender, b"<html>")
    assert seconds(sender, SAMPLE.read_bytes()) > 4
    assert seconds(other, b"<html>") < 4
    assert seconds(sender, b"<html>") < 4  # one that was good makes up for them


def test_guessing_becomes_slow_at_one_address_and_is_logged(url: str, home: Path) -> None:
    with ThreadPoolExecutor(30) as crowd:
        tries = [crowd.submit(guess, url, str(i), **from_address(3)) for i in range(60)]
        answers = [one.result()[0] for one in tries]
    assert answers.count(401) <= 5
    assert answers.count(429) >= 55
    status, headers, body = guess(url, PASSWORD, **from_address(3))
    assert (status, b"try again in" in body) == (429, True)
    assert int(headers["Retry-After"]) >= 1
    log = (home / "server.log").read_text()
    assert len(logged(log, "wrong password")) >= 4
    assert PASSWORD not in log
    assert guess(url, PASSWORD, **from_address(4))[0] == 303


def test_guessing_becomes_slow_from_many_addresses(url: str) -> None:
    answers = [guess(url, "guess", **from_address(10 + i))[0] for i in range(80)]
    assert 20 < answers.count(401) <= 62
    assert answers[-1] == 429
