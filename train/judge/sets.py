"""The sets that ``train.evaluate`` can judge on. A new one is a line."""

from collections.abc import Callable
from pathlib import Path

from train.judge.cases import Case, hdm05, pairs_test, pairs_validation, sample
from train.judge.filmed import opencap, phone, twocam

SETS: dict[str, Callable[[Path], list[Case]]] = {
    "sample": sample,
    "pairs-test": pairs_test,
    "hdm05": hdm05,
    "phone": phone,
    "twocam": twocam,
    "opencap": opencap,
    "pairs-validation": pairs_validation,
}
DEFAULT_SETS = ("sample", "pairs-test", "hdm05", "phone", "twocam")
