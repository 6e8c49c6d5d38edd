"""Which model files settings ask for, and whether they fit, said before any clip is read."""

import subprocess
import sys
from pathlib import Path

import pytest

from humanpose.errors import CheckpointError
from humanpose.learned.loading import load_networks, model_hashes
from humanpose.nets.places import find_checkpoint
from humanpose.settings import RAW, Settings

POF = Settings(height_m=1.7, **(RAW | {"pof": True}))
MAIN = Settings(height_m=1.7, main_refiner=True)


@pytest.mark.parametrize("settings", [POF, MAIN])
def test_the_shipped_files_are_known_without_being_opened(settings: Settings) -> None:
    assert model_hashes(settings) == load_networks(settings).provenance


def test_for_that_nothing_slow_is_imported() -> None:
    script = (
        "import sys\n"
        "from humanpose.learned.loading import model_hashes\n"
        "from humanpose.settings import Settings\n"
        "assert len(model_hashes(Settings(height_m=1.7))) == 2\n"
        "assert not {'torch', 'scipy', 'pandas'} & set(sys.modules)\n"
    )
    subprocess.run([sys.executable, "-c", script], check=True)


@pytest.mark.parametrize("spoilt", [b"", b"no model"])
def test_another_file_is_opened_and_refused_where_it_does_not_fit(
    spoilt: bytes, tmp_path: Path
) -> None:
    shipped = find_checkpoint(POF.pof_model_path)
    own = tmp_path / shipped.name
    own.with_suffix(".md").write_bytes(shipped.with_suffix(".md").read_bytes())
    own.write_bytes(spoilt or shipped.read_bytes()[:-100])
    settings = Settings(height_m=1.7, pof_model_path=str(own))
    with pytest.raises(CheckpointError, match="get the model file again"):
        model_hashes(settings)
