"""A model on the Models page: its facts, its card, and the figures that were measured."""

import streamlit as st

from humanpose.analysis import Analysis
from humanpose.learned.model_cards import ModelCard, readable
from humanpose.ui.messages import as_text
from humanpose.words import say


def model_view(card: ModelCard, analysis: Analysis | None) -> None:
    """One model; ``analysis`` is the one that the visitor looks at."""
    with st.container(border=True):
        title, state = st.columns([4, 1], vertical_alignment="center")
        title.subheader(say(card.title), anchor=False)
        with state:
            if card.shipped:
                st.badge(say("shipped"), icon=":material/check:", color="green")
            else:
                st.badge(say("not shipped"), icon=":material/block:", color="gray")
        if not card.shipped:
            st.caption(
                say(
                    "This installation has no {file}, so {option} cannot be switched on.",
                    file=card.path.name,
                    option=card.option,
                )
            )
            return
        st.markdown(_facts(card))
        used = _use(card, analysis)
        if used:
            st.caption(used)
        _texts(card)


def _facts(card: ModelCard) -> str:
    size = card.path.stat().st_size / 1e6
    facts = [f"`{card.path.name}`", say("{size:.1f} MB", size=size), f"`{card.option}`"]
    if card.parameters:
        facts.insert(1, say("{count} parameters", count=card.parameters))
    verdict = {
        True: ":material/verified: " + say("Model file matches its card"),
        False: f":orange[:material/warning: {say('Model file does not match its card')}]",
        None: f":orange[:material/help: {say('No card to compare with')}]",
    }[card.matches]
    return f"{'  ·  '.join(facts)}  \n:small[SHA-256 `{card.sha256[:16]}…`  ·  {verdict}]"


def _use(card: ModelCard, analysis: Analysis | None) -> str:
    if analysis is None:
        return ""
    clip = as_text(analysis.clip_name)
    used = analysis.provenance.get(card.path.name)
    if used is None:
        return say(
            "The analysis of {clip}, which you are looking at, was made without it.", clip=clip
        )
    if used == card.sha256:
        return say(
            "In use: the analysis of {clip}, which you are looking at, was made with it.",
            clip=clip,
        )
    return say(
        "The analysis of {clip} was made with another {file}, {sha256}…",
        clip=clip,
        file=card.path.name,
        sha256=used[:16],
    )


def _texts(card: ModelCard) -> None:
    if card.text:
        _fold(say("Model card"), card.text, card)
    for document in card.documents:
        _fold(say("Measured: {name}", name=document.name), document.read_text("utf-8"), card)


def _fold(title: str, markdown: str, card: ModelCard) -> None:
    """Sent to the browser once it is opened: the documents are long."""
    fold = st.expander(title, on_change="rerun", key=f"{card.path.name} {title}")
    if fold.open:
        with fold:
            _show(markdown, card)


def _show(markdown: str, card: ModelCard) -> None:
    pictures = card.path.parents[1] / "docs"
    for part in readable(markdown):
        if isinstance(part, str):
            st.markdown(part)
        elif (pictures / part.name).is_file():
            st.image(pictures / part.name)
