"""What Compare computes again, and what it finds in the analysis."""

from importlib.util import find_spec
from pathlib import Path

import pytest

from humanpose.measures.comparison import with_stages
from humanpose.ui import warm_up
from humanpose.ui.compare import recompute
from tests.support.entries import finished_entry
from tests.support.synthetic import refined_analysis


def test_settings_that_the_analysis_holds_are_not_computed_again(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recompute, "compute", None)
    analysis = refined_analysis(30)
    entry = finished_entry(home, analysis)
    own = recompute.recomputed(entry, analysis, analysis.settings)
    assert own.angles is analysis.joint_angles
    raw = recompute.recomputed(entry, analysis, with_stages(analysis.settings, "raw"))
    assert raw.angles is analysis.joint_angles_raw
    assert raw.markers is analysis.markers_raw


def test_what_is_imported_at_the_start_exists() -> None:
    assert all(find_spec(name) for name in warm_up._SLOW)
