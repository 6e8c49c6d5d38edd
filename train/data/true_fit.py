"""The body that fits the true points of a rendered person: our zero of every angle.

The rendered mesh and OpenSim's model count from different poses. So that nothing is learnt of
the mesh's zero, the truth is moved to where the fit says it is when it sees the true points.
"""

from dataclasses import replace

import numpy as np

from humanpose.body.coordinates import contract_angles
from humanpose.body.evidence import Evidence
from humanpose.body.fit import Guess, fit_body, people_at_large
from humanpose.body.pose import place
from humanpose.body.sites import LANDMARKS, LIMBS, at_joints
from humanpose.body.start import first_pose
from humanpose.geometry import unit
from humanpose.markers.input_markers import markers_of
from humanpose.sequence import Floats, PoseSequence
from humanpose.skeleton import MEDIAPIPE33
from humanpose.world.gravity import Up
from train.judge.cases import on_contract_branch
from train.recordings.pairs import TRUTH_POINTS, Pair

_EXACT_M, _EXACT_CONCENTRATION, _EXACT_UP_DEG = 0.002, 4000.0, 0.01
"""How far a true joint may be off the model's, how surely true limbs point, and up does."""


def true_fit(pair: Pair) -> Floats:
    """(T, 36) deg, the contract's angles of the body fitted to the true points."""
    points = np.full((len(pair.joints), len(MEDIAPIPE33), 3), np.nan)
    shared = [name for name in TRUTH_POINTS if name in MEDIAPIPE33.joints]
    points[:, MEDIAPIPE33.indices(*shared)] = pair.joints[
        :, [TRUTH_POINTS.index(name) for name in shared]
    ]
    timeline = pair.landmarks.timeline
    pose = PoseSequence(
        points, np.isfinite(points[..., 0]).astype(float), timeline, MEDIAPIPE33
    )
    start = first_pose(markers_of(pose))
    true = pose.positions[:, MEDIAPIPE33.indices(*LANDMARKS)]
    parents, children = np.array(LIMBS).T
    count = len(true)
    seen = Evidence(
        true[..., :2] / true[..., 2:],
        np.full(true.shape[:2], _EXACT_M**-2),
        unit(true[:, children] - true[:, parents]),
        np.full((count, len(LIMBS)), _EXACT_CONCENTRATION),
        np.zeros((count, 4), dtype=bool),
        np.arange(count) > 0,
        timeline.fps,
    )
    up = pair.up_camera if pair.up_camera.ndim == 1 else pair.up_camera[0]
    belief = people_at_large(start, seen, up=Up(up, _EXACT_UP_DEG), height_m=pair.height_m)
    exact = replace(belief.expected, sites=at_joints(pair.height_m))
    fit = fit_body(Guess(start), seen, replace(belief, expected=exact))
    degrees = contract_angles(fit.pose, place(fit.pose, fit.person.log_scales), up)
    return on_contract_branch(degrees, fps=timeline.fps)
