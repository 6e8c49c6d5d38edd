"""Where the model files are."""

from pathlib import Path

from humanpose.assets import INSTALLATION


def find_checkpoint(path: str) -> Path:
    """Where a model file is: a relative path counts from the working folder, or else from the
    installation's, so that the models we ship are found from anywhere."""
    given = Path(path).expanduser()
    shipped = INSTALLATION / given  # an absolute path stays what it is
    return shipped if shipped.exists() and not given.exists() else given
