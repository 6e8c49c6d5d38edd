"""Files on their way in, where the data folder cannot take them."""

import uuid
from pathlib import Path

import pytest

from humanpose.errors import OutputError
from humanpose.server.incoming import Incoming, place_of


def test_a_data_folder_that_cannot_be_written_is_said_without_its_path(home: Path) -> None:
    home.mkdir(exist_ok=True)
    (home / "incoming").write_text("in the way")
    place = place_of(str(uuid.uuid4()), str(uuid.uuid4()))
    assert place is not None
    with pytest.raises(OutputError, match="data folder") as refused:
        Incoming(place)
    assert str(home) not in str(refused.value)


def test_ids_that_are_none_have_no_place() -> None:
    assert place_of("..", str(uuid.uuid4())) is None
    assert place_of(str(uuid.uuid4()), "../x") is None
