"""Windows of real detections from the pairs in ``../shared``."""

from pathlib import Path

import numpy as np
import pytest

from tests.support.places import SHARED
from train.convert.errors import SourceError
from train.data.pair_windows import PairWindows
from train.data.views import Seen, undisturbed

PAIRS = SHARED / "data" / "pairs"


@pytest.fixture(scope="module")
def windows(tmp_path_factory: pytest.TempPathFactory) -> PairWindows:
    if not PAIRS.is_dir():
        pytest.skip("needs ../shared/data/pairs")
    folder = tmp_path_factory.mktemp("pairs")
    (folder / "one.npz").symlink_to(PAIRS / "p_000.npz")
    return PairWindows([folder], frames=16, side="train")


@pytest.fixture(scope="module")
def seen(windows: PairWindows) -> Seen:
    return windows.draw(np.random.default_rng(0), 64, fps=15.0)


def test_detections_lie_near_the_projected_truth(seen: Seen) -> None:
    """Also where the window was mirrored and rolled."""
    off = np.linalg.norm(seen.keypoints - undisturbed(seen).keypoints, axis=-1)
    torso = np.linalg.norm(
        undisturbed(seen).keypoints[:, :, 5] - undisturbed(seen).keypoints[:, :, 11], axis=-1
    )
    assert np.nanmedian(off / torso[..., None]) < 0.1


def test_both_a_view_and_its_mirror_image_are_drawn(seen: Seen) -> None:
    facing = seen.joints[:, 0, 5, 0] > seen.joints[:, 0, 6, 0]
    assert 0.1 < facing.mean() < 0.9


def test_gravity_is_nearly_upright_in_the_picture(seen: Seen) -> None:
    assert np.degrees(np.arccos(-seen.up[..., 1])).max() < 45
    assert seen.knows_up.all()


def test_a_file_without_pairs_is_named(tmp_path: Path) -> None:
    np.savez(tmp_path / "other.npz", something=np.zeros(3))
    with pytest.raises(SourceError, match=r"other\.npz holds no pairs"):
        PairWindows([tmp_path], frames=16, side="train")
