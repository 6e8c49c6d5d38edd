"""Signing in at a provider of OpenID Connect: who may enter, and whose list is whose."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import streamlit as st
from playwright.sync_api import Browser, Page
from streamlit.testing.v1 import AppTest

from humanpose.ui.visitor import identity_of
from tests.support.browser import require_chromium
from tests.support.entries import finished_entry, rewrite
from tests.support.oidc_provider import Provider, app_with_accounts, running_provider
from tests.support.places import ROOT

MAIN = ROOT / "humanpose" / "ui" / "main.py"
_LIMIT_MS = 120_000


class User(dict[str, object]):
    """Streamlit's ``st.user``, as its cookie says."""

    def to_dict(self) -> dict[str, object]:
        return dict(self)


def opened(monkeypatch: pytest.MonkeyPatch, **user: object) -> AppTest:
    monkeypatch.setattr(st, "user", User(user))
    app = AppTest.from_file(str(MAIN), default_timeout=60).run()
    assert not app.exception
    return app


def seen_as(monkeypatch: pytest.MonkeyPatch, **user: object) -> str:
    """Whose list a visitor with this account has."""

    def who() -> None:
        import streamlit as st

        from humanpose.ui.visitor import visitor

        st.text(visitor())

    monkeypatch.setattr(st, "user", User(user))
    return str(AppTest.from_function(who).run().text[0].value)


@pytest.mark.usefixtures("home")
def test_who_is_not_signed_in_sees_a_door_and_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    app = opened(monkeypatch, is_logged_in=False)
    assert [button.label for button in app.button] == ["Sign in"]
    assert not app.title


@pytest.mark.usefixtures("home")
def test_without_a_provider_nobody_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    assert opened(monkeypatch).title[0].value == "Joint angles from one video"


def test_an_account_has_its_list_in_every_browser(monkeypatch: pytest.MonkeyPatch) -> None:
    def at(provider: str, person: str) -> str:
        return seen_as(monkeypatch, is_logged_in=True, iss=provider, sub=person, name="Ann")

    assert at("https://a", "1") == at("https://a", "1")
    assert len({at("https://a", "1"), at("https://a", "2"), at("https://b", "1")}) == 3
    assert seen_as(monkeypatch, is_logged_in=False) != seen_as(monkeypatch, is_logged_in=False)


@pytest.fixture(scope="module")
def provider() -> Iterator[Provider]:
    require_chromium()
    with running_provider() as provider:
        yield provider


@pytest.fixture(scope="module")
def server(
    provider: Provider, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[str, Path]]:
    """Address and data folder of an app that asks for an account at ``provider``."""
    home = tmp_path_factory.mktemp("home")
    with app_with_accounts(home, provider) as url:
        yield url, home


def entered(browser: Browser, server: tuple[str, Path], provider: Provider, who: str) -> Page:
    """The first page, in a browser of its own, after signing in."""
    provider.person = who
    page = browser.new_context().new_page()
    page.set_default_timeout(_LIMIT_MS)
    page.goto(server[0])
    page.get_by_role("button", name="Sign in").click()
    page.get_by_text("Joint angles from one video").wait_for()
    return page


def test_people_enter_through_the_provider_and_see_only_their_own(
    provider: Provider,
    server: tuple[str, Path],
    browser: Browser,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    home = server[1]
    monkeypatch.setenv("HUMANPOSE_HOME", str(home))
    entry = finished_entry(home)
    rewrite(entry, owner=identity_of(f"{provider.address} ann"))
    ann = entered(browser, server, provider, "ann")
    ann.get_by_text(entry.about.label).first.wait_for()
    bo = entered(browser, server, provider, "bo")
    assert bo.get_by_text(entry.about.label).count() == 0
    entered(browser, server, provider, "ann").get_by_text(entry.about.label).first.wait_for()
    ann.get_by_role("button", name="Sign out ann").click()
    ann.get_by_role("button", name="Sign in").wait_for()
