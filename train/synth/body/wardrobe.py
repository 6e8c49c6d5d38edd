"""What a rendered body wears: a colour for every vertex and a little cloth over the skin."""

import colorsys
from dataclasses import dataclass, field, replace
from typing import Self

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from train.synth.body.body import Body
from train.synth.body.cloth import Waves
from train.synth.body.makehuman import Floats

Colour = tuple[float, float, float]
"""sRGB, 0-255."""

SKIN: tuple[Colour, ...] = ((232, 190, 165), (198, 150, 118), (141, 96, 66), (90, 58, 40))
HAIR: tuple[Colour, ...] = ((30, 20, 15), (90, 60, 35), (180, 150, 90), (120, 120, 120))
EYES: dict[str, Colour] = {"eyes": (236, 232, 226), "iris": (38, 26, 20)}


@dataclass(frozen=True)
class Layer:
    """What a part of the outfit does to the skin under it."""

    thickness_m: float = 0.0
    smoothing: int = 0
    """Rounds of averaging that hide what is beneath: muscles, toes."""


LAYERS = {
    "chest": Layer(0.0, 200),
    "top": Layer(0.012, 10),
    "bottom": Layer(0.011, 10),
    "shoes": Layer(0.005),
    "toecaps": Layer(0.008, 20),
    "soles": Layer(0.008),
    "hair": Layer(0.016, 5),
}
SKIRT, LONG_HAIR = "helper-skirt", "helper-hair"
_WORN = {SKIRT: "bottom", LONG_HAIR: "hair"}
"""Helper mesh -> the part of the outfit that it belongs to."""
MOST_OFF_M = 0.05
"""The widest trouser leg stands off so far."""
FOLDED = 0.5
"""Folds change how far cloth stands off by up to this share of it."""
SOCKS_M = 0.14
"""Where socks end, above the ankle joint."""
_SOLED_M = 0.025
"""What of the foot is so near to its sole stands on the shoe's sole."""


@dataclass(frozen=True)
class Shoes:
    """What is under and around the feet; the default is little more than a sock."""

    colour: Colour = (58, 60, 68)
    sole: Colour = (58, 60, 68)
    sole_m: float = 0.0
    """How much taller they make the person."""
    bulk_m: float = 0.0
    """How much wider than the default they are."""
    collar_m: float = 0.02
    """Where they end, above the ankle joint."""

    @classmethod
    def random(cls, rng: np.random.Generator) -> Self:
        """Bare soles, plimsolls, trainers with a coloured sole, boots."""
        if rng.random() < 0.25:
            return cls(*((rng.uniform(20, 240),) * 3,) * 2)
        colours = [
            _hsv(rng.uniform(), rng.choice([0, 0.6]), rng.uniform(0.05, 1)) for _ in range(2)
        ]
        if rng.random() < 0.4:
            colours[1] = (rng.uniform(200, 250),) * 3
        return cls(
            colours[0],
            colours[1],
            sole_m=rng.uniform(0.008, 0.035),
            bulk_m=rng.uniform(0.0, 0.010),
            collar_m=rng.choice([-0.03, 0.0, 0.03, 0.09], p=[0.3, 0.35, 0.25, 0.1]),
        )


@dataclass(frozen=True)
class Outfit:
    """Colours of the parts, and where sleeves and trousers end."""

    skin: Colour = (222, 178, 150)
    hair: Colour = HAIR[1]
    top: Colour = (196, 62, 52)
    bottom: Colour = (44, 58, 92)
    socks: Colour | None = None
    shoes: Shoes = field(default_factory=Shoes)
    sleeve: float = 0.35
    """Share of the arm, shoulder to wrist, that is covered."""
    trouser: float = 1.0
    """Share of the leg, hip to ankle, that is covered."""
    loose: float = 1.0
    """How far top and bottom stand off, and how much they hide; 1 is close-fitting."""
    flare: float = 0.0
    """How much farther than at the hip trousers stand off at the ankle."""
    folds: Waves | None = None
    prints: dict[str, tuple[Waves, Colour]] = field(default_factory=dict)
    """Part -> where it is printed, and the other colour."""

    @classmethod
    def random(cls, rng: np.random.Generator) -> Self:
        """Any colours, long or short.

        Socks of the shoes' colour count: with them MediaPipe sees ankles 2 cm higher.
        """
        shoes = Shoes.random(rng)
        coloured = _hsv(rng.uniform(), 0.3, rng.uniform(0.1, 1))
        socks = (None, coloured, shoes.colour)[rng.choice(3, p=[0.3, 0.3, 0.4])]
        return cls(
            skin=SKIN[rng.integers(len(SKIN))],
            hair=HAIR[rng.integers(len(HAIR))],
            top=_hsv(rng.uniform(), rng.uniform(0.1, 0.9), rng.uniform(0.2, 0.95)),
            bottom=_hsv(rng.uniform(), rng.uniform(0, 0.7), rng.uniform(0.1, 0.8)),
            socks=socks,
            shoes=shoes,
            sleeve=rng.choice([0.3, 0.55, 0.95]),
            trouser=rng.choice([0.3, 0.45, 0.7, 1.0, 1.08], p=[0.15, 0.25, 0.1, 0.25, 0.25]),
            loose=rng.choice([1.0, 1.8, 2.8]),
            flare=rng.choice([0.0, 1.0, 2.5], p=[0.6, 0.25, 0.15]),
            folds=Waves.folds(rng) if rng.random() < 0.7 else None,
            prints={
                part: (Waves.print(rng), _hsv(rng.uniform(), rng.uniform(), rng.uniform()))
                for part in ("top", "bottom")
                if rng.random() < 0.35
            },
        )


def _hsv(hue: float, saturation: float, value: float) -> Colour:
    r, g, b = colorsys.hsv_to_rgb(hue, saturation, value)
    return 255 * r, 255 * g, 255 * b


def dress(body: Body, outfit: Outfit) -> tuple[Body, NDArray[np.uint8]]:
    """The body with cloth, shoes and hair on it, and (V, 3) its colours; joints stay put.

    The soles reach below the feet by ``outfit.shoes.sole_m``.
    """
    colours = np.tile(np.array(outfit.skin, dtype=np.float64), (len(body.vertices), 1))
    thickness = np.zeros((len(body.vertices), 1))
    vertices, mean = body.vertices, _neighbour_mean(body)
    for name, share in _parts(body, outfit).items():
        colours += share[:, None] * (_colours(body, outfit, name) - colours)
        thickness += share[:, None] * (_thickness(body, outfit, name)[:, None] - thickness)
        for _ in range(_smoothing(outfit, name)):
            vertices = vertices + share[:, None] * (mean @ vertices - vertices)
    vertices = vertices + thickness * _normals(body, vertices)
    vertices[:, 1] = np.maximum(vertices[:, 1], body.vertices[:, 1].min())
    vertices[:, 1] -= outfit.shoes.sole_m * _soles(body)
    return replace(body, vertices=vertices), np.clip(colours, 0, 255).astype(np.uint8)


def _thickness(body: Body, outfit: Outfit, part: str) -> Floats:
    """(V,) how far the part stands off the skin, m."""
    off = np.full(len(body.vertices), LAYERS.get(part, Layer()).thickness_m)
    if part in ("shoes", "toecaps", "soles"):
        return off + outfit.shoes.bulk_m
    if part not in ("top", "bottom"):
        return off
    off *= outfit.loose
    if part == "bottom":
        hip, ankle = (body.rig.head(bone)[1] for bone in ("upperleg01.L", "foot.L"))
        down = np.clip((hip - body.vertices[:, 1]) / (hip - ankle), 0, 1)
        off = np.minimum(off * (1 + outfit.flare * down), MOST_OFF_M)
    if outfit.folds is not None:
        off = off * (1 + FOLDED * outfit.folds.at(body.vertices))
    return off


def _smoothing(outfit: Outfit, part: str) -> int:
    rounds = LAYERS.get(part, Layer()).smoothing
    return round(rounds * outfit.loose**2) if part in ("top", "bottom") else rounds


def _colours(body: Body, outfit: Outfit, part: str) -> Floats:
    """(V, 3) or (3,)."""
    plain: dict[str, Colour] = EYES | {
        "hair": outfit.hair, "top": outfit.top, "chest": outfit.top, "bottom": outfit.bottom,
        "socks": outfit.socks or outfit.skin, "shoes": outfit.shoes.colour,
        "toecaps": outfit.shoes.colour, "soles": outfit.shoes.sole,
    }  # fmt: skip
    colour = np.array(plain[part])
    printed = outfit.prints.get("top" if part == "chest" else part)
    if printed is None:
        return colour
    where, other = printed
    share = (where.at(body.vertices)[:, None] + 1) / 2
    return colour + share * (np.array(other) - colour)


def _neighbour_mean(body: Body) -> csr_array:
    """(V, V) operator that moves every vertex to the mean of its neighbours."""
    a, b = np.concatenate([body.triangles[:, [i, (i + 1) % 3]] for i in range(3)]).T
    edges = csr_array((np.ones(len(a)), (a, b)), shape=(len(body.vertices),) * 2)
    edges = ((edges + edges.T) > 0).astype(np.float64)
    return csr_array(edges.multiply(1 / np.maximum(edges.sum(axis=1), 1)[:, None]))


def _parts(body: Body, outfit: Outfit) -> dict[str, Floats]:
    """(V,) how much each part covers a vertex, 0-1; a later part covers an earlier one."""
    rig, at = body.rig, body.vertices
    height, neck = at[:, 1], rig.head("neck01")
    collar = neck[1] - 0.022 - 0.45 * (at[:, 2] - neck[2])
    waist, ankle = rig.head("spine05")[1] + 0.04, rig.head("foot.L")[1]
    torso = _on(body, "spine", "breast", "clavicle", "shoulder", "root", "pelvis", "neck")
    on_arm = _on(body, "upperarm", "lowerarm")
    on_leg = _on(body, "upperleg", "lowerleg", "foot", "toe")
    sleeve = on_arm * _soft(_before(body, "upperarm01", "wrist", outfit.sleeve))
    trouser = on_leg * _soft(_before(body, "upperleg01", "foot", outfit.trouser))
    shirt = torso * _soft(height - waist) * _soft(collar - height)
    eyes = _on(body, "eye.")
    parts = {
        "socks": on_leg * _soft(ankle + SOCKS_M - height) * (outfit.socks is not None),
        "bottom": np.maximum(torso * (height < waist + 0.02), trouser),
        "chest": _chest(body),
        "top": np.maximum(shirt, sleeve),
        "shoes": on_leg * _soft(ankle + outfit.shoes.collar_m - height),
        "toecaps": _on(body, "toe"),
        "soles": _soles(body) * (outfit.shoes.sole_m > 0),
        "hair": _hair(body),
        "eyes": eyes,
        "iris": eyes * (at[:, 2] > at[eyes > 0, 2].max() - 0.0035),
    }
    for mesh, vertices in body.worn.items():
        for name, share in parts.items():
            share[vertices] = name == _WORN[mesh]
    return parts


def _soles(body: Body) -> Floats:
    """(V,) what stands on the shoes' soles, 0-1."""
    height = body.vertices[:, 1] - body.vertices[:, 1].min()
    return _on(body, "foot", "toe") * _soft(_SOLED_M - height)


def _soft(inside_m: Floats) -> Floats:
    """1 inside an edge, 0 outside, over about a centimetre: vertices are too few for a line."""
    return np.clip(inside_m / 0.012 + 0.5, 0, 1)


def _on(body: Body, *prefixes: str) -> Floats:
    """(V,) 1 where the bone that moves a vertex most has one of the prefixes."""
    return np.array(
        [bone.startswith(prefixes) for bone in body.dominant_bones], dtype=np.float64
    )


def _before(body: Body, start: str, end: str, share: float) -> Floats:
    """(V,) m from a vertex to the cut at a share of the nearer side's limb; < 0 beyond it."""
    cuts = []
    for side in "LR":
        a, b = body.rig.head(f"{start}.{side}"), body.rig.head(f"{end}.{side}")
        length = np.linalg.norm(b - a)
        cuts.append(share * length - (body.vertices - a) @ (b - a) / length)
    left, right = cuts
    return np.where(body.vertices[:, 0] > 0, left, right)


def _chest(body: Body) -> Floats:
    """(V,) where cloth hangs free over the breast."""
    peaks = np.stack([body.rig.tail(f"breast.{side}") for side in "LR"])
    away = np.linalg.norm(body.vertices[:, None] - peaks, axis=2).min(axis=1)
    return np.clip(1.6 - away / 0.04, 0, 1)


def _hair(body: Body) -> Floats:
    """(V,) a short cut: forehead, temples, above the ears, nape."""
    _, y, z = (body.vertices - body.rig.head("eye.L")).T
    line = np.interp(z, (-0.18, -0.10, -0.06, 0.02), (-0.085, -0.02, 0.03, 0.066))
    ears = body.vertices[[body.landmarks["left_ear"], body.landmarks["right_ear"]]]
    to_ear = np.linalg.norm(body.vertices[:, None] - ears, axis=2).min(axis=1)
    return _on(body, "head") * _soft(y - line) * (to_ear > 0.035)


def _normals(body: Body, vertices: Floats) -> Floats:
    """(V, 3) unit outward normals."""
    a, b, c = (vertices[body.triangles[:, i]] for i in range(3))
    facing = np.cross(b - a, c - a)
    normals = np.zeros_like(vertices)
    for i in range(3):
        np.add.at(normals, body.triangles[:, i], facing)
    length = np.linalg.norm(normals, axis=1, keepdims=True)
    return np.asarray(normals / np.maximum(length, 1e-12))
