"""What an installation takes over of an analysis that was made elsewhere: nothing that names a
path, and words only as words."""

import re
from collections.abc import Mapping
from pathlib import PurePosixPath
from typing import TypeVar

from humanpose.analysis import Analysis
from humanpose.runtime.words import harmless_text
from humanpose.settings import travelled

T = TypeVar("T")

_STEM, _SUFFIX, _SENTENCE, _MOST = 60, 8, 1000, 200
_NAME = re.compile(r"\w[\w .-]{0,79}")
"""Of a figure, a stage, a package or a model file; no folder is in it."""


def received(analysis: Analysis) -> Analysis:
    """``analysis`` as it is kept here. What is not named below is not taken over.

    Raises:
        ValueError: it has names or numbers of warnings that no analysis has.
    """
    if len(analysis.warnings) > _MOST:
        raise ValueError("more warnings than there are")
    return Analysis(
        clip_name=file_name(analysis.clip_name),
        settings=travelled(analysis.settings),
        landmarks=analysis.landmarks,
        keypoints=analysis.keypoints,
        visibility=analysis.visibility,
        raw=analysis.raw,
        refined=analysis.refined,
        gates=analysis.gates,
        background=analysis.background,
        quality=_named(analysis.quality),
        warnings=tuple(harmless_text(words, most=_SENTENCE) for words in analysis.warnings),
        seconds=_named(analysis.seconds),
        provenance={
            name: harmless_text(words, most=_SENTENCE)
            for name, words in _named(analysis.provenance).items()
        },
    )


def file_name(name: str) -> str:
    """The last part of a path, short enough for every file system."""
    last = PurePosixPath(harmless_text(name).replace("\\", "/")).name
    stem, dot, suffix = last.rpartition(".")
    return f"{stem[:_STEM]}.{suffix[:_SUFFIX]}" if dot and stem else last[:_STEM] or "clip"


def _named(values: Mapping[str, T]) -> Mapping[str, T]:
    if len(values) > _MOST or not all(map(_NAME.fullmatch, values)):
        raise ValueError("names that no analysis has")
    return values
