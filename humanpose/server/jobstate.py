"""How far an analysis is: a small file that the worker writes and every page may read."""

from contextlib import suppress
from dataclasses import asdict, dataclass
from typing import Any, Literal

from humanpose.errors import AnalysisError
from humanpose.server.entry import Entry
from humanpose.server.small_files import DAMAGED, read_json, write_json

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
    """The last state written; queued where none was, failed where it is damaged."""
    file = entry.folder / "progress.json"
    if not file.exists():
        return JobState("queued")
    with suppress(AnalysisError):
        return _state_of(read_json(file))
    return JobState("failed", DAMAGED[0].upper() + DAMAGED[1:] + ".")


def _state_of(values: Any) -> JobState:
    match values:
        case {
            "state": "queued" | "running" | "done" | "failed" | "cancelled" as state,
            "message": str(message),
            "stage": str(stage),
            "finished": list(finished),
            "done": int(done),
            "total": int() | None as total,
            "frames_per_s": int() | float() | None as rate,
        } if all(isinstance(name, str) for name in finished):
            return JobState(state, message, stage, tuple(finished), done, total, rate)
    raise AnalysisError(DAMAGED)
