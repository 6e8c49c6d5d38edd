"""The app under an address of its own on a server that has others: ``server.baseUrlPath``."""

from collections.abc import Iterator

import pytest

from tests.support.attacker import ask, guess, pass_of
from tests.support.browser import running_app

PASSWORD = "correct horse"
NOBODY = "0" * 32


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HUMANPOSE_PASSWORD", PASSWORD)
        with running_app(tmp_path_factory.mktemp("home"), base="/clinic") as url:
            yield url


@pytest.mark.parametrize("path", ["/health", "/clinic/health"])
def test_its_health_is_told_to_machines(url: str, path: str) -> None:
    status, _, body = ask(url, path)
    assert (status, body) == (200, b"ok")


def test_the_static_parts_are_there_for_everybody(url: str) -> None:
    status, headers, _ = ask(url, "/clinic/vendor/plotly.min.js")
    assert status == 200
    assert "javascript" in headers["Content-Type"]


@pytest.mark.parametrize(
    "path", [f"clips/{NOBODY}.mp4", f"reports/{NOBODY}.html", f"batches/{NOBODY}.zip"]
)
def test_files_are_behind_the_door_and_ours_to_find(url: str, path: str) -> None:
    assert ask(url, f"/clinic/{path}")[0] == 401
    inside = pass_of(guess(url, PASSWORD, path="/clinic/"))
    status, _, body = ask(url, f"/clinic/{path}", Cookie=inside)
    assert (status, body) == (404, b"not found")


def test_the_door_leads_back_to_the_page_that_was_asked_for(url: str) -> None:
    status, headers, _ = guess(url, PASSWORD, path="/clinic/explore")
    assert (status, headers["Location"]) == (303, "/clinic/explore")
