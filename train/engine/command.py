"""How every script of this package begins and ends."""

import argparse
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from humanpose.errors import HumanPoseError


def parser_of(doc: str, *unpacked: str) -> argparse.ArgumentParser:
    """A parser that says the first line of ``doc`` and asks for the folders ``unpacked``."""
    parser = argparse.ArgumentParser(description=doc.splitlines()[0])
    for name in unpacked:
        told = f"unpacked {name}.tar.xz"
        parser.add_argument(f"--{name}", type=Path, required=True, help=told)
    return parser


def exit_code(
    name: str,
    parser: argparse.ArgumentParser,
    work: Callable[[argparse.Namespace], object],
    arguments: Sequence[str] | None = None,
) -> int:
    """0 after ``work`` with the arguments, by default those of the command line.

    Where it fails with a ``HumanPoseError``, that error's own code, with one line on stderr.
    """
    options = parser.parse_args(arguments)
    try:
        work(options)
    except HumanPoseError as error:
        print(f"{name}: {error}", file=sys.stderr)
        return error.exit_code
    return 0
