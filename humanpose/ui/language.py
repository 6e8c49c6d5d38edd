"""In which language the app speaks to a visitor: as their browser asks, or as they chose."""

from collections.abc import Iterable
from http.cookies import CookieError, SimpleCookie
from pathlib import Path

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from humanpose.words import ENGLISH, LANGUAGES, preferred, say, say_in

_KEY = "language"
_COOKIE = "humanpose_language"
_SCRIPT = Path(__file__).with_suffix(".js")


def visitors_language() -> str:
    """Of whose page is being drawn; English outside of one."""
    if get_script_run_ctx(suppress_warning=True) is None:
        return ENGLISH
    chosen = st.session_state.get(_KEY) or st.context.cookies.get(_COOKIE)
    if chosen in LANGUAGES:
        return str(chosen)
    return preferred(st.context.headers.get("Accept-Language") or st.context.locale or "")


def language_of(cookies: str, accepted: str) -> str:
    """The same for a request, by two of its headers."""
    try:
        cookie = SimpleCookie(cookies).get(_COOKIE)
    except CookieError:
        cookie = None
    if cookie is not None and cookie.value in LANGUAGES:
        return cookie.value
    return preferred(accepted)


def choose_language() -> None:
    """A choice at the foot of every page, which the browser remembers."""
    with st.container(key="languages"):  # page.css moves it there
        languages = list(LANGUAGES)
        chosen = st.selectbox(
            say("Language"),
            languages,
            index=languages.index(visitors_language()),
            format_func=LANGUAGES.__getitem__,
            key=_KEY,
            persist_state="session",
        )
        component = st.components.v2.component(
            "humanpose_language", js=_SCRIPT.read_text("utf-8")
        )
        with st.container(key="language_kept"):  # hidden by page.css
            component(key="remember_language", data={"name": _COOKIE, "language": chosen})


def own_words_in_address(name: str, words: Iterable[str]) -> None:
    """Of a choice that the address keeps: a link may come from who speaks another language."""
    given = st.query_params.get(name)
    for word in words:
        if given in {say_in(language, word) for language in LANGUAGES} - {say(word)}:
            st.query_params[name] = say(word)
