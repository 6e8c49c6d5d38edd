"""What Compare computes again, and what it finds in the analysis."""

from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from humanpose.measures.comparison import with_stages
from humanpose.ui import warm_up
from humanpose.ui.compare import recompute
from tests.support.entries import finished_entry
from tests.support.pages import opened, words
from tests.support.synthetic import refined_analysis, synthetic_analysis


def test_settings_that_the_analysis_holds_are_not_computed_again(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recompute, "ask", None)
    analysis = refined_analysis(30)
    entry = finished_entry(home, analysis)
    raw = with_stages(analysis.settings, "raw")
    own, bare = recompute.recomputed(entry, analysis, [analysis.settings, raw])
    assert own.angles is analysis.joint_angles  # type: ignore[union-attr]
    assert bare.angles is analysis.joint_angles_raw  # type: ignore[union-attr]
    assert bare.markers is analysis.markers_raw  # type: ignore[union-attr]


def test_compare_opens_with_what_the_analysis_holds(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recompute, "ask", None)
    analysis = refined_analysis(30)
    settings = replace(analysis.settings, joint_refinement=True)
    app = opened("compare", finished_entry(home, replace(analysis, settings=settings)))
    assert not app.exception
    assert app.dataframe


def test_what_was_cancelled_is_computed_only_when_asked_again(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = opened("compare", finished_entry(home, synthetic_analysis(30)))
    compared: list[Any] = []
    monkeypatch.setattr(recompute, "waited", lambda _, on_cancel: compared.append(on_cancel))
    app.run()
    monkeypatch.undo()
    monkeypatch.setenv("HUMANPOSE_HOME", str(home))
    app.session_state["recompute_cancelled"] = compared[0].args[0]
    app.run()
    assert "Cancelled" in words(app)
    assert not app.dataframe
    next(b for b in app.button if b.label == "Compute it after all").click().run()
    assert app.dataframe


def test_what_is_imported_at_the_start_exists() -> None:
    assert all(find_spec(name) for name in warm_up.FIRST + warm_up.LATER)
