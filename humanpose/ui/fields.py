"""The field of one setting, drawn from its declaration in ``humanpose.settings``."""

from typing import Any

import streamlit as st

from humanpose.settings import OPTIONS, Settings
from humanpose.settings.options import Choice, Number, NumberOrWord, Switch
from humanpose.ui.language import own_words_in_address
from humanpose.words import say


def ask(field: str, **widget: Any) -> Any:
    """The value that the visitor chose, which is kept when pages change.

    Args:
        field: of ``Settings``.
        widget: what is to be otherwise than for the first analysis of a visit, e.g. ``value``.
    """
    option = OPTIONS[field]
    given: dict[str, Any] = {
        "label": say(option.title),
        "value": getattr(Settings, field, None),
        "key": field,
        "persist_state": "session",
        "help": say(option.help),
    } | widget
    match option:
        case NumberOrWord():
            return _number_or_word(option, given)
        case Number():
            return st.number_input(**_bounds(option) | given)
        case Choice():
            words = {choice: say(word) for choice, word in option.words.items()}
            if "bind" in given:
                own_words_in_address(given["key"], option.words.values())
            index = list(words).index(given.pop("value"))
            return st.selectbox(
                options=list(words), index=index, format_func=words.__getitem__, **given
            )
        case Switch():
            return st.toggle(**given)
    raise ValueError(f"expected a number, a choice or a switch, got {field}")


def _number_or_word(option: NumberOrWord, given: dict[str, Any]) -> Any:
    """A number, out of reach while the box below it asks for the word."""
    key = f"{option.field}_{option.word}"
    found = st.session_state.get(key, False)  # drawn below, where it belongs
    number = st.number_input(**_bounds(option) | given | {"disabled": found})
    st.checkbox(say(option.word_help), key=key, persist_state="session", help=say(option.help))
    return option.word if found else number


def _bounds(option: Number) -> dict[str, Any]:
    of_its_kind = int if option.whole else float
    low, high = (of_its_kind(x) for x in (option.low, option.high))
    return {
        "min_value": low,
        "max_value": high,
        "step": of_its_kind(option.step),
        "format": number_format(option),
        "placeholder": say(option.default_words),
    }


def number_format(option: Number) -> str:
    """One digit at least, but of whole numbers."""
    if option.whole:
        return "%d"
    return "%.2f" if option.step < 0.1 else "%.1f"
