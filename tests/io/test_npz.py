"""The arrays of an analysis."""

import io

import numpy as np
import pytest

from humanpose.io import npz
from tests.support.synthetic import synthetic_analysis


def test_the_arrays_have_the_contracts_names_and_shapes() -> None:
    stream = io.BytesIO()
    npz.write_arrays(synthetic_analysis(8, missing=[1]), stream)
    stream.seek(0)
    with np.load(stream, allow_pickle=False) as saved:
        shapes = {name: saved[name].shape for name in saved}
        kinds = {name: saved[name].dtype.kind for name in saved}
    assert shapes == {
        "fps": (), "time": (8,), "keypoints_2d": (8, 17, 2), "visibility": (8, 17),
        "joints_camera_raw": (8, 17, 3), "joints_camera": (8, 17, 3),
        "joints_world": (8, 17, 3), "limb_directions": (8, 14, 3), "limb_confidence": (8, 14),
        "up_camera": (3,), "angles_raw": (8, 36), "angles": (8, 36),
        "angle_confidence": (8, 36), "group_confidence": (8, 12), "angle_names": (36,),
        "angle_sd": (8, 36), "joint_confidence": (8, 17), "marker_confidence": (8, 22),
        "augmented_confidence": (8, 0),
        "marker_estimated": (8, 0), "schema": (), "background_edges": (0, 4),
    }  # fmt: skip
    assert kinds.pop("angle_names") == "U"
    assert kinds.pop("schema") == "i"
    assert set(kinds.values()) == {"f"}


def test_a_pickled_array_is_refused() -> None:
    stream = io.BytesIO()
    np.savez(stream, **dict.fromkeys(npz.ARRAY_NAMES, np.array([{}], dtype=object)))
    stream.seek(0)
    with pytest.raises(ValueError, match="pickle"):
        npz.read_arrays(stream)
