"""Warnings that were kept as text are found again in words that can be translated."""

from dataclasses import replace

from humanpose.quality.figures import quality_warnings
from humanpose.quality.warned import warnings_of
from humanpose.words import say_in
from tests.support.synthetic import synthetic_analysis

_FIGURES = {"detected_share": 0.8, "person_height_px": 300.0}


def test_a_warning_is_said_in_another_language() -> None:
    analysis = replace(synthetic_analysis(), quality=_FIGURES)
    kept = tuple(map(str, quality_warnings(analysis.landmarks, _FIGURES)))
    analysis = replace(analysis, warnings=(*kept, "the clip has parrots"))
    said = [say_in("de", words) for words in warnings_of(analysis)]
    assert "Die Person wurde in nur 80 % der Bilder gefunden; der Rest sind Lücken." in said
    assert said[-1] == "the clip has parrots"
