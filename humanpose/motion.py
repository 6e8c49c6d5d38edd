"""Estimates of how somebody moved, and what follows from a body for every way to lift it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from humanpose.body.angles import joint_angles_of
from humanpose.body.clip import Clues, fit_clip
from humanpose.body.fit import Guess
from humanpose.body.fitted import FittedBody
from humanpose.body.landmarks import completed, landmarks_on, reprojection_px
from humanpose.body.markers import anatomical_markers
from humanpose.body.picture import visibility_inside
from humanpose.camera import Camera
from humanpose.errors import ClipError
from humanpose.geometry import unit
from humanpose.markers.augmentation import augment_by_lstm, augmented_of
from humanpose.markers.input_markers import markers_of
from humanpose.runtime.memory import give_back
from humanpose.sequence import Floats, JointAngles, Landmarks, LimbField, PoseSequence, coco_of
from humanpose.settings import Augmenter, Filter
from humanpose.world.contact import root_shift
from humanpose.world.ground import Ground, ground_under, to_world

_BRIDGED_S = 1.0
"""So long a gap is bridged where what is missing is to be estimated."""


@dataclass(frozen=True, eq=False)
class Motion:
    """One estimate of how the person moved. T frames; NaN where nothing is known."""

    joints: PoseSequence
    """COCO-17 in the camera frame, m, filtered."""
    limb_directions: Floats
    """(T, 14, 3) unit vectors of COCO17's bones, camera frame."""
    limb_confidence: Floats
    """(T, 14) in [0, 1]."""
    up_camera: Floats
    """(3,) unit vector against gravity in the camera frame."""
    joints_world: PoseSequence
    """COCO-17 in the world frame, m."""
    markers: PoseSequence
    """The 22 markers in the world frame, m."""
    estimated: NDArray[np.bool_] | None
    """(T, 22) which of them were estimated; None where that is off."""
    augmented: PoseSequence | None
    """``AUGMENTED65`` in the world frame, m; None without augmentation."""
    angles: JointAngles
    body: PoseSequence | None = None
    """MediaPipe's 33 landmarks in the camera frame, m; None in what was read from disk."""
    reprojection_px: float = float("nan")
    """How far off its landmarks the body is seen, median."""
    up_sd_deg: float = float("nan")
    """Standard deviation of ``up_camera`` about each axis across it."""
    found: Guess | None = None
    """The fitted body, for another fit to start from; None in what was read from disk."""


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
class Solved:
    """What came of limbs that were told."""

    field: LimbField
    """Where the limbs were said to point."""
    motion: Motion


@dataclass(frozen=True, eq=False)
class Estimates:
    """What is known of a clip's movement so far; every learned stage adds to it."""

    landmarks: Landmarks
    """The cleaned landmarks."""
    camera: Camera
    """The one before which they were seen."""
    lifted: PoseSequence
    """MediaPipe's own 3-D of its 33 landmarks, camera frame, m."""
    raw: Motion
    """What follows from them without a learned stage."""
    best: Motion
    """What the last stage made of it all; the raw motion before the first."""
    edges: Floats | None = None
    """(14641,) what straight edges of the background say of up, ``votes_of_edges``; None
    without any."""
    pof: Solved | None = None
    """What part orientation fields gave; None while that stage was not asked."""
    gates: Gates | None = None
    """Whom MainRefiner trusted; None while it was not asked."""
    figures: Mapping[str, float] = field(default_factory=dict)
    """Figures of merit that stages found, the unit in the name."""

    def fitted(self, options: MotionOptions, clues: Clues) -> Motion:
        """The body fitted to the landmarks and to ``clues``. Raises ClipError if none fits."""
        clues = replace(clues, edges=self.edges)
        return motion_of(self.landmarks, self.lifted, self.camera, options, clues)


class Stage(Protocol):
    """A learned stage: loaded once, pure afterwards."""

    @property
    def name(self) -> str:
        """What it is called where its time is stated."""

    def __call__(self, known: Estimates, /) -> Estimates:
        """The same with what this stage makes of it. Raises ClipError if it can't."""


@dataclass(frozen=True, kw_only=True)
class MotionOptions:
    """How a body becomes a motion: the same for every way to lift it."""

    height_m: float
    mass_kg: float
    filter: Filter
    cutoff_hz: float
    estimate_missing: bool
    augmentation_cycles: int
    augmenter: Augmenter
    force_complete: bool


def motion_of(
    landmarks: Landmarks,
    lifted: PoseSequence,
    camera: Camera,
    options: MotionOptions,
    clues: Clues,
) -> Motion:
    """Fit the body to all that is known, stand it on the floor, and read its angles.

    Args:
        landmarks: cleaned.
        lifted: MediaPipe's own 3-D of them, camera frame, m.
        clues: what else is known of the same frames.

    Raises:
        ClipError: the hips are never known, or nobody is seen well enough.
    """
    fitted = _fitted(landmarks, lifted, camera, options, clues)
    visibility = visibility_inside(fitted, landmarks, camera)
    points = landmarks_on(fitted, landmarks.replace(visibility=visibility), camera)
    markers, estimated, visible = _markers(fitted, points, visibility, options)
    angles = joint_angles_of(fitted, visible)
    stood = Stood.of(points, markers, fitted, height_m=options.height_m)
    up, off_px = fitted.up, reprojection_px(fitted, landmarks, camera)
    anatomical = _anatomical(fitted, markers, options)
    found = fitted.guess
    del fitted, visibility, visible  # large, for long clips
    joints, in_world = coco_of(points), stood.in_world(markers)
    field = clues.field
    directions, sure = limbs(joints) if field is None else (field.directions, field.confidence)
    return Motion(
        joints,
        directions,
        sure,
        up.direction,
        joints_world=stood.in_world(joints),
        markers=in_world,
        estimated=estimated,
        augmented=_augmented(in_world, anatomical, stood, options),
        angles=angles,
        body=points,
        reprojection_px=off_px,
        up_sd_deg=up.sd_deg,
        found=found,
    )


@dataclass(frozen=True, eq=False)
class Stood:
    """How a clip's person stands in the world."""

    ground: Ground
    shift: Floats
    """(T, 3) what keeps resting feet in their place, world frame, m."""

    @classmethod
    def of(
        cls, points: PoseSequence, markers: PoseSequence, fitted: FittedBody, *, height_m: float
    ) -> Stood:
        """From the 33 ``points`` and the 22 ``markers`` in the camera frame, m."""
        ground = ground_under(
            points, up=fitted.up.direction, height_m=height_m, floor_m=fitted.floor_m
        )
        return cls(ground, root_shift(to_world(markers, ground)))

    def in_world(self, pose: PoseSequence) -> PoseSequence:
        """``pose`` in the camera frame, m, as it stands on the floor."""
        world = to_world(pose, self.ground).positions
        world += self.shift[:, None]
        return pose.with_positions(world)


def _markers(
    fitted: FittedBody, points: PoseSequence, visibility: Floats, options: MotionOptions
) -> tuple[PoseSequence, NDArray[np.bool_] | None, Floats]:
    """The 22 of the 33 ``points`` in the camera frame, m; (T, 22) which of them were estimated,
    None where that is off; and (T, 22) how well each was seen."""
    markers = markers_of(points)
    visible = markers_of(points.with_confidence(visibility)).confidence
    if not options.estimate_missing:
        return markers, None, visible
    markers, estimated = completed(markers, fitted)
    return markers, estimated, np.where(estimated, markers.confidence, visible)


def _anatomical(
    fitted: FittedBody, markers: PoseSequence, options: MotionOptions
) -> PoseSequence | None:
    """The 43 beside the 22 ``markers``, camera frame, m; None where nobody asked for them, or
    for the LSTM's."""
    if not options.augmentation_cycles or options.augmenter == "lstm":
        return None
    give_back()
    return anatomical_markers(fitted, markers, complete=options.force_complete)


def _augmented(
    in_world: PoseSequence,
    anatomical: PoseSequence | None,
    stood: Stood,
    options: MotionOptions,
) -> PoseSequence | None:
    """The 22 markers (``in_world``, m) and the 43 (camera frame, m), in the world; None without
    these."""
    if not options.augmentation_cycles:
        return None
    if anatomical is not None:
        return augmented_of(in_world, stood.in_world(anatomical))
    return augment_by_lstm(
        in_world,
        height_m=options.height_m,
        mass_kg=options.mass_kg,
        cycles=options.augmentation_cycles,
    )


def limbs(joints: PoseSequence) -> tuple[Floats, Floats]:
    """(T, 14, 3) unit vectors and (T, 14) confidence of the bones of ``joints``, in its frame;
    NaN and 0 where an end is."""
    parents, children = np.array(joints.skeleton.bone_indices).T
    directions = unit(joints.positions[:, children] - joints.positions[:, parents])
    confidence = np.minimum(joints.confidence[:, parents], joints.confidence[:, children])
    return directions, confidence


def _fitted(
    landmarks: Landmarks,
    lifted: PoseSequence,
    camera: Camera,
    options: MotionOptions,
    clues: Clues,
) -> FittedBody:
    _require_hips(lifted)
    give_back()  # what networks and other fits used
    fitted = fit_clip(
        landmarks,
        lifted,
        camera,
        clues=clues,
        height_m=options.height_m,
        bridge_s=_BRIDGED_S if options.estimate_missing else 0.0,
    )
    smoothed = fitted.smoothed(kind=options.filter, cutoff_hz=options.cutoff_hz)
    give_back()
    return smoothed


def _require_hips(body: PoseSequence) -> None:
    hips = body.positions[:, body.skeleton.indices("left_hip", "right_hip")]
    if not np.isfinite(hips).all(axis=(1, 2)).any():
        raise ClipError(
            "the person's hips are never clearly visible; film the whole body,"
            " or lower visibility-min"
        )
