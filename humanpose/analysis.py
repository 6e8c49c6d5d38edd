"""Analysis: everything that one run found out about one clip; NaN where nobody was seen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from humanpose.motion import Gates, Motion
from humanpose.sequence import Floats, JointAngles, Landmarks, PoseSequence, Timeline
from humanpose.settings import Settings
from humanpose.skeleton import ANGLE_NAMES
from humanpose.video.background import UNWATCHED, Background

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, eq=False)
class Analysis:
    """One clip, analysed with one ``Settings``. T frames; NaN where nothing is known.

    *raw* is MediaPipe's 3-D after cleaning, filter and scale; names without the word are after
    all learned stages that are on.
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
    raw: Motion
    """Before the learned stages. Of it only joints in the camera frame, markers and angles are
    kept on disk: the rest is NaN or None once it was read back."""
    refined: Motion
    """After them; the same as ``raw`` when none is on."""
    gates: Gates | None = None
    """What MainRefiner trusted; None without it."""
    background: Background = UNWATCHED
    """What was seen beside the person."""
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
    def joints_camera_raw(self) -> PoseSequence:
        """COCO-17 in the camera frame, m."""
        return self.raw.joints

    @property
    def joints_camera(self) -> PoseSequence:
        """COCO-17 in the camera frame, m."""
        return self.refined.joints

    @property
    def joints_world(self) -> PoseSequence:
        """COCO-17 in the world frame, m."""
        return self.refined.joints_world

    @property
    def limb_directions(self) -> Floats:
        """(T, 14, 3) unit vectors of COCO17's bones, camera frame."""
        return self.refined.limb_directions

    @property
    def limb_confidence(self) -> Floats:
        """(T, 14) in [0, 1]."""
        return self.refined.limb_confidence

    @property
    def up_camera(self) -> Floats:
        """(3,) unit vector against gravity in the camera frame."""
        return self.refined.up_camera

    @property
    def markers_raw(self) -> PoseSequence:
        """The 22 markers in the world frame, m."""
        return self.raw.markers

    @property
    def markers(self) -> PoseSequence:
        """The 22 markers in the world frame, m."""
        return self.refined.markers

    @property
    def markers_augmented(self) -> PoseSequence | None:
        """``AUGMENTED65`` in the world frame, m; None without augmentation."""
        return self.refined.augmented

    @property
    def markers_estimated(self) -> NDArray[np.bool_] | None:
        """(T, 22) which of ``markers`` were estimated; None where that was off."""
        return self.refined.estimated

    @property
    def joint_angles_raw(self) -> JointAngles:
        """The 36 angles before the learned stages, deg."""
        return self.raw.angles

    @property
    def joint_angles(self) -> JointAngles:
        """The 36 angles, deg."""
        return self.refined.angles

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
    import pandas as pd  # only where a table is wanted

    index = pd.Index(np.round(angles.timeline.time_s, 6), name="time_s")
    return pd.DataFrame(angles.degrees, index=index, columns=list(ANGLE_NAMES))
