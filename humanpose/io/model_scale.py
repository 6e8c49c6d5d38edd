"""A model of OpenSim's Rajagopal family made to fit a person: scale factors, and marker places.

Lengths are those between joint centres, which the 22 markers are and the model has, so that the
scaled model's joints come to lie in the markers.
"""

from collections.abc import Mapping

import numpy as np

from humanpose.kinematics.model_axes import BODY_ORIGINS, MESH_JOINTS, ON_BODIES
from humanpose.sequence import Floats, PoseSequence
from humanpose.skeleton import other_side

Points = Mapping[str, Floats]
Lengths = dict[str, float]

JOINT_BODIES = {
    f"{side}{joint}": f"{body}_{side.lower()}"
    for side in "RL"
    for joint, body in {
        "Hip": "femur", "Knee": "tibia", "Ankle": "talus",
        "Shoulder": "humerus", "Elbow": "ulna", "Wrist": "hand",
    }.items()
}  # fmt: skip
"""Marker at a joint centre -> the body whose origin is that centre."""
_LENGTHS = {
    "thigh": ("RHip", "RKnee"), "shank": ("RKnee", "RAnkle"), "foot": ("RHeel", "RBigToe"),
    "arm": ("RShoulder", "RElbow"), "forearm": ("RElbow", "RWrist"),
}  # fmt: skip
_WIDTHS = {"hips": ("RHip", "LHip"), "shoulders": ("RShoulder", "LShoulder")}
_UPRIGHT = 0.9
"""Quantile of the distance from hips to shoulders: bending shortens it."""
_FOOT = ("Heel", "BigToe", "SmallToe")
_ANCHORS = {
    "pelvis": "Hip", "torso": "Neck", "femur": "RKnee", "tibia": "RAnkle", "calcn": "RAnkle",
    "humerus": "RElbow", "radius": "RWrist",
}  # fmt: skip
"""Body -> the joint centre from which its markers are measured."""


def lengths_of_person(markers: PoseSequence) -> Lengths:
    """Typical distances in m, the mean of both sides; one that is never seen is NaN."""

    def typical(a: str, b: str, quantile: float = 0.5) -> float:
        apart = np.linalg.norm(markers.joint(a) - markers.joint(b), axis=1)
        known = apart[np.isfinite(apart)]
        return float(np.quantile(known, quantile)) if known.size else np.nan

    both = {
        name: [typical(a, b), typical(other_side(a), other_side(b))]
        for name, (a, b) in _LENGTHS.items()
    }
    lengths = {name: _mean(pair) for name, pair in both.items()}
    lengths |= {name: typical(a, b) for name, (a, b) in _WIDTHS.items()}
    return lengths | {"trunk": typical("Hip", "Neck", _UPRIGHT)}


def lengths_of_model(origins: Points = BODY_ORIGINS) -> Lengths:
    """The same of a model in its default pose, its foot that of the mesh on its shank."""
    joints = {name: origins[body] for name, body in JOINT_BODIES.items()}
    lengths = _lengths_between(joints)
    foot = _lengths_between(MESH_JOINTS)
    return lengths | {"foot": foot["foot"] * lengths["shank"] / foot["shank"]}


def scale_factors(person: Lengths, origins: Points = BODY_ORIGINS) -> dict[str, Floats]:
    """Body -> (3,) factors along its axes for ``person``; what isn't known grows as the rest.

    The pelvis grows sideways as the hips are wide and else as the legs are long; the torso so
    that the shoulders come to lie at their height above the hips.
    """
    model = lengths_of_model(origins)
    ratio = {name: person[name] / of_model for name, of_model in model.items()}
    ratio["legs"] = (person["thigh"] + person["shank"]) / (model["thigh"] + model["shank"])
    lumbar, shoulders = (
        (origins[a] + origins[b])[1] / 2 - origins["femur_r"][1]
        for a, b in (("torso", "torso"), ("humerus_r", "humerus_l"))
    )
    risen = shoulders * ratio["trunk"] - lumbar * ratio["legs"]
    ratio["torso"] = risen / (shoulders - lumbar)
    usual = _mean(list(ratio.values()))
    known = {name: r if np.isfinite(r) and r > 0 else usual for name, r in ratio.items()}
    return {
        body: np.array([known[name] for name in axes.split()])
        for body, axes in _SCALED_BY.items()
    }


def pelvis_from_mid_hip(markers: PoseSequence, origins: Points = BODY_ORIGINS) -> Floats:
    """(3,) origin of the scaled model's pelvis, seen from between the hips in its axes, m.

    Never NaN: a length that no frame shows is scaled as the others are.
    """
    middle = (origins["femur_r"] + origins["femur_l"]) / 2
    return -middle * scale_factors(lengths_of_person(markers), origins)["pelvis"]


def marker_places(
    *, augmented: bool, origins: Points = BODY_ORIGINS
) -> dict[str, tuple[str, Floats]]:
    """Marker -> its body, and (3,) where it lies in that one's axes on the unscaled model, m.

    OpenCap's anatomical markers lie where OpenCap puts them; heels and toes as on the mesh,
    seen from the ankle and as large as the body. The clusters on thighs and shanks tell nothing
    new and are left out.

    Args:
        augmented: whether the 43 are wanted beside the 22 markers.

    Returns:
        Never NaN.
    """
    places = {name: (body, np.zeros(3)) for name, body in JOINT_BODIES.items()}
    right: dict[str, tuple[str, Floats]] = {
        f"R{name}": _from_mesh(f"R{name}", "calcn", origins) for name in _FOOT
    }
    for body, markers in ON_BODIES.items() if augmented else ():
        for name in (name for name in markers if name.endswith("_study")):
            right[name] = _sided(body), np.array(markers[name])
    left = {
        other_side(name): (body.replace("_r", "_l"), place * [1, 1, -1])
        for name, (body, place) in right.items()
        if other_side(name) != name
    }
    return places | right | left


def _from_mesh(name: str, body: str, origins: Points) -> tuple[str, Floats]:
    mesh = MESH_JOINTS
    anchor, sided = _ANCHORS[body], _sided(body)
    factors = scale_factors(_lengths_between(MESH_JOINTS), origins)[sided]
    joint = _centre({name: origins[b] for name, b in JOINT_BODIES.items()}, anchor)
    return sided, joint - origins[sided] + (mesh[name] - _centre(mesh, anchor)) / factors


def _centre(joints: Points, name: str) -> Floats:
    """A joint centre, or the middle of both hips or shoulders."""
    pair = {"Hip": ("RHip", "LHip"), "Neck": ("RShoulder", "LShoulder")}.get(name, (name,))
    return np.asarray(np.mean([joints[joint] for joint in pair], axis=0))


def _lengths_between(joints: Points) -> Lengths:
    pairs = {name: pair for name, pair in (_LENGTHS | _WIDTHS).items() if pair[0] in joints}
    lengths = {name: _distance(joints[a], joints[b]) for name, (a, b) in pairs.items()}
    return lengths | {"trunk": _distance(_centre(joints, "Hip"), _centre(joints, "Neck"))}


def _distance(a: Floats, b: Floats) -> float:
    return float(np.linalg.norm(a - b))


def _mean(values: list[float]) -> float:
    known = [value for value in values if np.isfinite(value)]
    return float(np.mean(known)) if known else 1.0


def _sided(body: str) -> str:
    return body if body in ("pelvis", "torso") else f"{body}_r"


_AXES = {
    "femur": "thigh", "patella": "thigh", "tibia": "shank",
    "talus": "foot", "calcn": "foot", "toes": "foot",
    "humerus": "arm", "ulna": "forearm", "radius": "forearm", "hand": "forearm",
}  # fmt: skip
_SCALED_BY = {
    "pelvis": "legs legs hips", "sacrum": "legs legs hips",
    "torso": "torso torso shoulders", "head": "torso torso torso",
}  # fmt: skip
_SCALED_BY |= {
    f"{b}_{side}": f"{axis} {axis} {axis}" for b, axis in _AXES.items() for side in "rl"
}
"""Body -> the length that scales it along X, Y and Z."""
