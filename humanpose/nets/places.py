"""Where the model files are, and their bytes; without PyTorch."""

import hashlib
from pathlib import Path

from humanpose.assets import INSTALLATION
from humanpose.errors import CheckpointError


def find_checkpoint(path: str) -> Path:
    """Where a model file is: a relative path counts from the working folder, or else from the
    installation's, so that the models we ship are found from anywhere."""
    given = Path(path).expanduser()
    shipped = INSTALLATION / given  # an absolute path stays what it is
    return shipped if shipped.exists() and not given.exists() else given


def sha256_of(path: Path) -> str:
    """The file's SHA-256 in hexadecimal digits.

    Raises:
        CheckpointError: there is no such file, or it cannot be read.
    """
    return hashlib.sha256(bytes_of(path)).hexdigest()


def bytes_of(path: Path) -> bytes:
    """All of a model file.

    Raises:
        CheckpointError: there is no such file, or it cannot be read.
    """
    if path.is_dir():
        raise CheckpointError(f"{path} is a folder; give the model file in it")
    try:
        return path.read_bytes()
    except FileNotFoundError as error:
        raise CheckpointError(f"there is no model file {path}; check the path") from error
    except OSError as error:
        raise CheckpointError(
            f"{path} cannot be read ({error.strerror}); check its permissions"
        ) from error
