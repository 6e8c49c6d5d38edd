"""A clip's body: who is seen in which frames, fitted."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import LinAlgError

from humanpose.body.evidence import Told, gather
from humanpose.body.fit import Guess, fit_body, people_at_large
from humanpose.body.fitted import FittedBody
from humanpose.body.sites import IN_MEDIAPIPE
from humanpose.body.start import first_pose
from humanpose.camera import Camera
from humanpose.errors import ClipError
from humanpose.geometry import runs
from humanpose.markers.input_markers import markers_of
from humanpose.runtime.memory import give_back
from humanpose.runtime.remembered import remembered
from humanpose.sequence import Floats, Landmarks, LimbField, PoseSequence
from humanpose.world.gravity import Up, find_up

_LEAST_LANDMARKS = 4
"""A frame with fewer tells nothing of the body."""


@dataclass(frozen=True, eq=False)
class Clues:
    """What is known of a clip beside its landmarks; None where nobody looked."""

    field: LimbField | None = None
    """POF's limbs and up."""
    edges: Floats | None = None
    """(14641,) what straight edges of the background say of up, ``votes_of_edges``."""
    told: Told | None = None
    """What a network says of the angles."""
    near: Guess | None = None
    """What another fit of the same landmarks found, K frames."""


@remembered
def fit_clip(
    landmarks: Landmarks,
    lifted: PoseSequence,
    camera: Camera,
    *,
    clues: Clues,
    height_m: float,
    bridge_s: float,
) -> FittedBody:
    """The body that was seen in a clip; that of a short one is remembered.

    Args:
        landmarks: cleaned.
        lifted: MediaPipe's own 3-D, camera frame, m: where the fit starts.
        bridge_s: so long a gap is bridged as the person moves before and after it.

    Raises:
        ClipError: nobody is seen well enough.
    """
    seen = np.isfinite(landmarks.pixels[:, IN_MEDIAPIPE, 0]).sum(axis=1) >= _LEAST_LANDMARKS
    frames = np.flatnonzero(_bridged(seen, limit=bridge_s * landmarks.timeline.fps))
    if not frames.size:
        raise ClipError("too little of the person is seen; film the whole body")
    start, up = (
        first_pose(markers_of(lifted)),
        find_up(lifted, field=clues.field, edges=clues.edges),
    )
    evidence = gather(
        landmarks, camera, clues.field, depth_m=start.root[:, 2], height_m=height_m
    )
    evidence = replace(evidence, told=clues.told)
    evidence = replace(evidence.at(frames), follows=np.diff(frames, prepend=-2) == 1)
    belief = people_at_large(start.at(frames), evidence, up=up, height_m=height_m)
    guess = clues.near or Guess(start.at(frames))
    del start
    give_back()  # what finding these used
    try:
        fit = fit_body(guess, evidence, belief)
    except LinAlgError as error:
        raise ClipError(
            "no body fits what is seen in this clip; film the whole body"
        ) from error
    floor = fit.person.floor_m if evidence.resting.any() else None
    up = Up(fit.person.up, up.sd_deg if fit.up_sd_deg is None else fit.up_sd_deg)
    return FittedBody(fit, frames, landmarks.timeline, up, height_m, floor)


def _bridged(known: NDArray[np.bool_], *, limit: float) -> NDArray[np.bool_]:
    """``known`` (T,) and the gaps in it of at most ``limit`` frames; the ends are no gaps."""
    result = known.copy()
    for gap in runs(~known):
        inside = gap.start > 0 and gap.stop < len(known)
        result[gap] = inside and gap.stop - gap.start <= limit + 1e-6
    return result
