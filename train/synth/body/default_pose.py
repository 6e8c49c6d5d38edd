"""Where markers and joints lie on bodies that stand in the models' default pose.

$ python -m train.synth.body.default_pose --body DIR      (the two MESH_ tables of model_axes)
"""

import argparse
import re
import sys

import numpy as np

from humanpose.kinematics.model_axes import MODEL_POINTS
from humanpose.skeleton import ANGLE_NAMES, MARKERS43
from train.engine.command import exit_code, parser_of
from train.synth.body.anatomy import GROUND, TRUTH23, frames_from_angles, truth_points
from train.synth.body.body import Body
from train.synth.body.landmarks43 import marker_points
from train.synth.body.makehuman import Assets, Floats, Shape
from train.synth.motion.perform import posed_on

PEOPLE, SEED = 100, 0
HEIGHT_M = 1.75
"""Everybody is scaled to this before the mean is taken."""


def mean_points(assets: Assets, people: int) -> dict[str, Floats]:
    """Marker or joint centre -> (3,) m from the mid-hip, in the pelvis' axes."""
    rng = np.random.default_rng(SEED)
    bodies = [_points(Body.build(assets, Shape.random(rng))) for _ in range(people)]
    mean = {name: np.mean([body[name] for body in bodies], axis=0) for name in bodies[0]}
    mean["C7_study"][2] = 0.0
    return mean | {"lumbar": _lumbar(mean)}


def _points(body: Body) -> dict[str, Floats]:
    """The right side and the midline of one person with all angles zero."""
    straight = {side: np.zeros(1) for side in "rl"}
    frames = frames_from_angles(np.zeros((1, len(ANGLE_NAMES))))
    posed = posed_on(frames, np.zeros((1, 3)), straight, np.zeros((1, 3)), body)
    at = dict(zip(MARKERS43.joints, marker_points(posed)[0], strict=True))
    mid_hip = (at["RHJC_study"] + at["LHJC_study"]) / 2
    right = {name: place for name, place in at.items() if name[0] in "rRC"}
    joints = dict(zip(TRUTH23.joints, truth_points(posed)[0], strict=True))
    right["right_shoulder"] = joints["right_shoulder"]
    right |= {ours: joints[name] for ours, name in _JOINTS.items()}
    return {n: (p - mid_hip) @ GROUND * HEIGHT_M / body.height_m for n, p in right.items()}


_JOINTS = {
    f"R{name}": f"right_{re.sub('(?<=.)(?=[A-Z])', '_', name).lower()}"
    for name in (
        "Hip", "Knee", "Ankle", "Heel", "BigToe", "SmallToe", "Shoulder", "Elbow", "Wrist",
    )
}  # fmt: skip
"""Of the 22 markers -> of TRUTH23."""


def _lumbar(at: dict[str, Floats]) -> Floats:
    """As behind the ASIS as in OpenSim's model, whose lumbar joint no mesh has."""
    mid = {k: p["r.ASIS_study"] * [1, 1, 0] for k, p in (("mesh", at), ("model", MODEL_POINTS))}
    scale = at["r.ASIS_study"][2] / MODEL_POINTS["r.ASIS_study"][2]
    return np.asarray(mid["mesh"] + scale * (MODEL_POINTS["lumbar"] - mid["model"]))


def main(arguments: list[str] | None = None) -> int:
    """Print the table; 0, or the exit code of what went wrong."""
    return exit_code(
        "train.synth.body.default_pose", parser_of(__doc__, "body"), _tell, arguments
    )


def _tell(options: argparse.Namespace) -> None:
    assets = Assets.load(options.body)
    for name, place in mean_points(assets, PEOPLE).items():
        if not any(part in name for part in ("thigh", "_sh1", "_sh2", "_sh3")):
            print(f'"{name}": ({", ".join(f"{x:.3f}" for x in place)}),')


if __name__ == "__main__":
    sys.exit(main())
