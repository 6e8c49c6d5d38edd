"""The sample's analysis as it was when somebody last looked at it.

$ python -m tests.golden    # store today's, after a change that is meant to move the numbers
"""

import numpy as np

from humanpose import Analysis, Settings, analyze
from humanpose.assets import SAMPLE
from humanpose.sequence import Floats
from humanpose.settings import RAW
from tests.conftest import SAMPLE_HEIGHT_M
from tests.support.places import DATA

STORED = DATA / "golden.npz"
EVERY = 4
"""So many frames apart, so that the file stays small."""


def numbers_of(analysis: Analysis) -> dict[str, Floats]:
    """Angles in deg, and joints in m in the camera frame and the world."""
    arrays = {
        "angles": analysis.joint_angles.degrees,
        "joints_camera": analysis.joints_camera.positions,
        "joints_world": analysis.joints_world.positions,
    }
    return {name: array[::EVERY] for name, array in arrays.items()}


def main() -> None:
    numbers = numbers_of(analyze(SAMPLE, Settings(height_m=SAMPLE_HEIGHT_M, **RAW)))
    np.savez_compressed(STORED, **{k: v.astype(np.float32) for k, v in numbers.items()})


if __name__ == "__main__":
    main()
