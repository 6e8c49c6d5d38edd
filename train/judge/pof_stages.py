"""The stages around the POF network: the product with it, and what each part of it is worth."""

from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np

from humanpose.camera import Camera
from humanpose.geometry import unit
from humanpose.learned.loading import Networks
from humanpose.nets.places import find_checkpoint
from humanpose.pipeline import clean
from humanpose.pof.inference import CameraPOFInference
from humanpose.pof.stage import limb_field
from humanpose.sequence import Floats, Landmarks, LimbField
from humanpose.skeleton import COCO_IN_MEDIAPIPE
from train.judge.cases import Case
from train.judge.prediction import Prediction, assumed_camera, product


class SingleFrames(CameraPOFInference):
    """The network, shown every frame alone."""

    def limb_field(self, keypoints_px: Floats, visibility: Floats, **view: Any) -> LimbField:
        """As ``CameraPOFInference``."""
        alone = [
            super(SingleFrames, self).limb_field(points[None], seen[None], **view)
            for points, seen in zip(keypoints_px, visibility, strict=True)
        ]
        return LimbField(
            np.concatenate([field.directions for field in alone]),
            np.concatenate([field.concentration for field in alone]),
            unit(np.mean([field.up for field in alone], axis=0)),
            float(np.mean([field.up_concentration for field in alone])),
        )


@cache
def network(path: str) -> CameraPOFInference:
    """The trained network, loaded once. Raises CheckpointError."""
    return CameraPOFInference(find_checkpoint(path))


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


def true_2d_network_alone(case: Case) -> Prediction:
    """What the network itself says of the true keypoints; the rest is the product's."""
    landmarks = with_true_keypoints(case, _cleaned(case))
    return replace(_in_its_own_words(_look(case, landmarks), solved(case)), camera=None)


def with_true_keypoints(case: Case, landmarks: Landmarks) -> Landmarks:
    """The COCO-17 among the landmarks replaced by the truth's projection, plainly visible."""
    if case.truth.joints is None:
        raise ValueError(f"expected true joints, got none for {case.clip}")
    keypoints = _true_camera(case).project(case.truth.joints.positions)
    pixels, visibility = landmarks.pixels.copy(), landmarks.visibility.copy()
    pixels[:, COCO_IN_MEDIAPIPE] = keypoints
    visibility[:, COCO_IN_MEDIAPIPE] = np.isfinite(keypoints[..., 0])
    return landmarks.replace(pixels=pixels, visibility=visibility)


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


def _in_its_own_words(field: LimbField, prediction: Prediction) -> Prediction:
    return replace(
        prediction, limbs=field.directions, limb_confidence=field.confidence, up=field.up
    )
