"""Honest visitors beside attackers: what is lost, what is wrong, and how long the others wait.

$ python -m bench.siege --minutes 10
$ python -m bench.siege --alone 30    # seconds of each attack by itself: what the server holds

Half of the time eight visitors analyse short clips alone, the other half beside four attackers
(``bench.attackers``). Fails where an honest analysis is lost or has other numbers than the same
clip analysed before, or where a limit is missed.
"""

import argparse
import random
import secrets
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pytest

from bench.attackers import ATTACKERS, TROUBLE, Field
from bench.batch import distinct_clips
from bench.processes import descendants, resident_mb
from humanpose import Settings, analyze
from humanpose.analysis import Analysis
from humanpose.io.load import load_analysis
from humanpose.server.entry import Entry
from humanpose.server.jobstate import read_state
from humanpose.server.space import bytes_in
from humanpose.settings import RAW
from tests.support.attacker import guess, pass_of
from tests.support.browser import free_port, running_app
from tests.support.visit import visit

VISITORS, QUOTA_GB, LARGEST_MB = 8, 0.5, 60
PASSWORD, HEIGHT_M = "correct horse battery", 1.77
_PATIENCE_S = 600.0
_LOOK_EVERY_S = 0.2
_SAME_DEG = 0.01
WAIT_RATIO, MOST_MB = 1.5, 800.0
MOST_GB = QUOTA_GB + LARGEST_MB / 1e3
"""And one clip."""


@dataclass
class Seen:
    """What came of it all, with attackers or without."""

    waits_s: list[float] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    tried_again: int = 0
    """Times that a page failed or went away before an analysis was started."""


@dataclass
class Held:
    """The most that the server held."""

    server_mb: float = 0.0
    all_mb: float = 0.0
    """With its processes for analyses and files."""
    disk_gb: float = 0.0


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--minutes", type=float, default=10.0)
    parser.add_argument("--alone", type=float)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as name, pytest.MonkeyPatch.context() as patch:
        place = Path(name)
        for variable, value in {
            "HUMANPOSE_HOME": str(place / "home"),
            "HUMANPOSE_CACHE": str(place / "reference"),
            "HUMANPOSE_PASSWORD": PASSWORD,
            "HUMANPOSE_DISK_GB": str(QUOTA_GB),
            "HUMANPOSE_MEMORY_GB": "2",
        }.items():
            patch.setenv(variable, value)
        clips = distinct_clips(place / "clips", 1 if given.alone else VISITORS)
        settings = Settings(height_m=HEIGHT_M, **RAW)
        expected = {clip.name: analyze(clip, settings) for clip in clips}
        if given.alone:
            sys.exit(_one_by_one(place, clips, expected, minutes=given.alone / 60))
        held = Held()
        with besieged(place / "home", held) as ground:
            calm = _phase(ground, clips, expected, minutes=given.minutes / 2)
            for attack in ATTACKERS:
                threading.Thread(target=attack, args=(ground,), daemon=True).start()
            stormy = _phase(ground, clips, expected, minutes=given.minutes / 2)
            ground.over.set()
        print(f"attacks: {_listed(ground)}")
        sys.exit(_report(calm, stormy, held))


def _one_by_one(
    place: Path, clips: list[Path], expected: dict[str, Analysis], *, minutes: float
) -> bool:
    """Print the most that is held under each attack beside an honest visitor; whether that is
    too much, or an analysis was lost or is wrong."""
    missed = False
    for attack in ATTACKERS:
        held = Held()
        with besieged(place / "home", held) as ground:
            attacking = threading.Thread(target=attack, args=(ground,))
            attacking.start()
            seen = _phase(ground, clips, expected, minutes=minutes)
            ground.over.set()
            attacking.join()
        wrong = held.server_mb > MOST_MB or held.disk_gb > MOST_GB
        wrong |= bool(seen.lost or seen.wrong)
        missed |= wrong
        print(
            f"{attack.__name__:16s} server {held.server_mb:4.0f} MB, with its processes"
            f" {held.all_mb:5.0f} MB, disk {held.disk_gb:.3f} GB{'  MISSED' * wrong}"
            f"  ({_listed(ground)}, {len(seen.waits_s)} analyses)"
        )
    return missed


def _listed(ground: Field) -> str:
    return ", ".join(f"{number} {what}" for what, number in sorted(ground.done.items()))


@contextmanager
def besieged(home: Path, held: Held) -> Iterator[Field]:
    """A server, and the cookies of who is inside before the attack begins."""
    port = free_port()
    options = [f"--server.maxUploadSize={LARGEST_MB}"]

    def serve() -> ExitStack:
        stack = ExitStack()
        stack.enter_context(running_app(home, port=port, options=options))
        return stack

    ground = Field(port, serve, [], running=serve())
    people = range(VISITORS + len(ATTACKERS))
    ground.inside += [pass_of(guess(ground.url, PASSWORD)) for _ in people]
    watching = threading.Thread(target=_watch, args=(home, ground, held), daemon=True)
    watching.start()
    try:
        yield ground
    finally:
        ground.over.set()
        watching.join()
        ground.running.close()


def _phase(
    ground: Field, clips: list[Path], expected: dict[str, Analysis], *, minutes: float
) -> Seen:
    seen, until = Seen(), time.monotonic() + 60 * minutes
    visitors = [
        threading.Thread(target=_visitor, args=(ground, number, clip, expected, until, seen))
        for number, clip in enumerate(clips)
    ]
    for one in visitors:
        one.start()
    for one in visitors:
        one.join()
    return seen


def _visitor(
    ground: Field,
    number: int,
    clip: Path,
    expected: dict[str, Analysis],
    until: float,
    seen: Seen,
) -> None:
    while time.monotonic() < until:
        start_s = time.monotonic()
        entry = None
        while entry is None:
            try:
                entry = _start(ground, number, clip)
            except TROUBLE as error:
                print(f"{clip.name}: {error!r:.200}", file=sys.stderr, flush=True)
                seen.tried_again += 1
                time.sleep(random.uniform(0.5, 2))
        state = _ended(entry)
        if state != "done":
            seen.lost.append(f"{clip.name}: {state}")
            continue
        seen.waits_s.append(time.monotonic() - start_s)
        print(f"{clip.name}: {seen.waits_s[-1]:.0f} s", file=sys.stderr, flush=True)
        if not _same(load_analysis(entry.result), expected[clip.name]):
            seen.wrong.append(clip.name)


def _start(ground: Field, number: int, clip: Path) -> Entry:
    with visit(ground.url, cookies=ground.inside[number]) as page:
        return page.analyse(clip.name, _never_seen(clip), height_m=HEIGHT_M)


def _never_seen(clip: Path) -> bytes:
    """The clip with bytes of no meaning at its end, so that nothing is known of it yet."""
    return clip.read_bytes() + b"\x00\x00\x00\x18free" + secrets.token_bytes(16)


def _ended(entry: Entry) -> str:
    limit = time.monotonic() + _PATIENCE_S
    while time.monotonic() < limit:
        state = read_state(entry)
        if not state.active:
            return f"{state.state} {state.message}".strip()
        time.sleep(_LOOK_EVERY_S)
    return "never ended"


def _same(one: Analysis, other: Analysis) -> bool:
    a, b = one.joint_angles.degrees, other.joint_angles.degrees
    return a.shape == b.shape and np.allclose(a, b, atol=_SAME_DEG, equal_nan=True)


def _watch(home: Path, ground: Field, held: Held) -> None:
    while not ground.over.wait(_LOOK_EVERY_S):
        with suppress(StopIteration):  # just killed
            server_mb = resident_mb(ground.server)
            all_mb = server_mb + sum(map(resident_mb, descendants(ground.server)))
            held.server_mb = max(held.server_mb, server_mb)
            held.all_mb = max(held.all_mb, all_mb)
        held.disk_gb = max(held.disk_gb, bytes_in(home) / 1e9)


def _report(calm: Seen, stormy: Seen, held: Held) -> bool:
    """Print what came of it; whether a limit was missed."""
    before, after = (statistics.median(one.waits_s or [np.inf]) for one in (calm, stormy))
    rows = (
        ("honest analyses lost", len(calm.lost + stormy.lost), 0),
        ("honest analyses with other numbers", len(calm.wrong + stormy.wrong), 0),
        ("median wait, with attackers / without", after / before, WAIT_RATIO),
        ("the server's memory, MB", held.server_mb, MOST_MB),
        ("the data folder, GB", held.disk_gb, MOST_GB),
    )
    missed = [what for what, value, limit in rows if not value <= limit]
    print(f"analyses: {len(calm.waits_s)} without attackers, {len(stormy.waits_s)} with them")
    print(f"median wait: {before:.1f} s without, {after:.1f} s with")
    print(f"begun again by the visitor: {calm.tried_again} without, {stormy.tried_again} with")
    for what, value, limit in rows:
        print(f"{what:40s} {value:8.2f} <= {limit:6.2f}{'  MISSED' * (what in missed)}")
    for line in (*calm.lost, *stormy.lost)[:20]:
        print(f"lost: {line}")
    return bool(missed)


if __name__ == "__main__":
    main()
