"""The joint refiner: what joint angles, as they were measured, most likely were.

Every joint of every frame is a token. Attention runs among the joints of a frame, the more
readily the nearer they are along the kinematic chain, then along each joint's own time. A
head per joint says how to turn it; a new network turns nothing.
"""

from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from humanpose.nets.attention import Layer, Nearness, require_heads
from humanpose.nets.rotations import near, quaternions, turned
from humanpose.skeleton import JOINT_GROUPS

LEAST_DEG, MOST_DEG = 0.2, 90.0
"""Of the standard deviation that the network may state."""

_HARMONICS = 2
_FEATURES = 3 * (2 * _HARMONICS + 2) + 6
_START_DEG = 6.0
_BALL_JOINTS = ("pelvis", "trunk", "hip", "shoulder")


def ball_joints() -> tuple[bool, ...]:
    """(12,) which joint groups turn about three axes: their correction is a rotation. The
    others are hinges above all, far from any gimbal: theirs is added angle by angle."""
    return tuple(group.startswith(_BALL_JOINTS) for group in JOINT_GROUPS)


def kinematic_chain() -> tuple[tuple[int, int], ...]:
    """The pairs of joint groups that share a body segment."""
    names = list(JOINT_GROUPS)
    links = [("pelvis", "trunk")]
    for s in "rl":
        links += [
            ("pelvis", f"hip_{s}"),
            (f"hip_{s}", f"knee_{s}"),
            (f"knee_{s}", f"ankle_{s}"),
        ]
        links += [("trunk", f"shoulder_{s}"), (f"shoulder_{s}", f"elbow_{s}")]
    return tuple((names.index(a), names.index(b)) for a, b in links)


@dataclass(frozen=True)
class JointRefinerConfig:
    """The network's size."""

    chain: tuple[tuple[int, int], ...]
    """Pairs of joints that share a segment."""
    balls: tuple[bool, ...]
    """For each joint whether its correction is a rotation, see ``ball_joints``."""
    d_model: int = 128
    num_layers: int = 3
    num_heads: int = 8
    mlp_ratio: int = 2

    def __post_init__(self) -> None:
        require_heads(self.d_model, self.num_heads)


@dataclass(frozen=True)
class JointRefinerOutput:
    """B windows, T frames, J joints."""

    turns: Tensor
    """(B, T, J, 3) how to correct each joint, see ``corrected``."""
    deviation: Tensor
    """(B, T, J, 3) deg, of the corrected angles."""


class JointRefiner(nn.Module):
    """Corrections of a window of frames; a single frame is a window of one."""

    steps: Tensor
    balls: Tensor
    trust: Tensor
    """(J, 3) how much of each correction is applied to angles that are ever known; set after
    training, on people who did not train."""
    scale: Tensor
    """(J, 3) what the deviations are multiplied by, likewise."""

    def __init__(self, config: JointRefinerConfig) -> None:
        super().__init__()
        self.config = config
        joints, width = len(config.balls), config.d_model
        steps = _steps_between(joints, config.chain)
        self.register_buffer("steps", steps, persistent=False)
        self.register_buffer("balls", torch.tensor(config.balls)[:, None], persistent=False)
        self.register_buffer("trust", torch.ones(joints, 3))
        self.register_buffer("scale", torch.ones(joints, 3))
        self.embed_whole = nn.Sequential(
            nn.Linear(joints * _FEATURES, 2 * width), nn.GELU(), nn.Linear(2 * width, width)
        )
        self.embed_joint = nn.Linear(_FEATURES, width)
        self.which = nn.Parameter(0.02 * torch.randn(joints, width))
        self.layers = nn.ModuleList(
            Layer(width, config.num_heads, mlp_ratio=config.mlp_ratio)
            for _ in range(config.num_layers)
        )
        self.nearness = Nearness(config.num_layers, config.num_heads)
        start = -0.5 * torch.arange(int(steps.max()) + 1.0)
        self.kinship = nn.Parameter(start.repeat(config.num_layers, config.num_heads, 1))
        self.norm = nn.LayerNorm(width)
        self.heads = Heads(joints, width)

    def forward(
        self, degrees: Tensor, confidence: Tensor, known: Tensor, time_s: Tensor
    ) -> JointRefinerOutput:
        """What to correct.

        Args:
            degrees: (B, T, 36) angles, finite: where one is not known, a guess.
            confidence: (B, T, 36) in [0, 1]; 0 where not known.
            known: (B, T, 36) 1 where the angle is no guess, else 0.
            time_s: (T,) of the frames, the same in every window.
        """
        seen = _features(degrees, confidence, known)  # (B, T, J, F)
        x = self.embed_joint(seen) + self.embed_whole(seen.flatten(2))[:, :, None] + self.which
        kinship = self.kinship[..., self.steps]  # (layers, H, J, J)
        for layer, nearness, kin in zip(
            self.layers, self.nearness(time_s), kinship, strict=True
        ):
            x = layer(x, nearness, kin)
        out = self.heads(self.norm(x)).float()  # (B, T, J, 6)
        deviation = _START_DEG * out[..., 3:].clamp(-6, 6).exp() * self.scale
        turns = out[..., :3] * self._trusted(by_joint(known))
        return JointRefinerOutput(turns, deviation.clamp(LEAST_DEG, MOST_DEG))

    def _trusted(self, known: Tensor) -> Tensor:
        """(B, 1, J, 3) ``trust``; 1 where an angle, or one of a ball joint, is never known."""
        ever = known.amax(dim=1, keepdim=True)
        whole = torch.where(self.balls, ever.amin(dim=-1, keepdim=True), ever)
        return torch.where(whole > 0, self.trust, torch.ones_like(self.trust))


def corrected(degrees: Tensor, turns: Tensor, balls: tuple[bool, ...]) -> Tensor:
    """(..., 36) deg: the angles after a correction, each written as near to what it was as the
    same rotations can be; exactly what they were where the correction is 0.

    Args:
        degrees: (..., 36).
        turns: (..., 12, 3): of a ball joint half the tangent of its turn about its own axes, of
            another half the angles to add, rad.
        balls: which joints are ball joints.
    """
    before = quaternions(degrees)
    moved = near(degrees, turned(before, turns)) - near(degrees, before)
    added = torch.rad2deg(2 * turns).flatten(-2)
    ball = torch.tensor(balls, device=degrees.device).repeat_interleave(3)
    return degrees + torch.where(ball, moved, added)


def by_joint(values: Tensor) -> Tensor:
    """(..., 36) as (..., 12, 3)."""
    return values.reshape(*values.shape[:-1], -1, 3)


class Heads(nn.Module):
    """One MLP per joint: three corrections and the logarithms of three deviations."""

    def __init__(self, joints: int, width: int) -> None:
        super().__init__()
        self.hidden = nn.Parameter(torch.randn(joints, width, width) * width**-0.5)
        self.hidden_bias = nn.Parameter(torch.zeros(joints, 1, width))
        self.out = nn.Parameter(torch.zeros(joints, width, 6))
        self.out_bias = nn.Parameter(torch.zeros(joints, 1, 6))

    def forward(self, x: Tensor) -> Tensor:
        """(B, T, J, W) -> (B, T, J, 6)."""
        B, T, J, W = x.shape
        by_joint = x.permute(2, 0, 1, 3).reshape(J, B * T, W)
        hidden = F.gelu(torch.bmm(by_joint, self.hidden) + self.hidden_bias)
        out = torch.bmm(hidden, self.out) + self.out_bias
        return out.view(J, B, T, 6).permute(1, 2, 0, 3)


def _features(degrees: Tensor, confidence: Tensor, known: Tensor) -> Tensor:
    """(B, T, J, F): sines and cosines of the angles and of their multiples, how well they are
    known, and two columns of the joint's rotation."""
    triples = torch.deg2rad(by_joint(degrees))
    waves = [wave for n in range(1, _HARMONICS + 1) for wave in _waves(n * triples)]
    sure = [by_joint(values) for values in (confidence, known)]
    w, x, y, z = quaternions(degrees).unbind(dim=-1)
    first = (1 - 2 * (y * y + z * z), 2 * (x * y + w * z), 2 * (x * z - w * y))
    second = (2 * (x * y - w * z), 1 - 2 * (x * x + z * z), 2 * (y * z + w * x))
    return torch.cat([*waves, *sure, torch.stack([*first, *second], dim=-1)], dim=-1)


def _waves(radians: Tensor) -> tuple[Tensor, Tensor]:
    return radians.sin(), radians.cos()


def _steps_between(joints: int, chain: tuple[tuple[int, int], ...]) -> Tensor:
    """(J, J) how many links lie between two joints."""
    steps = torch.full((joints, joints), joints).fill_diagonal_(0)
    for a, b in chain:
        steps[a, b] = steps[b, a] = 1
    for _ in range(joints):
        steps = torch.minimum(steps, (steps[:, :, None] + steps[None]).amin(dim=1))
    return steps
