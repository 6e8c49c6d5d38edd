"""A model on the Models page: its facts, its card, and the figures that were measured."""

import streamlit as st

from humanpose.analysis import Analysis
from humanpose.learned.model_cards import ModelCard, readable
from humanpose.ui.messages import as_text


def model_view(card: ModelCard, analysis: Analysis | None) -> None:
    """One model; ``analysis`` is the one that the visitor looks at."""
    with st.container(border=True):
        title, state = st.columns([4, 1], vertical_alignment="center")
        title.subheader(card.title, anchor=False)
        with state:
            if card.shipped:
                st.badge("shipped", icon=":material/check:", color="green")
            else:
                st.badge("not shipped", icon=":material/block:", color="gray")
        if not card.shipped:
            st.caption(
                f"This installation has no {card.path.name}, so {card.option} cannot be"
                " switched on."
            )
            return
        st.markdown(_facts(card))
        used = _use(card, analysis)
        if used:
            st.caption(used)
        _texts(card)


def _facts(card: ModelCard) -> str:
    size = card.path.stat().st_size / 1e6
    facts = [f"`{card.path.name}`", f"{size:.1f} MB", f"`{card.option}`"]
    if card.parameters:
        facts.insert(1, f"{card.parameters} parameters")
    verdict = {
        True: ":material/verified: Model file matches its card",
        False: ":orange[:material/warning: Model file does not match its card]",
        None: ":orange[:material/help: No card to compare with]",
    }[card.matches]
    return f"{'  ·  '.join(facts)}  \n:small[SHA-256 `{card.sha256[:16]}…`  ·  {verdict}]"


def _use(card: ModelCard, analysis: Analysis | None) -> str:
    if analysis is None:
        return ""
    clip = as_text(analysis.clip_name)
    used = analysis.provenance.get(card.path.name)
    if used is None:
        return f"The analysis of {clip}, which you are looking at, was made without it."
    if used == card.sha256:
        return f"In use: the analysis of {clip}, which you are looking at, was made with it."
    return f"The analysis of {clip} was made with another {card.path.name}, {used[:16]}…"


def _texts(card: ModelCard) -> None:
    if card.text:
        with st.expander("Model card"):
            _show(card.text, card)
    for document in card.documents:
        with st.expander(f"Measured: {document.name}"):
            _show(document.read_text(encoding="utf-8"), card)


def _show(markdown: str, card: ModelCard) -> None:
    pictures = card.path.parents[1] / "docs"
    for part in readable(markdown):
        if isinstance(part, str):
            st.markdown(part)
        elif (pictures / part.name).is_file():
            st.image(pictures / part.name)
