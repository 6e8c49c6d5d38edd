"""The body that is rendered, read once."""

import pytest

from tests.support.unpacked import unpack
from train.synth.body.makehuman import Assets


@pytest.fixture(scope="session")
def assets(tmp_path_factory: pytest.TempPathFactory) -> Assets:
    folder = unpack("body", tmp_path_factory.mktemp("body"))
    (mesh,) = folder.rglob("base.obj")
    return Assets.load(mesh.parent)
