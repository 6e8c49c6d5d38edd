"""What the POF network trains on: views of recorded motion, and real detections of renders.

A view is drawn afresh every time: somebody's motion at some frame rate, other bone lengths, an
upper body from another recording, mirrored or not, a camera, MediaPipe's errors, losses.
"""

from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from scipy.spatial.transform import Rotation

from humanpose.camera import DEFAULT_FOV_DEG
from humanpose.geometry import unit
from humanpose.pof.limb_view import look_at_person, mirrored_joints
from humanpose.sequence import Floats
from humanpose.skeleton import COCO17
from train.synth.errors.model import ErrorModel
from train.synth.motion.bank import Bank
from train.synth.scene.framing import SIZES

SOURCE_SHARES = {"exercises": 0.3, "opensim": 0.25, "cmu": 0.43, "xsens": 0.02}
MIXED, FOLLOWED, TUMBLED, CLOSE_UP = 0.2, 0.35, 0.08, 0.12
"""Shares of the views with another's upper body, with a camera that goes along, with a camera
or a person in any attitude at all, and of those that don't fit into the picture."""
CLEAN, CALM = 0.15, 0.25
"""Shares of the views without errors of detection, and with smaller ones."""
WITH_LOSSES = 0.3
_NEAREST_M = 0.7
_HEIGHT_M = 1.7

_UPPER = list(range(11))
_HIPS = COCO17.indices("left_hip", "right_hip")
_SHOULDERS = COCO17.indices("left_shoulder", "right_shoulder")
_CHAINS = (("hip", "knee", "ankle"), ("shoulder", "elbow", "wrist"))
STARTS, ENDS = np.array(COCO17.bone_indices).T


@dataclass(frozen=True, eq=False)
class Seen:
    """B windows of T frames as a camera and a detector saw them."""

    keypoints: Floats
    """(B, T, 17, 2) px from the picture's middle; NaN where there is none."""
    visibility: Floats
    """(B, T, 17) in [0, 1]."""
    joints: Floats
    """(B, T, 17, 3) m, camera frame."""
    up: Floats
    """(B, T, 3) unit vectors against gravity, camera frame."""
    knows_up: Floats
    """(B,) 1 where gravity can be told from the picture, else 0."""
    focal_px: Floats
    """(B,)."""
    default_px: Floats
    """(B,) the focal length that is assumed when nobody knows it."""
    fps: float


@dataclass(frozen=True, eq=False)
class Sample:
    """B windows as the network sees them, and the answers; its arrays are float32."""

    points: NDArray[np.float32]
    """(B, T, 17, 4), ``humanpose.pof.limb_view``."""
    frame: NDArray[np.float32]
    time_s: NDArray[np.float32]
    """(T,)."""
    directions: NDArray[np.float32]
    """(B, T, 14, 3) in the axes of the camera that looks at the person."""
    up: NDArray[np.float32]
    """(B, T, 3) in the same axes."""
    knows_up: NDArray[np.float32]
    """(B,)."""


class MotionViews:
    """Draws views of a motion bank."""

    def __init__(self, bank: Bank, *, frames: int, validates: bool = False) -> None:
        self.bank, self.frames = bank, frames
        self.weights = _weights(bank, bank.validates == validates)
        self.errors = ErrorModel.load()

    def draw(self, rng: np.random.Generator, windows: int, *, fps: float) -> Seen:
        """Views of so many windows."""
        joints, pelvis = self._motion(rng, windows, fps)
        joints = _mixed(rng, joints, pelvis)
        joints = _mirrored(joints, rng.random(windows) < 0.5)
        return self._filmed(rng, _other_lengths(rng, joints), fps)

    def _motion(
        self, rng: np.random.Generator, windows: int, fps: float
    ) -> tuple[Floats, Floats]:
        """(B, T, 17, 3) and (B, T, 3, 3), at speeds a little other than recorded."""
        bank = self.bank
        which = rng.choice(len(self.weights), windows, p=self.weights)
        first, length = bank.starts[which], np.diff(bank.starts)[which]
        step = bank.fps / fps * np.exp(rng.uniform(np.log(0.75), np.log(1.35), windows))
        start = rng.random(windows) * np.maximum(length - step * self.frames, 0)
        at = start[:, None] + step[:, None] * np.arange(self.frames)
        last = (length - 1)[:, None].astype(float)
        at = last - np.abs(last - at % np.maximum(2 * last, 1))  # to and fro in short ones
        before = np.minimum(at.astype(int), length[:, None] - 2)
        share, row = at - before, before + first[:, None]
        joints = (1 - share[..., None, None]) * bank.joints[row]
        joints += share[..., None, None] * bank.joints[row + 1]
        return joints, bank.pelvis[row].astype(float)

    def _filmed(self, rng: np.random.Generator, joints: Floats, fps: float) -> Seen:
        windows = len(joints)
        rotation, tumbled = _rotations(rng, windows)
        sizes = np.array(SIZES)[rng.integers(len(SIZES), size=windows)].astype(float)
        fov = np.radians(rng.uniform(35, 80, windows))
        focal = sizes.max(axis=1) / 2 / np.tan(fov / 2)
        placed = _placed(rng, joints, rotation, focal, sizes)
        projected = focal[:, None, None, None] * placed[..., :2] / placed[..., 2:]
        keypoints, visibility = _detected(self.errors, rng, projected, placed, fps)
        keypoints, visibility = _with_losses(rng, keypoints, visibility)
        up = np.broadcast_to(rotation[:, None, :, 1], (windows, self.frames, 3))
        default = sizes.max(axis=1) / 2 / np.tan(np.radians(DEFAULT_FOV_DEG) / 2)
        return Seen(
            keypoints, visibility, placed, up, (~tumbled).astype(float), focal, default, fps
        )


def _weights(bank: Bank, chosen: NDArray[np.bool_]) -> Floats:
    """(S,) how often each is drawn: by source, then by the root of a subject's time."""
    lengths = np.diff(bank.starts) * chosen
    weights = np.zeros(len(lengths))
    for subject in np.unique(bank.subjects[chosen]):
        own = bank.subjects == subject
        weights[own] = lengths[own] / np.sqrt(lengths[own].sum())
    source = np.array([subject.split("|")[0] for subject in bank.subjects])
    for name in np.unique(source):
        own = source == name
        weights[own] *= SOURCE_SHARES.get(name, 0.0) / max(weights[own].sum(), 1e-9)
    return np.asarray(weights / weights.sum())


def sample_of(seen: Seen, rng: np.random.Generator) -> Sample:
    """To the network's axes, with the true focal length for half of the windows."""
    knows = rng.random(len(seen.focal_px)) < 0.5
    focal = np.where(knows, seen.focal_px, seen.default_px)
    flat = seen.keypoints / focal[:, None, None, None]
    rays = np.concatenate([flat, np.ones_like(flat[..., :1])], axis=-1)
    view = look_at_person(rays, seen.visibility)
    directions = limb_directions(seen.joints)
    frames = seen.keypoints.shape[1]
    arrays = (
        view.points,
        view.frame,
        np.arange(frames) / seen.fps,
        directions @ np.swapaxes(view.turn, -1, -2),
        (view.turn @ seen.up[..., None])[..., 0],
        seen.knows_up,
    )
    return Sample(*(np.asarray(array, dtype=np.float32) for array in arrays))


def limb_directions(joints: Floats) -> Floats:
    """(..., 14, 3) unit vectors along the limbs of COCO17's joints (..., 17, 3); NaN where one
    end is."""
    return unit(joints[..., ENDS, :] - joints[..., STARTS, :])


def undisturbed(seen: Seen) -> Seen:
    """The same with the true keypoints, all of them plainly visible."""
    flat = seen.joints[..., :2] / seen.joints[..., 2:]
    keypoints = flat * seen.focal_px[:, None, None, None]
    return replace(seen, keypoints=keypoints, visibility=np.ones_like(seen.visibility))


def _mixed(rng: np.random.Generator, joints: Floats, pelvis: Floats) -> Floats:
    """Some get the upper body of another window, on their own pelvis."""
    order, chosen = rng.permutation(len(joints)), rng.random(len(joints)) < MIXED
    hips = joints[:, :, _HIPS].mean(axis=2, keepdims=True)
    upper = joints[:, :, _UPPER] - hips
    other = np.swapaxes(pelvis[order], -1, -2)[:, :, None] @ upper[order][..., None]
    turned = (pelvis[:, :, None] @ other)[..., 0] + hips
    mixed = joints.copy()
    mixed[:, :, _UPPER] = np.where(chosen[:, None, None, None], turned, mixed[:, :, _UPPER])
    return mixed


def _mirrored(joints: Floats, chosen: NDArray[np.bool_]) -> Floats:
    """Left and right exchanged in the mirror X = 0, where chosen (B,)."""
    return np.where(chosen[:, None, None, None], mirrored_joints(joints), joints)


def _other_lengths(rng: np.random.Generator, joints: Floats) -> Floats:
    """Other bone lengths: nearly the same left and right, directions kept."""
    windows = len(joints)
    out = joints.copy()

    def factor(sd: float) -> Floats:
        return np.exp(rng.normal(0, sd, (windows, 1, 1)))

    hips, neck = (joints[:, :, pair].mean(axis=2) for pair in (_HIPS, _SHOULDERS))
    moved_neck = hips + factor(0.05) * (neck - hips)
    for pair, middle, moved in ((_HIPS, hips, hips), (_SHOULDERS, neck, moved_neck)):
        wide = factor(0.07)
        for joint in pair:
            out[:, :, joint] = moved + wide * (joints[:, :, joint] - middle)
    head = slice(0, 5)
    out[:, :, head] = moved_neck[:, :, None] + factor(0.06)[..., None] * (
        joints[:, :, head] - neck[:, :, None]
    )
    for chain in _CHAINS:
        for near, far in pairwise(chain):
            both = factor(0.05)
            for side in ("left", "right"):
                a, b = COCO17.indices(f"{side}_{near}", f"{side}_{far}")
                out[:, :, b] = out[:, :, a] + both * factor(0.015) * (
                    joints[:, :, b] - joints[:, :, a]
                )
    return out


def _rotations(rng: np.random.Generator, windows: int) -> tuple[Floats, NDArray[np.bool_]]:
    """(B, 3, 3) world → camera from any side, and whether it is in any attitude at all."""
    steep = rng.random(windows) < 0.2
    pitch = np.where(steep, rng.uniform(-35, 60, windows), rng.normal(5, 9, windows))
    roll = np.where(steep, rng.normal(0, 8, windows), rng.normal(0, 3, windows))
    yaw = rng.uniform(-180, 180, windows)
    turns = Rotation.from_euler("YX", np.stack([yaw, -pitch], axis=1), degrees=True)
    level = Rotation.from_euler("Z", roll[:, None], degrees=True).as_matrix() @ np.diag(
        [1.0, -1, -1]
    )
    rotation = level @ np.swapaxes(turns.as_matrix(), 1, 2)
    tumbled = rng.random(windows) < TUMBLED
    any_turn = Rotation.random(windows, random_state=rng).as_matrix()
    return np.where(tumbled[:, None, None], any_turn, rotation), tumbled


def _placed(
    rng: np.random.Generator,
    joints: Floats,
    rotation: Floats,
    focal: Floats,
    sizes: Floats,
) -> Floats:
    """(B, T, 17, 3) in front of the camera, as large in the picture as drawn."""
    windows = len(joints)
    path = joints[:, :, _HIPS].mean(axis=2)
    middle = path[:, path.shape[1] // 2][:, None]
    follows = (rng.random(windows) < FOLLOWED)[:, None, None]
    slow = path.mean(axis=1, keepdims=True) + 0.8 * (path - path.mean(axis=1, keepdims=True))
    origin = np.where(follows, slow * [1, 0, 1] + middle * [0, 1, 0], middle)
    seen = (joints - origin[:, :, None]) @ np.swapaxes(rotation, 1, 2)[:, None]
    tall = np.where(
        rng.random(windows) < CLOSE_UP,
        rng.uniform(0.95, 1.5, windows),
        rng.uniform(0.15, 0.95, windows),
    )
    depth = focal * _HEIGHT_M / (tall * sizes[:, 1])
    depth = np.maximum(depth, _NEAREST_M - seen[..., 2].min(axis=(1, 2)))
    spare = np.maximum(0.5 * (1 - tall), 0.05)
    across = rng.uniform(-0.3, 0.3, windows) * sizes[:, 0] / focal
    down = rng.uniform(-1, 1, windows) * spare * sizes[:, 1] / focal
    place = np.stack([across * depth, down * depth, depth], axis=1)
    return np.asarray(seen + place[:, None, None])


def _detected(
    errors: ErrorModel, rng: np.random.Generator, projected: Floats, joints: Floats, fps: float
) -> tuple[Floats, Floats]:
    """Keypoints and visibility, with all of the detector's errors, some of them, or none."""
    keypoints, visibility = errors.sample(projected, joints, fps, rng)
    draw = rng.random(len(joints))
    share = np.where(draw < CLEAN + CALM, rng.random(len(joints)), 1.0)
    share = np.where(draw < CLEAN, 0.0, share)[:, None, None]
    clean = share == 0
    mixed = projected + share[..., None] * (keypoints - projected)
    keypoints = np.where(clean[..., None], projected, mixed)
    return keypoints, np.where(clean, 1.0, visibility)


def _with_losses(
    rng: np.random.Generator, keypoints: Floats, visibility: Floats
) -> tuple[Floats, Floats]:
    """Some windows lose joints, a half of the body or everything, for a while or for good."""
    windows, frames = visibility.shape[:2]
    frame = np.arange(frames)
    lost = np.zeros(visibility.shape, dtype=bool)
    groups = ([15, 16], [13, 14, 15, 16], list(range(11, 17)), list(range(5)), [9], [10],
              [7, 9], [8, 10], [13, 15], [14, 16], list(range(17)))  # fmt: skip
    for window in np.flatnonzero(rng.random(windows) < WITH_LOSSES):
        for _ in range(rng.integers(1, 4)):
            group = groups[rng.integers(len(groups))]
            joints = group if rng.random() < 0.5 else [int(rng.integers(17))]
            longest = 0.4 if len(joints) == 17 else 1.0
            length = 1 + int(rng.random() ** 2 * frames * longest)
            start = rng.integers(-length + 1, frames)
            span = (frame >= start) & (frame < start + length)
            lost[window, span[:, None] & np.isin(np.arange(17), joints)] = True
    gone = lost.all(axis=(1, 2))
    lost[gone] = False
    return np.where(lost[..., None], np.nan, keypoints), np.where(lost, 0.0, visibility)
