"""From limb directions and 2-D keypoints to 3-D joints: one least-squares problem per clip.

    solution = solve(field, keypoints, visibility, camera, height_m=1.78, timeline=timeline)

After the model fitting of MonocularTotalCapture (Xiang, Joo and Sheikh 2019). Unknown are the
12 body joints in every frame and the 14 limb lengths of the person. They are asked to

* point the limbs where the field points, as strictly as it is sure of that;
* lie where the detector saw them, as strictly as they were visible;
* keep a limb's length, and the proportions of people, at the height that is given;
* take no sharper turns than a body does.

What disagrees with the rest counts for less. Gauss-Newton steps find the minimum from a
closed-form start.
"""

from dataclasses import dataclass

import numpy as np

from humanpose.camera import Camera
from humanpose.lift.solver_body import SEEN_AT, LengthPrior, keypoint_sd, mean_lengths
from humanpose.lift.solver_problem import Problem
from humanpose.lift.solver_solution import Fit, Solution
from humanpose.lift.solver_start import bridged, filled_directions, first_joints, interpolated
from humanpose.sequence import Floats, LimbField, Timeline
from humanpose.skeleton import BODY12, COCO17

__all__ = ["Solution", "Solver", "solve"]

_STEPS = 5
"""Of Gauss-Newton: from the third on, no figure of merit changes any more."""
_DAMPING = 0.1
"""1/m²: a step of 3 m costs one standard deviation."""
_ERRORS_LAST_S = 0.3
"""How long the errors of detector and field stay alike, s."""

_BODY = COCO17.indices(*BODY12.joints)


@dataclass(frozen=True, kw_only=True)
class Solver:
    """How to solve."""

    max_gap_s: float = 0.25
    """Longest time without evidence that is bridged, s."""
    smooth_hz: float = 12.0
    """Faster movement of a fully visible joint is more than halved, Hz."""
    seen_by_mediapipe: bool = True
    """Keypoints lie where MediaPipe puts them; else exactly on the joint centres."""

    def solve(
        self,
        field: LimbField,
        keypoints: Floats,
        visibility: Floats,
        camera: Camera,
        *,
        height_m: float,
        timeline: Timeline,
    ) -> Solution:
        """The joints that explain the limb field and the keypoints best.

        Args:
            keypoints: (T, 17, 2) COCO-17, px; NaN where missing.
            visibility: (T, 17) in [0, 1].
            height_m: the person's; sets the scale.
        """
        _check_shapes(field, keypoints, visibility, timeline)
        whole = self._problem(field, keypoints, visibility, camera, height_m, timeline.fps)
        start = first_joints(whole, mean_lengths(height_m))
        placed = np.isfinite(start).all(axis=(1, 2)) & (whole.concentration > 0).any(axis=1)
        longest = self.max_gap_s * timeline.fps
        frames = np.flatnonzero(bridged(placed, limit=longest))
        if not frames.size:
            return Solution.nothing(timeline)
        known = np.stack([bridged(path, limit=longest) for path in whole.evidence.T], axis=1)
        joints = interpolated(start, placed)[frames]
        problem, alike = whole.only(frames), _ERRORS_LAST_S * timeline.fps
        prior = LengthPrior.of(height_m, weight=np.clip(alike, 1, len(frames)))
        joints, lengths = _minimum(problem, prior, joints, mean_lengths(height_m))
        fit = Fit(problem, joints, lengths, known[frames])
        return fit.solution(camera, height_m=height_m, timeline=timeline)

    def _problem(
        self,
        field: LimbField,
        keypoints: Floats,
        visibility: Floats,
        camera: Camera,
        height_m: float,
        fps: float,
    ) -> Problem:
        rays = camera.rays(keypoints[:, _BODY])[..., :2]
        seen = np.isfinite(rays).all(axis=-1)
        rays = np.where(seen[..., None], rays, 0.0)
        sd = keypoint_sd(np.nan_to_num(visibility[:, _BODY]), height_m=height_m)
        known = np.isfinite(field.directions).all(axis=-1) & (field.concentration > 0)
        directions = np.where(known[..., None], field.directions, np.nan)
        sd_of_path = keypoint_sd(np.ones(1), height_m=height_m)[0]
        cutoff = 2 * np.sin(np.pi * min(self.smooth_hz / fps, 0.5))
        return Problem(
            frames=np.arange(len(rays)),
            rays=rays,
            precision=np.where(seen, sd**-2, 0.0),
            seen_at=SEEN_AT if self.seen_by_mediapipe else np.eye(len(BODY12)),
            directions=filled_directions(directions, rays),
            concentration=np.where(known, field.concentration, 0.0),
            smoothness=float(sd_of_path**-2 / cutoff**4),
        )


solve = Solver().solve


def _minimum(
    problem: Problem, prior: LengthPrior, joints: Floats, lengths: Floats
) -> tuple[Floats, Floats]:
    """(T, 12, 3) joints and (14,) lengths, m."""
    pieces = problem.pieces()
    for _ in range(_STEPS):
        systems = [
            problem.only(piece.rows)
            .linearised(joints[piece.rows], lengths)
            .reduced(damping=_DAMPING)
            for piece in pieces
        ]
        information, gradient = prior.linearised(lengths)
        information = information + sum(system.information for system in systems)
        gradient = gradient + sum(system.gradient for system in systems)
        longer = -np.linalg.solve(information, gradient)
        steps = [
            piece.keep(system.step(longer))
            for piece, system in zip(pieces, systems, strict=True)
        ]
        joints, lengths = joints + np.concatenate(steps).reshape(joints.shape), lengths + longer
    return joints, lengths


def _check_shapes(
    field: LimbField, keypoints: Floats, visibility: Floats, timeline: Timeline
) -> None:
    frames, joints, limbs = timeline.frames, len(COCO17), len(COCO17.bones)
    for name, array, expected in (
        ("directions", field.directions, (frames, limbs, 3)),
        ("concentration", field.concentration, (frames, limbs)),
        ("keypoints", keypoints, (frames, joints, 2)),
        ("visibility", visibility, (frames, joints)),
    ):
        if array.shape != expected:
            raise ValueError(f"{name} must be {expected}, got {array.shape}")
