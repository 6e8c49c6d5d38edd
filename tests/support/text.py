"""What a writer writes."""

import io
from collections.abc import Callable
from typing import TextIO


def written(write: Callable[[TextIO], None]) -> str:
    stream = io.StringIO()
    write(stream)
    return stream.getvalue()
