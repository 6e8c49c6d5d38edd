"""What the tests of pages share."""

from collections.abc import Callable
from pathlib import Path

import pytest

from humanpose.nets import places


@pytest.fixture
def with_models(home: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Installs empty files for the models of these stages, and no others."""
    monkeypatch.setattr(places, "INSTALLATION", home)
    monkeypatch.chdir(home)

    def install(*paths: str) -> None:
        for path in paths:
            (home / path).parent.mkdir(exist_ok=True)
            (home / path).touch()

    return install
