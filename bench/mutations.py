"""Spoilt files by the thousand: each must be read right or be refused in a sentence.

$ python -m bench.mutations --each 20 --out docs/robustness.md

Every file is read in a process of its own, with limits on memory and time, so that a hang, a
crash of a library or a memory hog is counted and not suffered.
"""

import argparse
import os
import resource
import signal
import sys
import tempfile
import traceback
from collections import Counter
from pathlib import Path
from random import Random

from bench.mutants import Material, Mutation, Reader, materials, mutations
from humanpose.errors import HumanPoseError

CPU_LIMIT_S = 20
MEMORY_LIMIT_BYTES = 1_500_000_000
"""On top of what the process has mapped before it reads."""

FINE = ("read", "refused")
_READ, _REFUSED, _WRONG = 0, 10, 11


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--each", type=int, default=20, help="files of each kind and mutation")
    parser.add_argument("--only", default="", help="files whose name ends in this")
    parser.add_argument("--keep", type=Path, help="folder for the files that end badly")
    parser.add_argument("--out", type=Path, help="write the table into this document")
    options = parser.parse_args()
    table: dict[str, dict[str, Counter[str]]] = {}
    with tempfile.TemporaryDirectory() as folder:
        for material in materials(Path(folder)):
            if material.path.name.endswith(options.only):
                table[material.path.name] = _tried(material, options.each, options.keep)
    text = _as_markdown(table)
    print(text)
    if options.out:
        head = options.out.read_text("utf-8").partition("<!-- table -->")[0]
        options.out.write_text(f"{head}<!-- table -->\n{text}\n", "utf-8")
    sys.exit(any(set(ends) - set(FINE) for ways in table.values() for ends in ways.values()))


def _tried(material: Material, each: int, keep: Path | None) -> dict[str, Counter[str]]:
    """Mutation → how often which end, and a spoilt file of each bad one in ``keep``."""
    if (end := end_of_reading(material.read, material.path)) != "read":
        raise SystemExit(f"{material.path.name} itself: {end}")
    whole = material.path.read_bytes()
    found: dict[str, Counter[str]] = {}
    for way, mutate in mutations(material).items():
        found[way] = Counter(_spoilt(material, way, mutate, i, keep) for i in range(each))
    material.path.write_bytes(whole)
    return found


def _spoilt(
    material: Material, way: str, mutate: Mutation, number: int, keep: Path | None
) -> str:
    whole = material.path.read_bytes()
    material.path.write_bytes(mutate(whole, Random(f"{material.path.name} {way} {number}")))
    try:
        end = end_of_reading(material.read, material.path)
        if end not in FINE and keep:
            keep.mkdir(parents=True, exist_ok=True)
            (keep / f"{way}-{number}-{material.path.name}".replace(" ", "_")).write_bytes(
                material.path.read_bytes()
            )
        return end
    finally:
        material.path.write_bytes(whole)


def end_of_reading(read: Reader, path: Path) -> str:
    """``read``, ``refused``, or what went wrong; in a child process under limits."""
    child = os.fork()
    if child == 0:
        _limit()
        os._exit(_code_of(read, path))
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        name = signal.Signals(os.WTERMSIG(status)).name
        return "took too long" if name == "SIGXCPU" else f"killed by {name}"
    return {_READ: "read", _REFUSED: "refused"}.get(os.WEXITSTATUS(status), "traceback")


def _code_of(read: Reader, path: Path) -> int:
    try:
        read(path)
    except HumanPoseError as error:
        return _REFUSED if "\n" not in str(error) else _WRONG
    except BaseException:  # noqa: BLE001 - what this bench is looking for
        traceback.print_exc()
        return _WRONG
    return _READ


def _limit() -> None:
    mapped = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (mapped + MEMORY_LIMIT_BYTES,) * 2)
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_LIMIT_S, CPU_LIMIT_S + 5))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _as_markdown(table: dict[str, dict[str, Counter[str]]]) -> str:
    total: Counter[str] = Counter()
    lines = [
        "| file | spoilt by | tried | read | refused | else |",
        "|---|---|---|---|---|---|",
    ]
    for name, ways in table.items():
        for way, ends in ways.items():
            bad = ", ".join(f"{n} {end}" for end, n in ends.items() if end not in FINE) or "–"
            counts = f"{ends.total()} | {ends['read']} | {ends['refused']}"
            lines.append(f"| {name} | {way} | {counts} | {bad} |")
            total += ends
    bad = ", ".join(f"{n} {end}" for end, n in total.items() if end not in FINE) or "none"
    counts = f"{total.total()} | {total['read']} | {total['refused']}"
    return "\n".join([*lines, f"| **all** | | {counts} | **{bad}** |"])


if __name__ == "__main__":
    main()
