"""Words that come from elsewhere, made harmless without a change that a reader would miss."""

import unicodedata

_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})
"""Unicode's kinds without a picture: controls, turns of direction, halves of pairs."""


def harmless_text(words: str, *, most: int | None = None, keep: str = "") -> str:
    """``words`` with ``\\N{REPLACEMENT CHARACTER}`` for each character that controls instead of
    being read; at most ``most`` of them, where that is given.

    Args:
        keep: control characters that may stay, for example a line's end.
    """
    return "".join(
        "\N{REPLACEMENT CHARACTER}"
        if unicodedata.category(letter) in _UNSEEN and letter not in keep
        else letter
        for letter in words[:most]
    )
