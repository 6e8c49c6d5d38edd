"""How far an analysis is: a small file that the worker writes and every page may read."""

import json
from dataclasses import asdict, dataclass
from typing import Literal

from humanpose.server.workspace import Entry, write_json

State = Literal["queued", "running", "done", "failed", "cancelled"]


@dataclass(frozen=True)
class JobState:
    state: State
    message: str = ""
    """For a failed job: what happened and what to do, one sentence."""
    stage: str = ""
    finished: tuple[str, ...] = ()
    """Names of the stages before this one."""
    done: int = 0
    total: int | None = None
    """Frames of this stage; None when not known."""
    frames_per_s: float | None = None

    @property
    def active(self) -> bool:
        return self.state in ("queued", "running")

    @property
    def fraction(self) -> float:
        """Share of this stage, in [0, 1]; 0 when the total is not known."""
        return min(1.0, self.done / self.total) if self.total else 0.0

    @property
    def eta_s(self) -> float | None:
        """Seconds until the end of this stage; None when not known."""
        if not self.total or not self.frames_per_s:
            return None
        return max(0, self.total - self.done) / self.frames_per_s


def write_state(entry: Entry, state: JobState) -> None:
    write_json(entry.folder / "progress.json", asdict(state))


def read_state(entry: Entry) -> JobState:
    """The last state written; queued where none was."""
    try:
        values = json.loads((entry.folder / "progress.json").read_text("utf-8"))
    except FileNotFoundError:
        return JobState("queued")
    return JobState(**values | {"finished": tuple(values["finished"])})
