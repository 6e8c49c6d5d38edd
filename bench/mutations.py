"""Spoilt files by the thousand: each must be read right or be refused in a sentence.

$ python -m bench.mutations --each 20 --out docs/lab/robustness.md

Files are read in child processes with limits on memory and time, so that a hang, a crash of a
library or a memory hog is counted and not suffered.
"""

import argparse
import os
import resource
import signal
import sys
import tempfile
import traceback
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from random import Random

from bench.mutants import Material, Reader, materials, mutations, read_clip
from humanpose.errors import HumanPoseError

CPU_LIMIT_S = 20
MEMORY_LIMIT_BYTES = 1_500_000_000
"""On top of what the process has mapped before it reads."""

FINE = ("read", "refused")
_READ, _REFUSED, _WRONG = range(3)
_ENDS = ("read", "refused", "traceback")


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--each", type=int, default=20, help="files of each kind and mutation")
    parser.add_argument(
        "--clips", type=int, default=20, help="the same of clips, which take longer"
    )
    parser.add_argument("--only", default="", help="files whose name ends in this")
    parser.add_argument("--keep", type=Path, help="folder for the files that end badly")
    parser.add_argument("--out", type=Path, help="write the table into this document")
    options = parser.parse_args()
    table: dict[str, dict[str, Counter[str]]] = {}
    with tempfile.TemporaryDirectory() as folder:
        for material in materials(Path(folder)):
            if material.path.name.endswith(options.only):
                each = options.each if material.read is not read_clip else options.clips
                table[material.path.name] = _tried(material, each, options.keep)
    text = _as_markdown(table)
    print(text)
    if options.out:
        head = options.out.read_text("utf-8").partition("<!-- table -->")[0]
        options.out.write_text(f"{head}<!-- table -->\n{text}\n", "utf-8")
    sys.exit(any(set(ends) - set(FINE) for ways in table.values() for ends in ways.values()))


def _tried(material: Material, each: int, keep: Path | None) -> dict[str, Counter[str]]:
    """Mutation → how often which end, and a spoilt file of each bad one in ``keep``."""
    whole = material.path.read_bytes()
    if (own := ends_of_reading(material, [whole])) != ["read"]:
        raise SystemExit(f"{material.path.name} itself: {own}")
    found: dict[str, Counter[str]] = {}
    for way, mutate in mutations(material).items():
        name = material.path.name
        spoilt = [mutate(whole, Random(f"{name} {way} {number}")) for number in range(each)]
        ends = ends_of_reading(material, spoilt)
        found[way] = Counter(ends)
        for number, end in enumerate(ends):
            if end not in FINE and keep:
                keep.mkdir(parents=True, exist_ok=True)
                (keep / f"{way}-{number}-{name}".replace(" ", "_")).write_bytes(spoilt[number])
    material.path.write_bytes(whole)
    return found


def ends_of_reading(material: Material, contents: Sequence[bytes]) -> list[str]:
    """For each content ``read``, ``refused``, or what went wrong."""
    ends: list[str] = []
    while len(ends) < len(contents):
        ends += _ends_in_a_child(material, contents[len(ends) :])
    return ends


def _ends_in_a_child(material: Material, contents: Sequence[bytes]) -> list[str]:
    """As far as one child process under limits gets: its death is the last file's end."""
    ours, theirs = os.pipe()
    child = os.fork()
    if child == 0:
        _limit_memory()
        for content in contents:
            material.path.write_bytes(content)
            _limit_time()
            os.write(theirs, bytes([_code_of(material.read, material.path)]))
        os._exit(0)
    os.close(theirs)
    with os.fdopen(ours, "rb") as pipe:
        ends = [_ENDS[code] for code in pipe.read()]
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        name = signal.Signals(os.WTERMSIG(status)).name
        ends.append("took too long" if name == "SIGXCPU" else f"killed by {name}")
    return ends


def _code_of(read: Reader, path: Path) -> int:
    try:
        read(path)
    except HumanPoseError as error:
        return _REFUSED if "\n" not in str(error) else _WRONG
    except BaseException:  # noqa: BLE001 - what this bench is looking for
        traceback.print_exc()
        return _WRONG
    return _READ


def _limit_memory() -> None:
    mapped = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (mapped + MEMORY_LIMIT_BYTES,) * 2)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _limit_time() -> None:
    used = resource.getrusage(resource.RUSAGE_SELF)
    until_s = int(used.ru_utime + used.ru_stime) + CPU_LIMIT_S
    resource.setrlimit(resource.RLIMIT_CPU, (until_s, resource.RLIM_INFINITY))


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
