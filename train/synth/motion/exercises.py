"""Exercises that nobody recorded for us: squats, lunges, sitting down, reaching, lying.

Poses are drawn in joint angles, and a person moves to and fro between a few of them.
"""

import numpy as np

from train.synth.body.anatomy import frames_from_angles
from train.synth.body.makehuman import Floats
from train.synth.motion.channels import HEAD, Keyframe, keyframed
from train.synth.motion.retarget import Recording

Pose = dict[str, float]

FOOT_LEGS = 0.1
"""Height of the ankle above the sole, leg lengths."""
_THIGH = 0.5
"""Of a leg."""
LEGS = ("stand", "squat", "sit", "hinge", "lunge", "one_leg", "lie", "kneel")
_SHARES = (0.12, 0.3, 0.14, 0.12, 0.12, 0.08, 0.06, 0.06)


def exercise(rng: np.random.Generator, *, seconds: float, fps: float) -> Recording:
    """Somebody who does an exercise a few times."""
    rest = _standing(rng) | _arms(rng, relaxed=0.6)
    if rng.random() < 0.25:
        rest |= _legs(rng, str(rng.choice(["sit", "kneel", "lie"])))
    goals = [_goal(rng, rest) for _ in range(rng.integers(1, 4))]
    keyframes: list[Keyframe] = [(0.0, rest)]
    time = rng.uniform(0, 0.8)
    way, hold = rng.uniform(0.35, 1.8), rng.choice([0.0, 0.15, 0.6])
    while time < seconds:
        keyframes.append((time, _jittered(rng, rest, 2.0)))
        goal = _jittered(rng, goals[rng.integers(len(goals))], 4.0)
        time += way * rng.uniform(0.8, 1.25)
        keyframes += [(time, goal), (time + hold + 0.01, goal)]
        time += hold + 0.02 + way * rng.uniform(0.8, 1.25)
    motion = keyframed(keyframes, seconds=seconds, fps=fps)
    return Recording(motion.angles, motion.head, _mid_hip(motion.angles), fps, exact=True)


def _goal(rng: np.random.Generator, rest: Pose) -> Pose:
    """Where the exercise goes to: other legs, other arms, another trunk, or all of them."""
    goal = dict(rest)
    legs, arms, trunk = rng.random(3) < (0.75, 0.6, 0.35)
    if legs:
        goal |= _legs(rng, str(rng.choice(LEGS, p=_SHARES)))
    if arms or not legs:
        goal |= _arms(rng, relaxed=0.1)
    if trunk:
        goal |= {
            "lumbar_bending": rng.normal(0, 12),
            "lumbar_rotation": rng.normal(0, 18),
            "lumbar_extension": rng.normal(-8, 14),
        }
    return goal


def _standing(rng: np.random.Generator) -> Pose:
    wide, out = rng.uniform(0, 16), rng.normal(-6, 8)
    pose: Pose = {"pelvis_tilt": rng.normal(-2, 4), "lumbar_extension": rng.normal(-4, 5)}
    pose |= dict.fromkeys(HEAD, 0.0) | {"pelvis_rotation": 0.0, "pelvis_list": 0.0}
    for side in "rl":
        pose |= {
            f"hip_flexion_{side}": rng.normal(3, 3),
            f"hip_adduction_{side}": -wide,
            f"hip_rotation_{side}": out + rng.normal(0, 4),
            f"knee_angle_{side}": rng.uniform(0, 10),
            f"ankle_angle_{side}": rng.normal(2, 3),
            f"subtalar_angle_{side}": wide / 2,
            f"pro_sup_{side}": rng.uniform(20, 130),
        }
    return pose


def _legs(rng: np.random.Generator, kind: str) -> Pose:
    deep = rng.uniform(0.35, 1.0)
    both = {
        "stand": (3.0, 5.0, 2.0, -2.0),
        "squat": (rng.uniform(75, 125) * deep, rng.uniform(95, 140) * deep, 30 * deep,
                  -rng.uniform(0, 40) * deep),
        "sit": (rng.uniform(70, 105), rng.uniform(65, 110), rng.uniform(-10, 15),
                rng.normal(-2, 12)),
        "hinge": (rng.uniform(30, 95), rng.uniform(5, 35), rng.uniform(-5, 10),
                  -rng.uniform(20, 70)),
        "kneel": (rng.uniform(-5, 60), rng.uniform(85, 145), rng.uniform(-45, 10),
                  rng.normal(-5, 10)),
        "lie": (rng.uniform(-10, 95), rng.uniform(0, 110), rng.uniform(-30, 10),
                rng.choice([-90, 90]) + rng.normal(0, 12)),
        "lunge": (0.0, 0.0, 0.0, -rng.uniform(0, 25)),
        "one_leg": (3.0, rng.uniform(3, 25), 4.0, rng.normal(-2, 5)),
    }[kind]  # fmt: skip
    pose = _both_sides(rng, both[:3]) | {"pelvis_tilt": both[3]}
    if kind == "lie":
        pose |= {"pelvis_list": rng.normal(0, 20), "pelvis_rotation": rng.uniform(-180, 180)}
    ahead, behind = rng.permutation(["r", "l"])
    if kind in ("lunge", "one_leg"):
        pose |= _one_leg(ahead, (rng.uniform(30, 105), rng.uniform(20, 115), 5.0))
    if kind == "lunge":
        pose |= _one_leg(behind, (rng.uniform(-25, 10), rng.uniform(10, 100), 15.0))
    return pose


def _both_sides(rng: np.random.Generator, leg: tuple[float, ...]) -> Pose:
    pose: Pose = {}
    for side in "rl":
        pose |= _one_leg(side, tuple(angle + rng.normal(0, 4) for angle in leg))
        pose[f"hip_adduction_{side}"] = rng.normal(-8, 8)
        pose[f"hip_rotation_{side}"] = rng.normal(-6, 10)
    return pose


def _one_leg(side: str, leg: tuple[float, ...]) -> Pose:
    names = ("hip_flexion", "knee_angle", "ankle_angle")
    return {f"{name}_{side}": angle for name, angle in zip(names, leg, strict=True)}


def _arms(rng: np.random.Generator, *, relaxed: float) -> Pose:
    """Hanging, symmetric, or each arm for itself."""
    if rng.random() < relaxed:
        right = left = (rng.normal(5, 8), rng.normal(-10, 5), rng.normal(5, 10),
                        rng.uniform(5, 35))  # fmt: skip
    else:
        right = _raised(rng)
        left = right if rng.random() < 0.6 else _raised(rng)
    names = ("arm_flex", "arm_add", "arm_rot", "elbow_flex")
    return {
        f"{name}_{side}": angle + rng.normal(0, 3)
        for side, arm in (("r", right), ("l", left))
        for name, angle in zip(names, arm, strict=True)
    }


def _raised(rng: np.random.Generator) -> tuple[float, float, float, float]:
    return (
        rng.uniform(-45, 170),
        -float(np.clip(rng.gamma(1.5, 22), 0, 140)),
        rng.normal(10, 30),
        rng.choice([rng.uniform(0, 40), rng.uniform(0, 145)]),
    )


def _jittered(rng: np.random.Generator, pose: Pose, deg: float) -> Pose:
    return {name: angle + rng.normal(0, deg) for name, angle in pose.items()}


def _mid_hip(angles: Floats) -> Floats:
    """(T, 3) leg lengths: the lower ankle, or the lower of knees and hips, is on the floor."""
    frames = frames_from_angles(angles)
    heights = [np.zeros(len(angles))]
    for side in "rl":
        knee = -_THIGH * frames[f"femur_{side}"][:, 1, 1]
        ankle = knee - (1 - _THIGH) * frames[f"tibia_{side}"][:, 1, 1]
        heights += [knee, ankle]
    path = np.zeros((len(angles), 3))
    path[:, 1] = FOOT_LEGS - np.min(heights, axis=0)
    return path
