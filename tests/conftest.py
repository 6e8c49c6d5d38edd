"""What every test shares."""

import signal
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Browser

from humanpose import Analysis, Settings, analyze
from humanpose.assets import SAMPLE
from humanpose.sequence import Floats
from humanpose.settings import RAW
from tests.support.browser import require_chromium, running_browser
from tests.support.networks import standing_network
from tests.support.synthetic import synthetic_analysis

SAMPLE_HEIGHT_M = 1.767


@pytest.fixture(scope="session", autouse=True)
def own_cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Detections are cached for this run only, and never taken from the user's cache."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HUMANPOSE_CACHE", str(tmp_path_factory.mktemp("cache")))
        yield


@pytest.fixture
def ctrl_c() -> Iterator[None]:
    """Ctrl-C is heard here and in child processes, also where a shell that put the tests into
    the background has them ignore it."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.fixture(autouse=True)
def own_main_module() -> Iterator[None]:
    """Streamlit's AppTest puts the page that it runs in the place of ``__main__`` and leaves it
    there, where later processes of ``multiprocessing`` would run it again."""
    main = sys.modules["__main__"]
    yield
    sys.modules["__main__"] = main


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The app's own folder, of one test; empty."""
    folder = tmp_path / "home"
    folder.mkdir()
    monkeypatch.setenv("HUMANPOSE_HOME", str(folder))
    return folder


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A Chromium, of one module."""
    require_chromium()
    with running_browser() as browser:
        yield browser


@pytest.fixture(scope="session")
def analysis() -> Analysis:
    """40 synthetic frames without learned stages, nobody there in frame 5."""
    return synthetic_analysis(40, missing=[5])


@pytest.fixture(scope="session")
def pof_checkpoint(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small network that believes that everybody stands and faces the camera."""
    return standing_network(tmp_path_factory.mktemp("models") / "standing_pof_model.pth")


@pytest.fixture(scope="session")
def sample(own_cache: None) -> Analysis:
    """The sample clip, analysed with the real detector."""
    return analyze(SAMPLE, Settings(height_m=SAMPLE_HEIGHT_M, **RAW))


@pytest.fixture(scope="session")
def sample_truth() -> dict[str, Floats]:
    """The exact truth of the sample clip; see train/synth/sample.py."""
    with np.load(SAMPLE.with_name("sample_truth.npz")) as arrays:
        return {name: arrays[name] for name in arrays.files}
