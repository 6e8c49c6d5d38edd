"""From a body in front of the camera to joint angles: the same for every way to lift it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from humanpose.errors import ClipError
from humanpose.geometry import unit
from humanpose.kinematics.anatomical import anatomical_segments
from humanpose.kinematics.angle_confidence import Kinematics, bone_deviation, with_deviation
from humanpose.kinematics.angles import anatomical_joint_angles, joint_angles, subtract_neutral
from humanpose.markers.augmentation import PLACEMENTS, augment
from humanpose.markers.completion import force_complete
from humanpose.markers.input_markers import markers_of
from humanpose.markers.missing import estimate_missing
from humanpose.runtime.stopwatch import Stopwatch
from humanpose.sequence import Floats, JointAngles, PoseSequence, coco_of
from humanpose.settings import Settings
from humanpose.world.contact import root_shift
from humanpose.world.filters import smooth
from humanpose.world.ground import Ground, find_ground, to_world

if TYPE_CHECKING:
    from humanpose.sequence import LimbField


@dataclass(frozen=True, eq=False)
class Motion:
    """One estimate of how the person moved."""

    joints: PoseSequence
    """COCO-17 in the camera frame, m."""
    limb_directions: Floats
    """(T, 14, 3) unit vectors, camera frame."""
    limb_confidence: Floats
    """(T, 14) in [0, 1]."""
    ground: Ground
    joints_world: PoseSequence
    """COCO-17 in the world frame, m."""
    markers: PoseSequence
    """The 22 markers in the world frame, m."""
    estimated: NDArray[np.bool_] | None
    """(T, 22) which of them were estimated; None where that is off."""
    augmented: PoseSequence | None
    """These and the 43 anatomical ones; None without augmentation."""
    angles: JointAngles


def motion_of(
    body: PoseSequence, settings: Settings, clock: Stopwatch, *, field: LimbField | None = None
) -> Motion:
    """Smooth the body, stand it on the floor where its feet rest, and compute its angles.

    Args:
        body: the 33 landmarks in the camera frame, m.
        field: what the POF network said about the same frames; None where it was not asked.

    Raises:
        ClipError: the hips are never known.
    """
    with clock.stage("smooth"):
        body = smooth(body, kind=settings.filter, cutoff_hz=settings.cutoff_hz)
        _require_hips(body)
    with clock.stage("ground"):
        ground = _ground(body, settings, field)
        world = to_world(body, ground)
        shift = root_shift(markers_of(world))
        world = world.with_positions(world.positions + shift[:, None])
    with clock.stage("estimate"):
        markers, estimated = _completed(markers_of(world), settings)
    with clock.stage("augment"):
        augmented = _augmented(markers, settings) if settings.augmentation_cycles else None
    with clock.stage("angles"):
        known = markers if augmented is None else augmented
        angles = joint_angles(known, placement=PLACEMENTS[settings.augmenter])
        if field is not None:
            angles = with_field(angles, markers, field, settings)
    joints = coco_of(body)
    directions, sure = limbs(joints) if field is None else (field.directions, field.confidence)
    return Motion(
        joints,
        directions,
        sure,
        ground,
        joints_world=coco_of(world),
        markers=markers,
        estimated=estimated,
        augmented=augmented,
        angles=angles,
    )


def _completed(
    markers: PoseSequence, settings: Settings
) -> tuple[PoseSequence, NDArray[np.bool_] | None]:
    """With what was lost estimated if that is wanted, and (T, 22) what was."""
    if not settings.estimate_missing:
        return markers, None
    complete = estimate_missing(markers, height_m=settings.effective_height_m)
    lost, found = (np.isnan(m.positions).any(axis=2) for m in (markers, complete))
    return complete, lost & ~found


def from_neutral(motion: Motion, settings: Settings) -> Motion:
    """The same, its angles counted from the neutral frame if ``settings`` name one."""
    if settings.neutral_at_s is None:
        return motion
    return replace(motion, angles=subtract_neutral(motion.angles, at_s=settings.neutral_at_s))


def _augmented(markers: PoseSequence, settings: Settings) -> PoseSequence:
    height_m, mass_kg = settings.effective_height_m, settings.effective_mass_kg
    augmented = augment(
        markers,
        height_m=height_m,
        mass_kg=mass_kg,
        cycles=settings.augmentation_cycles,
        augmenter=settings.augmenter,
    )
    if settings.force_complete:
        return force_complete(augmented, height_m=height_m, mass_kg=mass_kg)
    return augmented


def with_field(
    angles: JointAngles, markers: PoseSequence, field: LimbField, settings: Settings
) -> JointAngles:
    """``angles`` of the 22 ``markers``, as sure as the POF network was of the limbs."""
    bones = bone_deviation(field.concentration)
    if settings.augmentation_cycles == 0:
        return with_deviation(angles, markers, bones)
    kinematics = _kinematics(markers, settings)
    return with_deviation(angles, markers, bones, kinematics=kinematics, augmented=True)


def _kinematics(markers: PoseSequence, settings: Settings) -> Kinematics:
    """From the 22 markers by way of the 43 to the angles, with the shapes of ``markers``.

    The regression stands for the LSTM, which is slow.
    """
    quick = replace(settings, augmenter="regression", force_complete=False)
    placement = PLACEMENTS["regression"]
    shaped = anatomical_segments(_augmented(markers, quick), placement=placement)

    def by_augmented(moved: PoseSequence) -> JointAngles:
        known = _augmented(moved, quick)
        return anatomical_joint_angles(known, placement=placement, shaped=shaped)

    return by_augmented


def limbs(joints: PoseSequence) -> tuple[Floats, Floats]:
    """(T, 14, 3) unit vectors and (T, 14) confidence of the bones of ``joints``, in its frame;
    NaN and 0 where an end is."""
    parents, children = np.array(joints.skeleton.bone_indices).T
    directions = unit(joints.positions[:, children] - joints.positions[:, parents])
    confidence = np.minimum(joints.confidence[:, parents], joints.confidence[:, children])
    return directions, confidence


def _ground(body: PoseSequence, settings: Settings, field: LimbField | None) -> Ground:
    if field is None:
        return find_ground(body, height_m=settings.effective_height_m)
    return find_ground(
        body,
        height_m=settings.effective_height_m,
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
