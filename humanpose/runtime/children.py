"""What a process of ours needs to know of where it comes from."""

import os

from humanpose.assets import PACKAGE


def import_path() -> dict[str, str]:
    """The environment variable by which Python finds this very package from any folder."""
    folders = (str(PACKAGE.parent), os.environ.get("PYTHONPATH"))
    return {"PYTHONPATH": os.pathsep.join(filter(None, folders))}
