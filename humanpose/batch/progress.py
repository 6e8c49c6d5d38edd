"""How far a batch is: a line a clip and the time left."""

import time

from rich.console import Console

from humanpose.batch.jobs import Outcome

_STYLES = {"done": "green", "skipped": "dim", "failed": "red"}


class BatchProgress:
    """A ``Report`` that prints; the time left counts clips that were analysed, not skipped."""

    def __init__(self, console: Console, clips: int) -> None:
        self._console, self._clips = console, clips
        self._ended = self._analysed = 0
        self._start_s = time.monotonic()

    def __call__(self, outcome: Outcome) -> None:
        now_s = time.monotonic()
        self._ended += 1
        if outcome.state == "skipped":
            if not self._analysed:
                self._start_s = now_s
        else:
            self._analysed += 1
        style = _STYLES[outcome.state]
        self._console.print(
            f"[{self._ended}/{self._clips}] {outcome.job.folder}: ", end="", markup=False,
            highlight=False,
        )  # fmt: skip
        self._console.print(outcome.state, style=style, end="")
        self._console.print(
            self._about(outcome, now_s), markup=False, highlight=False, soft_wrap=True
        )

    def _about(self, outcome: Outcome, now_s: float) -> str:
        about = f" ({outcome.reason})" if outcome.reason else f", {outcome.seconds:.1f} s"
        left = self._clips - self._ended
        if not left or not self._analysed:
            return about
        per_clip_s = (now_s - self._start_s) / self._analysed
        return f"{about}; about {duration(left * per_clip_s)} left"


def duration(seconds: float) -> str:
    """For people: 40 s, 12 min, 3.5 h."""
    if seconds < 90:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 5400 else f"{seconds / 3600:.1f} h"
