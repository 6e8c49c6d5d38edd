"""What a user of the converters can cause and fix."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import ClassVar

import numpy as np

from humanpose.errors import HumanPoseError


class SourceError(HumanPoseError):
    """A data file is not in the format it was read as; the message says what to do."""

    exit_code: ClassVar[int] = 3


@contextmanager
def reading(path: Path) -> Iterator[None]:
    """Turn what a parser stumbles over, in a file that looked right, into a SourceError."""
    try:
        with np.errstate(over="raise", invalid="raise"):  # numbers no recording has
            yield
    except (ValueError, LookupError, ArithmeticError) as error:
        raise SourceError(f"{path.name} is damaged ({error}); get it again") from error
