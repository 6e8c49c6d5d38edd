"""Analysis: everything that one run found out about one clip."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from humanpose.sequence import Floats, JointAngles, Landmarks, PoseSequence, Timeline
from humanpose.settings import Settings
from humanpose.skeleton import ANGLE_NAMES


@dataclass(frozen=True, eq=False)
class Gates:
    """Who had a say, in [0, 1]. T frames; NaN where nothing was fused."""

    joints: Floats
    """(T, 17) share of MediaPipe's 3-D in each of COCO's joints; the rest is POF's. NaN for the
    face, which hangs on the trunk."""
    angles: Floats
    """(T, 12, 4) shares in each joint group's rotation: the fused pose's own, MediaPipe's,
    POF's, the joint refiner's."""


@dataclass(frozen=True, eq=False)
class Analysis:
    """One clip, analysed with one ``Settings``. T frames; NaN where nothing is known.

    *raw* is MediaPipe's 3-D after cleaning, filter and scale; the fields without the word are
    after all learned stages that are on, and are the same values when none is.
    """

    clip_name: str
    """File name of the clip, e.g. ``squat.mp4``."""
    settings: Settings
    landmarks: Landmarks
    """The detector's output as it came."""
    keypoints: Floats
    """(T, 17, 2) COCO keypoints after cleaning, px, image frame."""
    visibility: Floats
    """(T, 17) of those keypoints, in [0, 1]."""
    joints_camera_raw: PoseSequence
    """COCO-17 in the camera frame."""
    joints_camera: PoseSequence
    joints_world: PoseSequence
    """COCO-17 in the world frame."""
    limb_directions: Floats
    """(T, 14, 3) unit vectors of COCO17's bones, camera frame."""
    limb_confidence: Floats
    """(T, 14) in [0, 1]."""
    up_camera: Floats
    """(3,) unit vector against gravity in the camera frame."""
    markers_raw: PoseSequence
    """The 22 markers in the world frame."""
    markers: PoseSequence
    markers_augmented: PoseSequence | None
    """``AUGMENTED65`` in the world frame; None without augmentation."""
    joint_angles_raw: JointAngles
    joint_angles: JointAngles
    gates: Gates | None = None
    """What MainRefiner trusted; None without it."""
    markers_estimated: NDArray[np.bool_] | None = None
    """(T, 22) which of ``markers`` were estimated; None where that was off."""
    quality: Mapping[str, float] = field(default_factory=dict)
    """Named figures of merit, the unit in the name."""
    warnings: tuple[str, ...] = ()
    """Sentences for the user: what was unusual about the clip and what was done."""
    seconds: Mapping[str, float] = field(default_factory=dict)
    """Wall time per stage, s."""
    provenance: Mapping[str, str] = field(default_factory=dict)
    """Versions of what made this, and the sha256 of the clip and of each checkpoint used."""

    @property
    def timeline(self) -> Timeline:
        return self.landmarks.timeline

    @property
    def angles(self) -> pd.DataFrame:
        """36 columns in degrees, one row a frame, indexed by clip time in s."""
        return _table(self.joint_angles)

    @property
    def angles_raw(self) -> pd.DataFrame:
        """As ``angles``, before the learned stages."""
        return _table(self.joint_angles_raw)

    @property
    def group_confidence(self) -> Floats:
        """(T, 12) confidence per joint group, in [0, 1]; 0 where all its angles are NaN."""
        return self.joint_angles.group_confidence

    def save(self, out: str | Path) -> Path:
        """Write every file of the analysis into ``out/<clip stem>/`` and return that folder.

        An earlier analysis there is replaced as a whole, or not at all.

        Raises:
            OutputError: the folder cannot be written.
        """
        from humanpose.io.folder import save_analysis

        return save_analysis(self, Path(out))


def _table(angles: JointAngles) -> pd.DataFrame:
    index = pd.Index(np.round(angles.timeline.time_s, 6), name="time_s")
    return pd.DataFrame(angles.degrees, index=index, columns=list(ANGLE_NAMES))
