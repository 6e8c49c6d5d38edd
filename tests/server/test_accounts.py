"""A running app that asks for accounts, who is not let in, and what a link lets others do."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from humanpose.server.entry import Entry
from humanpose.server.jobstate import read_state
from tests.support.attacker import ask, stream_status
from tests.support.browser import own_home
from tests.support.oidc_provider import Provider, app_with_accounts, running_provider, sign_in
from tests.support.places import DATA
from tests.support.visit import visit

CLIP = DATA / "small_person.mp4"
_UPLOAD = f"/_stcore/upload_file/{'0' * 32}/{'1' * 32}"
_PATIENCE_S = 120.0


@pytest.fixture(scope="module")
def provider() -> Iterator[Provider]:
    with running_provider() as provider:
        yield provider


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    with own_home(tmp_path_factory.mktemp("home")) as folder:
        yield folder


@pytest.fixture(scope="module")
def url(home: Path, provider: Provider) -> Iterator[str]:
    with app_with_accounts(home, provider) as url:
        yield url


@pytest.fixture(scope="module")
def entry(url: str, provider: Provider) -> Entry:
    """An analysis of Ann's."""
    with visit(url, cookies=sign_in(url, provider, "ann")) as page:
        entry = page.analyse("a.mp4", CLIP.read_bytes(), height_m=1.8)
    limit = time.monotonic() + _PATIENCE_S
    while read_state(entry).active and time.monotonic() < limit:
        time.sleep(0.1)
    assert read_state(entry).state == "done"
    return entry


@pytest.mark.parametrize("cookie", ["", "_streamlit_user=2|1:0|x", "humanpose_pass=x"])
@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/_stcore/metrics"),
        ("GET", "/_stcore/host-config"),
        ("GET", "/media/0.png"),
        ("GET", f"/clips/{'0' * 32}.mp4"),
        ("PUT", _UPLOAD),
        ("DELETE", _UPLOAD),
    ],
)
def test_who_has_no_account_gets_nothing(url: str, method: str, path: str, cookie: str) -> None:
    assert ask(url, path, method=method, Cookie=cookie)[0] == 401
    assert stream_status(url, cookie) == 403


def test_no_byte_of_who_has_no_account_is_kept(url: str, home: Path) -> None:
    chunks = (b"x" * 65_536 for _ in range(800))
    try:
        status = ask(url, _UPLOAD, method="PUT", body=chunks)[0]
    except OSError:
        status = 401  # the server hung up while we were still sending
    assert status == 401
    assert not [path for path in (home / "incoming").rglob("*") if path.is_file()]


def test_a_link_lets_others_look_and_not_write(
    url: str, provider: Provider, entry: Entry
) -> None:
    before = entry.remarks.read_text()
    with visit(url, cookies=sign_in(url, provider, "bo")) as page:
        page.open("report", f"a={entry.about.link}")
        assert "a.mp4" in page.text
        page.set("text_area", "Notes", string_value="not theirs")
        page.run()
        assert "is not kept" in page.text
        page.open("export", f"a={entry.about.link}")
        assert not page.has("button", "Withdraw link")
    assert entry.remarks.read_text() == before
    with visit(url, cookies=sign_in(url, provider, "ann")) as page:
        page.open("report", f"a={entry.about.link}")
        page.set("text_area", "Notes", string_value="theirs")
        page.run()
    assert "theirs" in entry.remarks.read_text()


def test_a_withdrawn_link_opens_nothing(url: str, provider: Provider, entry: Entry) -> None:
    link, clip = entry.about.link, f"/clips/{entry.about.link}.mp4"
    bo = sign_in(url, provider, "bo")
    assert ask(url, clip, Cookie=bo)[0] == 200
    with visit(url, cookies=sign_in(url, provider, "ann")) as page:
        page.open("export", f"a={link}")
        page.click("Withdraw link")
    assert ask(url, clip, Cookie=bo)[0] == 404
    assert Entry.find(link) is None
    with visit(url, cookies=bo) as page:
        page.open("report", f"a={link}")
        assert "a.mp4" not in page.text
        assert not page.has("text_area", "Notes")
