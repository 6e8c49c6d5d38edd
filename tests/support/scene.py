"""A body whose joints are known, and what the solver is given of it."""

from dataclasses import dataclass, replace

import numpy as np
from scipy.ndimage import gaussian_filter1d

from humanpose.camera import Camera
from humanpose.geometry import bend_deg, rotation_about, unit
from humanpose.lift.solver import Solution, Solver
from humanpose.lift.solver_body import mean_lengths
from humanpose.sequence import Floats, LimbField, Timeline
from humanpose.skeleton import BODY12, COCO17

SIZE = (640, 480)


CAMERA = Camera.from_fov(60.0, SIZE)


HEIGHT_M = 1.75


BODY = np.array(COCO17.indices(*BODY12.joints))


EXACT = Solver(seen_by_mediapipe=False)


PARENTS, CHILDREN = np.array(COCO17.bone_indices).T


def field_of(directions: Floats, concentration: Floats) -> LimbField:
    """What a network might say; the solver does not ask which way is up."""
    return LimbField(directions, concentration, np.array([0.0, -1.0, 0.0]), 1.0)


@dataclass(frozen=True, eq=False)
class Scene:
    """What the solver is given."""

    field: LimbField
    keypoints: Floats
    visibility: Floats
    camera: Camera = CAMERA
    fps: float = 30.0

    def solved(self, solver: Solver = EXACT, *, height_m: float = HEIGHT_M) -> Solution:
        return solver.solve(
            self.field,
            self.keypoints,
            self.visibility,
            self.camera,
            height_m=height_m,
            timeline=Timeline(len(self.keypoints), self.fps),
        )


def person(frames: int = 45, *, turn_deg: float = 30.0) -> Floats:
    """(T, 17, 3) m, camera frame: someone of average proportions bends knees and elbows."""
    time = np.linspace(0, 1, frames)
    limb = dict(zip(COCO17.bones, mean_lengths(HEIGHT_M), strict=True))
    joints = {}
    for side, sign in (("left", 1), ("right", -1)):
        bend = 25 * (1 - np.cos(2 * np.pi * time + 0.5 * sign))
        hip = np.full((frames, 3), [sign * limb["left_hip", "right_hip"] / 2, 0, 0])
        width = limb["left_shoulder", "right_shoulder"]
        joints[f"{side}_hip"] = hip
        joints[f"{side}_shoulder"] = np.full(
            (frames, 3), [sign * width / 2, -0.27 * HEIGHT_M, 0]
        )
        for start, end, tilt in (
            ("hip", "knee", -bend),
            ("knee", "ankle", 0.8 * bend),
            ("shoulder", "elbow", bend - 40),
            ("elbow", "wrist", -20 - 2 * bend),
        ):
            down = rotation_about("z", -8.0 * sign) @ rotation_about("x", tilt)
            bone = limb[f"{side}_{start}", f"{side}_{end}"] * down[..., 1]
            joints[f"{side}_{end}"] = joints[f"{side}_{start}"] + bone
    points = np.full((frames, len(COCO17), 3), np.nan)
    for name, path in joints.items():
        points[:, COCO17.index(name)] = path
    return points @ rotation_about("y", turn_deg).T + [0.2, 0.1, 3.8]


def seen(joints: Floats, *, concentration: float = 400.0, fps: float = 30.0) -> Scene:
    """Exact keypoints and directions."""
    directions = unit(joints[:, CHILDREN] - joints[:, PARENTS])
    count = directions.shape[:2]
    return Scene(
        field_of(directions, np.full(count, concentration)),
        CAMERA.project(joints),
        np.ones(joints.shape[:2]),
        fps=fps,
    )


def errors_mm(solution: Solution, truth: Floats) -> Floats:
    """(T, 12)."""
    off = solution.joints.positions - truth
    return 1000 * np.linalg.norm(off[:, BODY], axis=-1)


def noisy(scene: Scene, *, degrees: float, seed: int = 0) -> Scene:
    """Directions off by this much on average, in slowly changing ways."""
    rng, directions = np.random.default_rng(seed), scene.field.directions
    noise = gaussian_filter1d(rng.normal(size=directions.shape), 0.15 * scene.fps, axis=0)
    noise *= np.radians(degrees) / 1.25 / noise.std()
    concentration = np.full(directions.shape[:2], (1.25 / np.radians(degrees)) ** 2)
    return replace(scene, field=field_of(unit(directions + noise), concentration))


def limb_errors_deg(joints: Floats, truth: Floats) -> Floats:
    ours, true = (points[:, CHILDREN] - points[:, PARENTS] for points in (joints, truth))
    return bend_deg(ours, true)
