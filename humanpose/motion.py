"""Estimates of how somebody moved, and what follows from a body for every way to lift it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from humanpose.camera import Camera
from humanpose.errors import ClipError
from humanpose.geometry import unit
from humanpose.kinematics.anatomical import anatomical_segments
from humanpose.kinematics.angle_confidence import Kinematics, bone_deviation, with_deviation
from humanpose.kinematics.angles import anatomical_joint_angles, joint_angles
from humanpose.markers.augmentation import PLACEMENTS, augment
from humanpose.markers.completion import force_complete
from humanpose.markers.input_markers import markers_of
from humanpose.markers.missing import estimate_missing
from humanpose.sequence import Floats, JointAngles, Landmarks, LimbField, PoseSequence, coco_of
from humanpose.settings import Augmenter, Filter
from humanpose.world.contact import root_shift
from humanpose.world.filters import smooth
from humanpose.world.ground import Ground, find_ground, to_world


@dataclass(frozen=True, eq=False)
class Motion:
    """One estimate of how the person moved. T frames; NaN where nothing is known."""

    joints: PoseSequence
    """COCO-17 in the camera frame, m."""
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
    """A body that was solved for limbs, and the motion that follows from it."""

    body: PoseSequence
    """The 33 landmarks in the camera frame, m."""
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
    body: PoseSequence
    """MediaPipe's 33 landmarks, lifted, camera frame, m."""
    raw: Motion
    """What follows from them without a learned stage."""
    best: Motion
    """What the last stage made of it all; the raw motion before the first."""
    pof: Solved | None = None
    """What part orientation fields gave; None while that stage was not asked."""
    gates: Gates | None = None
    """Whom MainRefiner trusted; None while it was not asked."""
    figures: Mapping[str, float] = field(default_factory=dict)
    """Figures of merit that stages found, the unit in the name."""


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
    body: PoseSequence, options: MotionOptions, *, field: LimbField | None = None
) -> Motion:
    """Smooth the body, stand it on the floor where its feet rest, and compute its angles.

    Args:
        body: the 33 landmarks in the camera frame, m.
        field: what the POF network said about the same frames; None where it was not asked.

    Raises:
        ClipError: the hips are never known.
    """
    body = smooth(body, kind=options.filter, cutoff_hz=options.cutoff_hz)
    _require_hips(body)
    ground = _ground(body, options, field)
    world = to_world(body, ground)
    shift = root_shift(markers_of(world))
    world = world.with_positions(world.positions + shift[:, None])
    markers, estimated = _completed(markers_of(world), options)
    augmented = _augmented(markers, options) if options.augmentation_cycles else None
    known = markers if augmented is None else augmented
    angles = joint_angles(known, placement=PLACEMENTS[options.augmenter])
    if field is not None:
        angles = _with_field(angles, markers, field, options)
    joints = coco_of(body)
    directions, sure = limbs(joints) if field is None else (field.directions, field.confidence)
    return Motion(
        joints,
        directions,
        sure,
        ground.up,
        joints_world=coco_of(world),
        markers=markers,
        estimated=estimated,
        augmented=augmented,
        angles=angles,
    )


def limbs(joints: PoseSequence) -> tuple[Floats, Floats]:
    """(T, 14, 3) unit vectors and (T, 14) confidence of the bones of ``joints``, in its frame;
    NaN and 0 where an end is."""
    parents, children = np.array(joints.skeleton.bone_indices).T
    directions = unit(joints.positions[:, children] - joints.positions[:, parents])
    confidence = np.minimum(joints.confidence[:, parents], joints.confidence[:, children])
    return directions, confidence


def _completed(
    markers: PoseSequence, options: MotionOptions
) -> tuple[PoseSequence, NDArray[np.bool_] | None]:
    """With what was lost estimated if that is wanted, and (T, 22) what was."""
    if not options.estimate_missing:
        return markers, None
    complete = estimate_missing(markers, height_m=options.height_m)
    lost, found = (np.isnan(m.positions).any(axis=2) for m in (markers, complete))
    return complete, lost & ~found


def _augmented(markers: PoseSequence, options: MotionOptions) -> PoseSequence:
    augmented = augment(
        markers,
        height_m=options.height_m,
        mass_kg=options.mass_kg,
        cycles=options.augmentation_cycles,
        augmenter=options.augmenter,
    )
    if not options.force_complete:
        return augmented
    return force_complete(augmented, height_m=options.height_m, mass_kg=options.mass_kg)


def _with_field(
    angles: JointAngles, markers: PoseSequence, field: LimbField, options: MotionOptions
) -> JointAngles:
    """``angles`` of the 22 ``markers``, as sure as the POF network was of the limbs."""
    bones = bone_deviation(field.concentration)
    if options.augmentation_cycles == 0:
        return with_deviation(angles, markers, bones)
    kinematics = _kinematics(markers, options)
    return with_deviation(angles, markers, bones, kinematics=kinematics, augmented=True)


def _kinematics(markers: PoseSequence, options: MotionOptions) -> Kinematics:
    """From the 22 markers by way of the 43 to the angles, with the shapes of ``markers``.

    The regression stands for the LSTM, which is slow.
    """
    quick = replace(options, augmenter="regression", force_complete=False)
    placement = PLACEMENTS["regression"]
    shaped = anatomical_segments(_augmented(markers, quick), placement=placement)

    def by_augmented(moved: PoseSequence) -> JointAngles:
        known = _augmented(moved, quick)
        return anatomical_joint_angles(known, placement=placement, shaped=shaped)

    return by_augmented


def _ground(body: PoseSequence, options: MotionOptions, field: LimbField | None) -> Ground:
    if field is None:
        return find_ground(body, height_m=options.height_m)
    return find_ground(
        body,
        height_m=options.height_m,
        believed_up=field.up,
        believed_up_concentration=field.up_concentration,
    )


def _require_hips(body: PoseSequence) -> None:
    hips = body.positions[:, body.skeleton.indices("left_hip", "right_hip")]
    if not np.isfinite(hips).all(axis=(1, 2)).any():
        raise ClipError(
            "the person's hips are never clearly visible; film the whole body,"
            " or lower visibility-min"
        )
