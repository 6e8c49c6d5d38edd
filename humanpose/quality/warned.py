"""The warnings of an analysis in words that can be translated."""

from humanpose.analysis import Analysis
from humanpose.lengths import length_warnings
from humanpose.quality.figures import quality_warnings

_NEEDED = {"detected_share", "person_height_px"}


def warnings_of(analysis: Analysis) -> tuple[str, ...]:
    """As they are kept with it; those that its figures still give are ``Words``."""
    again = length_warnings(analysis.settings)
    if analysis.quality.keys() >= _NEEDED:
        again += quality_warnings(analysis.landmarks, dict(analysis.quality))
    said = {str(words): words for words in again}
    return tuple(said.get(words, words) for words in analysis.warnings)
