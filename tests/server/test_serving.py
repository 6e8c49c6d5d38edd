"""The app as others use it: whose list, what limits, which headers, on a server that runs."""

import json
import os
import re
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from email.message import Message
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect
from streamlit.testing.v1 import AppTest

from humanpose.errors import BusyError, OutputError
from humanpose.server import workspace
from humanpose.server.clips import store_upload
from humanpose.server.entry import Entry
from humanpose.server.jobs import Jobs, _crash_sentence
from humanpose.server.log import event
from humanpose.server.serving import serving
from humanpose.settings import RAW, Settings
from humanpose.ui.visitor import COOKIE
from tests.support.attacker import ask, guess, pass_of
from tests.support.browser import running_app
from tests.support.entries import finished_entry, rewrite
from tests.support.places import ROOT

PASSWORD = "correct horse"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    """Address and data folder of an app that asks for a password."""
    home = tmp_path_factory.mktemp("home")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HUMANPOSE_PASSWORD", PASSWORD)
        patch.setenv("HUMANPOSE_HOME", str(home))
        with running_app(home) as url:
            yield url, home


def headers(url: str, *, method: str = "GET", cookie: str = "") -> tuple[int, Message]:
    request = urllib.request.Request(url, method=method, headers={"Cookie": cookie})
    try:
        with urllib.request.urlopen(request, timeout=60) as response:
            return response.status, response.headers
    except urllib.error.HTTPError as error:
        return error.code, error.headers


def test_every_answer_carries_the_security_headers(server: tuple[str, Path]) -> None:
    url, _ = server
    for path in ("/", "/explore", "/health", "/vendor/plotly.min.js", "/_stcore/health"):
        _, sent = headers(url + path)
        assert "frame-ancestors 'none'" in sent["Content-Security-Policy"]
        assert "'unsafe-eval'" not in sent["Content-Security-Policy"]
        assert sent["X-Content-Type-Options"] == "nosniff"


def test_a_page_gives_a_browser_its_cookie_once(server: tuple[str, Path]) -> None:
    url, _ = server
    _, first = headers(url)
    [given] = [c for c in first.get_all("Set-Cookie") or [] if c.startswith(COOKIE)]
    assert {"HttpOnly", "SameSite=Lax", "Path=/"} <= set(given.split("; "))
    pair = given.split(";")[0]
    _, second = headers(url, cookie=pair)
    assert COOKIE not in str(second.get_all("Set-Cookie"))
    _, forged = headers(url, cookie=f"{COOKIE}=guess")
    assert COOKIE in str(forged.get_all("Set-Cookie"))


def test_an_upload_from_another_site_is_refused(server: tuple[str, Path]) -> None:
    url, _ = server
    path = f"/_stcore/upload_file/{'0' * 32}/{'1' * 32}"
    entered = pass_of(guess(url, PASSWORD))
    assert headers(url + path, method="PUT", cookie=entered)[0] == 403
    assert headers(url + path, method="PUT")[0] == 401


def test_the_health_of_the_server_is_told_to_machines(server: tuple[str, Path]) -> None:
    url, _ = server
    with urllib.request.urlopen(f"{url}/health", timeout=60) as answer:
        assert answer.read() == b"ok"


def test_the_server_s_figures_are_told_to_nobody(server: tuple[str, Path]) -> None:
    url, _ = server
    entered = pass_of(guess(url, PASSWORD))
    assert headers(f"{url}/_stcore/metrics", cookie=entered)[0] == 404


def test_behind_tls_browsers_are_told_to_come_back_encrypted_only(
    server: tuple[str, Path],
) -> None:
    url, _ = server
    assert "Strict-Transport-Security" not in ask(url, "/health")[1]
    status, sent, _ = guess(url, PASSWORD, X_Forwarded_Proto="https")
    assert sent["Strict-Transport-Security"] == "max-age=31536000"
    assert status == 303
    assert "Secure" in str(sent.get_all("Set-Cookie"))
    assert sent["Permissions-Policy"].startswith("camera=(self), display-capture=(), ")


def test_every_browser_has_its_own_list_behind_the_password(
    server: tuple[str, Path], browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    url, home = server
    monkeypatch.setenv("HUMANPOSE_HOME", str(home))
    entry = finished_entry(home)
    mine, other = browser.new_context(), browser.new_context()
    page = mine.new_page()
    page.goto(url)
    page.get_by_role("textbox", name="Password").fill("guess")
    page.get_by_role("button", name="Enter").click()
    expect(page.get_by_text("That is not the password")).to_be_visible(timeout=60_000)
    page.get_by_role("textbox", name="Password").fill(PASSWORD)
    page.get_by_role("button", name="Enter").click()
    expect(page.get_by_text("Joint angles from one video")).to_be_visible(timeout=60_000)
    give_to(entry, next(c["value"] for c in mine.cookies() if c.get("name") == COOKIE))
    page.reload()
    expect(page.get_by_text(entry.about.label).first).to_be_visible(timeout=60_000)
    stranger = other.new_page()
    stranger.goto(url)
    stranger.get_by_role("textbox", name="Password").fill(PASSWORD)
    stranger.get_by_role("button", name="Enter").click()
    expect(stranger.get_by_text("Joint angles from one video")).to_be_visible(timeout=60_000)
    expect(stranger.get_by_text(entry.about.label)).to_have_count(0)
    stranger.goto(f"{url}/explore?a={entry.about.link}")
    expect(stranger.get_by_text(entry.about.label).first).to_be_visible(timeout=60_000)


def give_to(entry: Entry, cookie: str) -> None:
    """Put the analysis into the list of the browser with this cookie."""
    import hashlib

    rewrite(entry, owner=hashlib.sha256(cookie.encode()).hexdigest())


def test_a_list_holds_one_s_own_and_what_belongs_to_nobody(home: Path) -> None:
    clip = store_upload("a.mp4", b"clip")
    settings = Settings(height_m=1.7, **RAW)
    for owner in ("ann", "bo", ""):
        workspace.create(clip, f"{owner}.mp4", settings, owner=owner)
    assert {e.about.label for e in Entry.newest(limit=9, owners=("", "ann"))} == {
        "ann.mp4",
        ".mp4",
    }
    assert len(Entry.newest(limit=9)) == 3


def test_without_cookies_a_visit_is_its_own_visitor(home: Path) -> None:
    def who() -> None:
        import streamlit as st

        from humanpose.ui.visitor import visitor

        st.text(visitor())

    first, second = AppTest.from_function(who).run(), AppTest.from_function(who).run()
    assert first.text[0].value == first.run().text[0].value != second.text[0].value


def test_only_the_app_s_own_user_may_look_into_its_folders(home: Path) -> None:
    clip = store_upload("a.mp4", b"clip")
    entry = workspace.create(clip, "a.mp4", Settings(height_m=1.7, **RAW))
    for folder in (clip.parent, entry.folder, home / "uploads", home / "analyses"):
        assert folder.stat().st_mode & 0o777 == 0o700


def test_a_full_quota_is_one_sentence(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HUMANPOSE_DISK_GB", "0.000001")
    store_upload("a.mp4", b"x" * 900)
    with pytest.raises(OutputError, match="at most 1e-06 GB"):
        store_upload("b.mp4", b"x" * 200)


def test_no_more_analyses_wait_than_the_server_lets(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HUMANPOSE_WAITING", "1")
    jobs = Jobs()
    jobs.require_room()
    clip = store_upload("a.mp4", b"")
    for _ in range(2):
        jobs.submit(workspace.create(clip, "a.mp4", Settings(height_m=1.7, **RAW)))
    with pytest.raises(BusyError, match="try again"):
        jobs.require_room()
    jobs.close()


@pytest.mark.parametrize("given", ["0", "-1", "many", "nan"])
def test_a_slip_in_a_limit_does_not_lift_it(
    given: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HUMANPOSE_MEMORY_GB", given)
    with pytest.raises(ValueError, match="HUMANPOSE_MEMORY_GB"):
        serving()


def limited(code: str, **environment: str) -> subprocess.CompletedProcess[str]:
    setup = "from humanpose.server.limits import *; from humanpose.server.serving import *\n"
    setup += "limit_this_process(serving())\n"
    return subprocess.run(
        [sys.executable, "-c", setup + code],
        env=os.environ | environment | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )


def test_memory_beyond_the_limit_is_refused_by_the_system() -> None:
    ended = limited("bytearray(1_500_000_000)", HUMANPOSE_MEMORY_GB="1")
    assert "MemoryError" in ended.stderr
    assert limited("bytearray(500_000_000)", HUMANPOSE_MEMORY_GB="1").returncode == 0


def test_computing_beyond_the_limit_is_stopped_and_said() -> None:
    ended = limited("while True: pass", HUMANPOSE_CPU_HOURS=str(1.5 / 3600))
    assert "computed for more than" in _crash_sentence(ended.returncode)


def test_the_log_has_no_token_in_it(capfd: pytest.CaptureFixture[str]) -> None:
    event("ended", token="secret", seconds=1.5)
    line = capfd.readouterr().err
    assert json.loads(line)["seconds"] == 1.5
    assert re.fullmatch(r"[0-9a-f]{12}", json.loads(line)["analysis"])
    assert "secret" not in line
