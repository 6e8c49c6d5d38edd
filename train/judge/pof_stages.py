"""The stages around the POF network: the product with it, and what each part of it is worth."""

from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np

from humanpose.camera import Camera, distance_from_camera
from humanpose.learned.loading import Networks
from humanpose.lift.attach import attach
from humanpose.lift.solver import Solution, Solver
from humanpose.motion import motion_of
from humanpose.nets.places import find_checkpoint
from humanpose.nets.windows import THINNED_FPS
from humanpose.pipeline import clean, motion_options
from humanpose.pof.inference import CameraPOFInference
from humanpose.pof.stage import limb_field
from humanpose.sequence import Floats, Landmarks, LimbField, PoseSequence
from humanpose.skeleton import COCO17, COCO_IN_MEDIAPIPE
from train.judge.cases import Case
from train.judge.prediction import Prediction, assumed_camera, prediction_of, product

_HIPS = COCO17.indices("left_hip", "right_hip")
_OUTWARDS = tuple(
    (f"{side}_{start}", f"{side}_{end}")
    for side in ("left", "right")
    for start, end in (
        ("hip", "shoulder"), ("shoulder", "elbow"), ("elbow", "wrist"),
        ("hip", "knee"), ("knee", "ankle"),
    )
)  # fmt: skip


class Network(CameraPOFInference):
    """The product's network; it remembers its last answer, since several stages ask alike."""

    _last: tuple[tuple[object, ...], LimbField] | None = None

    def limb_field(self, keypoints_px: Floats, visibility: Floats, **view: Any) -> LimbField:
        """As ``CameraPOFInference``."""
        asked = (keypoints_px.tobytes(), visibility.tobytes(), *sorted(view.items()))
        if self._last is None or self._last[0] != asked:
            self._last = asked, super().limb_field(keypoints_px, visibility, **view)
        return self._last[1]


class SingleFrames(CameraPOFInference):
    """The network, shown every frame alone."""

    def limb_field(self, keypoints_px: Floats, visibility: Floats, **view: Any) -> LimbField:
        """As ``CameraPOFInference``."""
        # of so fast a clip every frame is a strand of its own
        view["fps"] = THINNED_FPS * len(keypoints_px)
        return super().limb_field(keypoints_px, visibility, **view)


@cache
def network(path: str) -> Network:
    """The trained network, loaded once. Raises CheckpointError."""
    return Network(find_checkpoint(path))


@cache
def _single_frames(path: str) -> SingleFrames:
    return SingleFrames(find_checkpoint(path))


def solved(case: Case) -> Prediction:
    """The product."""
    return product(case, networks=_networks(case), pof=True)


def single_frame(case: Case) -> Prediction:
    """The product with a network that never sees two frames together."""
    alone = _single_frames(case.settings.pof_model_path)
    return product(case, networks=Networks(alone), pof=True)


def known_fov(case: Case) -> Prediction:
    """The product, told the true field of view."""
    across = max(case.landmarks.image_size) / _true_camera(case).focal_px
    fov_deg = float(np.degrees(2 * np.arctan(across / 2)))
    return product(case, networks=_networks(case), pof=True, fov_deg=fov_deg)


def network_alone(case: Case) -> Prediction:
    """The product, but limbs, their confidence and gravity as the network itself says."""
    return _in_its_own_words(_look(case, _cleaned(case)), solved(case))


def true_2d(case: Case) -> Prediction:
    """The product with the true keypoints."""
    return _true_2d(case)[1]


def true_2d_network_alone(case: Case) -> Prediction:
    """What the network itself says of the true keypoints."""
    return _in_its_own_words(*_true_2d(case))


def greedy(case: Case) -> Prediction:
    """The network's limbs end to end, each frame alone, with the solver's lengths."""
    landmarks = _cleaned(case)
    field = _look(case, landmarks)
    solution = _solution(_solver(case), field, case, landmarks)
    joints = chained(field, solution, landmarks, assumed_camera(case, case.settings))
    return _moved(joints, field, case, landmarks)


def chained(
    field: LimbField, solution: Solution, landmarks: Landmarks, camera: Camera
) -> PoseSequence:
    """Limbs of the solver's lengths along the field, from the mid-hip outwards.

    The mid-hip lies on the ray through the middle of the hips' keypoints, as far away as makes
    the body fit its keypoints best.
    """
    vectors = field.directions * solution.lengths_m[:, None]
    limb = {bone: vectors[:, i] for i, bone in enumerate(COCO17.bones)}
    limb |= {bone[::-1]: -vector for bone, vector in limb.items()}
    across = limb["left_hip", "right_hip"]
    path = {"left_hip": -across / 2, "right_hip": across / 2}
    for start, end in _OUTWARDS:
        path[end] = path[start] + limb[start, end]
    body = np.full_like(solution.joints.positions, np.nan)
    for name, points in path.items():
        body[:, COCO17.index(name)] = points
    rays = camera.rays(landmarks.pixels[:, COCO_IN_MEDIAPIPE])
    away = distance_from_camera(rays, body, landmarks.visibility[:, COCO_IN_MEDIAPIPE])
    mid_hip = rays[:, _HIPS].mean(axis=1) * away[:, None]
    body += mid_hip[:, None]
    confidence = np.where(np.isfinite(body[..., 0]), solution.joints.confidence, 0.0)
    return PoseSequence(body, confidence, landmarks.timeline, COCO17)


def with_true_keypoints(case: Case, landmarks: Landmarks) -> Landmarks:
    """The COCO-17 among the landmarks replaced by the truth's projection, plainly visible."""
    if case.truth.joints is None:
        raise ValueError(f"expected true joints, got none for {case.clip}")
    keypoints = _true_camera(case).project(case.truth.joints.positions)
    pixels, visibility = landmarks.pixels.copy(), landmarks.visibility.copy()
    pixels[:, COCO_IN_MEDIAPIPE] = keypoints
    visibility[:, COCO_IN_MEDIAPIPE] = np.isfinite(keypoints[..., 0])
    return landmarks.replace(pixels=pixels, visibility=visibility)


def _true_2d(case: Case) -> tuple[LimbField, Prediction]:
    landmarks = with_true_keypoints(case, _cleaned(case))
    field = _look(case, landmarks)
    solver = replace(_solver(case), seen_by_mediapipe=False)
    joints = _solution(solver, field, case, landmarks).joints
    return field, replace(_moved(joints, field, case, landmarks), camera=None)


def _true_camera(case: Case) -> Camera:
    if case.truth.focal_px is None:
        raise ValueError(f"expected a true focal length, got none for {case.clip}")
    return Camera(case.truth.focal_px, case.landmarks.image_size)


def _networks(case: Case) -> Networks:
    return Networks(network(case.settings.pof_model_path))


def _cleaned(case: Case) -> Landmarks:
    return clean(case.landmarks, case.settings)[0]


def _look(case: Case, landmarks: Landmarks) -> LimbField:
    """What the network says of the landmarks."""
    camera = assumed_camera(case, case.settings)
    return limb_field(network(case.settings.pof_model_path), landmarks, camera)


def _solver(case: Case) -> Solver:
    return Solver(max_gap_s=case.settings.max_gap_s)


def _solution(solver: Solver, field: LimbField, case: Case, landmarks: Landmarks) -> Solution:
    return solver.solve(
        field,
        landmarks.pixels[:, COCO_IN_MEDIAPIPE],
        landmarks.visibility[:, COCO_IN_MEDIAPIPE],
        assumed_camera(case, case.settings),
        height_m=case.settings.effective_height_m,
        timeline=landmarks.timeline,
    )


def _moved(
    joints: PoseSequence, field: LimbField, case: Case, landmarks: Landmarks
) -> Prediction:
    """The rest of the product, from the body's joints on."""
    camera = assumed_camera(case, case.settings)
    body = attach(joints, landmarks, camera)
    return prediction_of(motion_of(body, motion_options(case.settings), field=field), camera)


def _in_its_own_words(field: LimbField, prediction: Prediction) -> Prediction:
    return replace(
        prediction, limbs=field.directions, limb_confidence=field.confidence, up=field.up
    )
