"""The table of the numbers that matter."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from humanpose.report.key_numbers import KeyNumber
from humanpose.report.tables import Table, number
from humanpose.words import say, spoken


def number_table(
    numbers: Sequence[KeyNumber],
    *,
    compared: bool,
    targets: Mapping[str, tuple[float, float]] = MappingProxyType({}),
) -> Table:
    """The numbers that matter; ``compared`` with an earlier clip's, and where a measure has a
    target of the clinic's own, whether it is reached."""
    aimed = any(one.name in targets for one in numbers)
    heads = [say("What"), say("Value"), say("95 % band"), say("Count")]
    since = [say("Last time"), say("Change"), say("MDC"), say("Verdict")]
    heads += since if compared else []
    heads += [say("Target")] if aimed else []
    rows = []
    for one in numbers:
        digits = digits_of(one)
        unit = spoken(one.unit)
        figures = [one.value, one.half, one.earlier, one.value - one.earlier, one.mdc]
        value, half, then, change, mdc = (number(f, unit, digits=digits) for f in figures)
        change = f"+{change}" if figures[3] > 0 else change
        cells = [spoken(one.words), value, half if half == "–" else f"± {half}", str(one.count)]
        cells += [then, change, mdc, say(one.verdict)] if compared else []
        cells += [_against(one, targets.get(one.name))] if aimed else []
        rows.append((one.name, cells))
    return Table(heads, rows)


def _against(one: KeyNumber, target: tuple[float, float] | None) -> str:
    """The target, and on which side of it the value lies; empty without one."""
    if target is None:
        return ""
    low, high = target
    ends = "–".join(ends_of(one, target))
    sides = {
        one.value < low: say("below"),
        one.value > high: say("above"),
        low <= one.value <= high: say("in it"),
    }
    return f"{ends}, {sides[True]}" if True in sides else ends


def ends_of(one: KeyNumber, target: tuple[float, float]) -> tuple[str, str]:
    """From and to of a target, as they are written."""
    digits = digits_of(one)
    return number(target[0], digits=digits), number(target[1], spoken(one.unit), digits=digits)


def digits_of(one: KeyNumber) -> int:
    return 2 if one.unit.strip() in ("m", "s", "body heights") else 1
