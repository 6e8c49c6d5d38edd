"""Where landmarks, joints and markers sit on the body.

Joints are the centres that COCO-17 and POF's limbs speak of, as the rendered bodies have them
(``docs/lab/body.md``); landmarks are where MediaPipe sees them, on the training people of the
rendered pairs. Offsets are shares of the body height.
"""

from dataclasses import dataclass

import numpy as np

from humanpose.body.model import MIRROR, SEGMENTS
from humanpose.body.pose import Sites
from humanpose.sequence import Floats
from humanpose.skeleton import COCO17, MEDIAPIPE33


@dataclass(frozen=True)
class _Site:
    """Of the right side."""

    segment: str
    """In whose axes the offsets count."""
    origin: str
    """The segment whose joint is the origin."""
    centre: tuple[float, float, float]
    """From there to the joint's centre, or to the point of the foot."""
    seen_off: tuple[float, float, float]
    """From there to where MediaPipe sees it."""


_SITES = {
    "shoulder": _Site("torso", "humerus", (0, 0, 0), (0.00076, 0.01352, -0.00928)),
    "elbow": _Site("humerus", "ulna", (0, 0, 0), (0.0062, 0.0072, -0.00154)),
    "wrist": _Site("ulna", "hand", (0, 0, 0), (0.00308, -0.0029, -0.00454)),
    "hip": _Site("pelvis", "femur", (0, 0, 0.009), (0.01414, -0.00089, -0.01068)),
    "knee": _Site("femur", "tibia", (0, 0, 0), (-0.00528, 0.00773, -0.00182)),
    "ankle": _Site("tibia", "talus", (0, 0, 0), (-0.00188, 0.01952, 0.0029)),
    "heel": _Site("calcn", "talus", (-0.0296, -0.0226, -0.0037), (0.0095, 0.0077, 0.0033)),
    "foot_index": _Site(
        "calcn", "talus", (0.0968, -0.0164, 0.0077), (-0.0038, -0.0134, 0.0015)
    ),
}
_SMALL_TOE = (0.0716, -0.0208, 0.0433)
"""Where it is in the same axes as the big one."""
KINDS = tuple(_SITES)
LANDMARKS = tuple(f"{side}_{kind}" for kind in KINDS for side in ("left", "right"))
"""What the body is fitted to; the first twelve are the ends of POF's limbs."""
IN_MEDIAPIPE = MEDIAPIPE33.indices(*LANDMARKS)
JOINTS = LANDMARKS[:12]
LIMBS = tuple((JOINTS.index(parent), JOINTS.index(child)) for parent, child in COCO17.bones)
"""POF's 14 limbs among ``JOINTS``."""
FEET = [LANDMARKS.index(name) for name in LANDMARKS if name.endswith(("heel", "foot_index"))]
SIDES = np.array([MIRROR if name.startswith("left") else np.ones(3) for name in LANDMARKS])
"""(16, 3) from an offset of the right side to that of a landmark's."""
KIND_OF = [KINDS.index(name.partition("_")[2]) for name in LANDMARKS]


def landmark_sites(height_m: float, personal: Floats) -> Sites:
    """Where MediaPipe sees ``LANDMARKS`` of a person with ``personal`` (8, 3) offsets, m."""
    rows = np.array([np.add(s.centre, s.seen_off) for s in _SITES.values()]) * height_m
    return _sites(LANDMARKS, rows + personal)


def joint_sites(height_m: float) -> Sites:
    """The centres of ``JOINTS``."""
    rows = np.array([s.centre for s in _SITES.values()]) * height_m
    return _sites(JOINTS, rows)


def foot_sites(height_m: float) -> Sites:
    """Heels, big toes and small toes, the left one first each."""
    segments = [SEGMENTS.index(f"calcn_{s}") for _ in range(3) for s in "lr"]
    origins = [SEGMENTS.index(f"talus_{s}") for _ in range(3) for s in "lr"]
    rows = np.array([_SITES["heel"].centre, _SITES["foot_index"].centre, _SMALL_TOE])
    both = np.stack([rows * MIRROR, rows], axis=1).reshape(-1, 3)
    return Sites(segments, origins, both * height_m)


def _sites(names: tuple[str, ...], rows: Floats) -> Sites:
    kinds, sides = KIND_OF[: len(names)], SIDES[: len(names)]
    found = [_SITES[KINDS[kind]] for kind in kinds]
    suffixes = [f"_{name[0]}" for name in names]
    return Sites(
        [_number(s.segment, x) for s, x in zip(found, suffixes, strict=True)],
        [_number(s.origin, x) for s, x in zip(found, suffixes, strict=True)],
        rows[kinds] * sides,
    )


def _number(segment: str, side: str) -> int:
    return SEGMENTS.index(segment if segment in SEGMENTS else segment + side)


def at_joints(height_m: float) -> Floats:
    """(8, 3) personal offsets of someone who is seen exactly at the joints, m."""
    return -np.array([s.seen_off for s in _SITES.values()]) * height_m
