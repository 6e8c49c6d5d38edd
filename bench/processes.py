"""The processes below one of ours, as /proc tells (Linux)."""

import os
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

_PAGE = os.sysconf("SC_PAGE_SIZE")


def descendants(process: int) -> list[int]:
    """Children, their children and so on, of those that live now."""
    parents = _parents()
    found: list[int] = [process]
    for known in found:  # grows while it is walked
        found += [child for child, parent in parents.items() if parent == known]
    return found[1:]


def peak_gb_of(command: Sequence[str], environment: Mapping[str, str]) -> float:
    """Largest resident set of a command while it ran. Raises CalledProcessError."""
    child = subprocess.Popen(command, env=environment)
    _, status, used = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode:
        raise subprocess.CalledProcessError(child.returncode, command)
    return used.ru_maxrss / 1e6


def command_line(process: int) -> str:
    """Empty for one that has ended."""
    try:
        return Path(f"/proc/{process}/cmdline").read_bytes().replace(b"\0", b" ").decode()
    except OSError:
        return ""


def resident_mb(process: int) -> float:
    """What it holds in memory; 0 for one that has ended."""
    try:
        pages = int(Path(f"/proc/{process}/statm").read_text().split()[1])
    except OSError:
        return 0.0
    return pages * _PAGE / 1e6


def peak_mb(process: int) -> float:
    """The most that it has held so far, or since ``forget_peak``."""
    status = Path(f"/proc/{process}/status").read_text()
    return int(status.partition("VmHWM:")[2].split()[0]) * 1024 / 1e6


def forget_peak(process: int) -> None:
    """Have ``peak_mb`` count from now on."""
    Path(f"/proc/{process}/clear_refs").write_text("5")


def _parents() -> dict[int, int]:
    return {
        int(folder.name): parent
        for folder in Path("/proc").glob("[0-9]*")
        if (parent := _parent(folder)) is not None
    }


def _parent(folder: Path) -> int | None:
    try:
        status = (folder / "stat").read_text()
    except OSError:
        return None
    return int(status.rpartition(")")[2].split()[1])
