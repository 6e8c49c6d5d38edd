"""Pickles of numpy arrays, read so that nothing else in them can run.

A pickle may name any function to be called while it loads. Here only those that rebuild numpy
arrays and scalars are allowed (Python's documentation, "Restricting Globals"), in protocol 3 or
later.
"""

import pickle
from pathlib import Path
from typing import Any

from train.convert.errors import SourceError

_ALLOWED = {
    ("numpy", "ndarray"),
    ("numpy", "dtype"),
    *(
        (f"numpy.{core}.{module}", name)
        for core in ("core", "_core")
        for module, name in (
            ("multiarray", "_reconstruct"),
            ("multiarray", "scalar"),
            ("numeric", "_frombuffer"),
        )
    ),
}


class _ArraysOnly(pickle.Unpickler):
    def find_class(self, module: str, name: str) -> Any:
        if (module, name) not in _ALLOWED:
            raise pickle.UnpicklingError(f"it names {module}.{name}")
        return super().find_class(module, name)


def load(path: Path) -> Any:
    """What the pickle holds: arrays in lists, dictionaries and strings. Raises SourceError."""
    try:
        with path.open("rb") as stream:
            return _ArraysOnly(stream).load()
    except (
        pickle.UnpicklingError,
        EOFError,
        ValueError,
        TypeError,
        LookupError,
        AttributeError,
    ) as error:
        raise SourceError(
            f"{path.name} is not a pickle of plain arrays ({error}); get it from its publisher"
        ) from error
