"""How a long stage tells whoever waits how far it is."""

from typing import Protocol


class Progress(Protocol):
    def __call__(self, stage: str, done: int, total: int | None) -> None:
        """``stage`` as shown to the user; ``done`` of ``total`` frames, None when not known."""


def silent(stage: str, done: int, total: int | None) -> None:
    """Tells nobody."""
