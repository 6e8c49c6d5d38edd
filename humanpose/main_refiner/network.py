"""MainRefiner: what MediaPipe's 3-D, POF and the joint refiner each know, weighed and fused.

Two parts of the founding document's design. ``PoseFusion`` weighs two poses joint by joint
before the kinematics, ``AngleFusion`` four sets of joint angles after them. In both, every
joint of every frame is a token; attention runs among the joints of a frame, then along each
joint's own time. Untrained, they return POF's pose, nearly, and a mean of what the joint
refiner says of its angles and of these.
"""

from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from humanpose.nets.attention import Layer, Nearness, require_heads
from humanpose.nets.rotations import (
    GROUPS,
    near,
    quaternions,
    rotation_vectors,
    times,
    turned,
)

POINT_FEATURES, LIMB_FEATURES, FRAME_FEATURES = 16, 4, 7
"""Of a joint, a limb and a frame, see ``humanpose.main_refiner.pose_evidence``."""
CANDIDATES = ("kinematics", "raw", "pof", "joint_refiner")
"""Where angles come from, in the order of the gates; of the last the network is told more."""
LEAST_LOG_CONCENTRATION, MOST_LOG_CONCENTRATION = -3.0, 8.0
_POF_PREFERENCE = 3.0
"""Logit by which a gate that knows nothing prefers POF's pose."""
_PREFERENCES = (1.5, -2.0, 0.0, 2.0)
"""Logits of ``CANDIDATES`` where the gate knows nothing: mostly the joint refiner's, and the
fused pose's own, which has the larger range of motion."""
ANCHORS = (1, 2, 0, 3)
"""Indices of ``CANDIDATES``, the one that others are measured from last; if it's not there, the
one before."""
_UNKNOWN = -1e4
"""Logit of what isn't there."""


@dataclass(frozen=True)
class MainRefinerConfig:
    """The network's size. The limbs are pairs of joint indices, parent first."""

    limbs: tuple[tuple[int, int], ...]
    joints: int = 17
    d_model: int = 128
    num_layers: int = 2
    num_heads: int = 4
    mlp_ratio: int = 3

    def __post_init__(self) -> None:
        require_heads(self.d_model, self.num_heads)


@dataclass(frozen=True)
class PoseInput:
    """B windows, T frames, J joints, L limbs; along the axes of ``humanpose.pof.limb_view``."""

    points: Tensor
    """(B, T, J, 16)."""
    limbs: Tensor
    """(B, T, L, 4) POF's directions and their log concentrations."""
    frame: Tensor
    """(B, T, 7)."""


@dataclass(frozen=True)
class PoseOutput:
    gates: Tensor
    """(B, T, J) share of MediaPipe's pose in the joint; the rest is POF's."""
    joints: Tensor
    """(B, T, J, 3) from the mid-hip, in the input's unit, before bones have their length."""
    directions: Tensor
    """(B, T, L, 3) unit vectors."""
    log_concentration: Tensor
    """(B, T, L) log kappa of a von Mises-Fisher distribution about them."""


@dataclass(frozen=True)
class AngleInput:
    """B windows, T frames; C candidates as in ``CANDIDATES``, 36 angles."""

    degrees: Tensor
    """(B, T, C, 36); 0 where there is none."""
    there: Tensor
    """(B, T, C, 36) 1 where there is one, else 0."""
    confidence: Tensor
    """(B, T, C, 36) in [0, 1]."""
    deviation: Tensor
    """(B, T, 36) deg, a first guess of the standard deviation of what comes out."""


@dataclass(frozen=True)
class AngleOutput:
    gates: Tensor
    """(B, T, 12, C) share of each candidate in a joint group's rotation; their sum is 1."""
    degrees: Tensor
    """(B, T, 36), on the branch of the last candidate that is there."""
    deviation: Tensor
    """(B, T, 36) standard deviation, deg."""
    turns: Tensor
    """(B, T, 12, 3) how the mixture was turned: half the angle's tangent along the axis."""


class MainRefiner(nn.Module):
    """Both parts in one file; each is trained and asked by itself."""

    def __init__(self, config: MainRefinerConfig) -> None:
        super().__init__()
        self.config = config
        self.pose = PoseFusion(config)
        self.angles = AngleFusion(config)


class PoseFusion(nn.Module):
    """A gate per joint between two poses, and another per limb between what they mix to and the
    direction that POF itself gave: neither is always nearer to the truth. Then limbs are turned
    a little."""

    starts: Tensor
    ends: Tensor

    def __init__(self, config: MainRefinerConfig) -> None:
        super().__init__()
        limbs, width = len(config.limbs), config.d_model
        starts, ends = torch.tensor(config.limbs).unbind(dim=1)
        self.register_buffer("starts", starts, persistent=False)
        self.register_buffer("ends", ends, persistent=False)
        self.body = _Body(
            config,
            tokens=config.joints,
            token_features=POINT_FEATURES,
            frame_features=FRAME_FEATURES + LIMB_FEATURES * limbs,
        )
        self.gate = _head(width, width, 1)
        self.which_limb = nn.Parameter(0.02 * torch.randn(limbs, width))
        self.limb = _head(2 * width, width, 5, extra=LIMB_FEATURES + 6)

    def forward(self, seen: PoseInput, time_s: Tensor) -> PoseOutput:
        """See ``PoseInput`` and ``PoseOutput``; ``time_s`` (T,)."""
        raw, pof, there = seen.points[..., :3], seen.points[..., 3:6], seen.points[..., 6:8]
        frame = torch.cat([seen.frame, seen.limbs.flatten(2)], dim=-1)
        tokens = self.body(seen.points, frame, time_s)
        logit = self.gate(tokens)[..., 0].float() - _POF_PREFERENCE
        logit = logit + _UNKNOWN * (there[..., 1] - there[..., 0])
        gates = torch.sigmoid(logit)
        joints = pof + gates[..., None] * (raw - pof)
        mixed, first, second = (self._directions(pose) for pose in (joints, raw, pof))
        ends = (tokens[:, :, self.starts] + self.which_limb, tokens[:, :, self.ends])
        said = self.limb(torch.cat([*ends, seen.limbs, first, second], dim=-1)).float()
        spread = (seen.limbs[..., 3] + said[..., 3]).clamp(
            LEAST_LOG_CONCENTRATION, MOST_LOG_CONCENTRATION
        )
        own = torch.sigmoid(said[..., 4:])
        between = mixed + own * (seen.limbs[..., :3] - mixed)
        directions = F.normalize(between + said[..., :3], dim=-1, eps=1e-6)
        return PoseOutput(gates, joints, directions, spread)

    def _directions(self, joints: Tensor) -> Tensor:
        """(B, T, L, 3) unit vectors."""
        along = joints[:, :, self.ends] - joints[:, :, self.starts]
        return F.normalize(along, dim=-1, eps=1e-6)


class AngleFusion(nn.Module):
    """A gate per joint group among rotations, and a small turn of what they mix to."""

    def __init__(self, config: MainRefinerConfig) -> None:
        super().__init__()
        count = len(CANDIDATES)
        features = 3 * (count - 1) + 6 + 6 * count + 3
        self.body = _Body(config, tokens=GROUPS, token_features=features, frame_features=0)
        self.gate = _head(config.d_model, config.d_model, count)
        self.turn = _head(config.d_model, config.d_model, 6)
        self.log_scale = nn.Parameter(torch.zeros(GROUPS, 3))
        self.register_buffer("preference", torch.tensor(_PREFERENCES).repeat(GROUPS, 1))

    preference: Tensor

    def forward(self, seen: AngleInput, time_s: Tensor) -> AngleOutput:
        """See ``AngleInput`` and ``AngleOutput``; ``time_s`` (T,)."""
        anchor, degrees, known = _filled(seen)
        rotations = quaternions(degrees)  # (B, T, C, 12, 4)
        middle = quaternions(anchor)[:, :, None]
        apart = rotation_vectors(times(middle * middle.new_tensor([1, -1, -1, -1]), rotations))
        tokens = self.body(self._features(seen, anchor, apart), None, time_s)
        logit = self.gate(tokens).float() + self.preference
        gates = (logit + _UNKNOWN * (1 - known.transpose(2, 3))).softmax(dim=-1)
        same_side = torch.where((rotations * middle).sum(-1, keepdim=True) < 0, -1.0, 1.0)
        mixed = (gates.transpose(2, 3)[..., None] * same_side * rotations).sum(dim=2)
        said = self.turn(tokens).float()
        fused = turned(F.normalize(mixed, dim=-1), said[..., :3])
        scale = (said[..., 3:] + self.log_scale).clamp(-3.0, 3.0).exp()
        degrees = anchor + near(anchor, fused) - near(anchor, quaternions(anchor))
        return AngleOutput(gates, degrees, seen.deviation * scale.flatten(2), said[..., :3])

    def _features(self, seen: AngleInput, anchor: Tensor, apart: Tensor) -> Tensor:
        """(B, T, 12, F) of every joint group."""
        B, T, C, _ = seen.degrees.shape
        angle = torch.deg2rad(anchor).view(B, T, GROUPS, 3)
        by_group = torch.stack([seen.confidence, seen.there], dim=-1).view(B, T, C, GROUPS, 6)
        parts = (
            apart[:, :, :-1].transpose(2, 3).flatten(3),
            angle.sin(),
            angle.cos(),
            by_group.transpose(2, 3).flatten(3),
            seen.deviation.clamp_min(0.1).log().view(B, T, GROUPS, 3),
        )
        return torch.cat(parts, dim=-1)


def _filled(seen: AngleInput) -> tuple[Tensor, Tensor, Tensor]:
    """(B, T, 36) the last candidate that is there, angle by angle; all candidates with what
    they lack filled in from it; and (B, T, C, 12) which of them know anything of a group."""
    anchor = torch.zeros_like(seen.degrees[:, :, 0])
    for candidate in ANCHORS:
        there = seen.there[:, :, candidate] > 0
        anchor = torch.where(there, seen.degrees[:, :, candidate], anchor)
    degrees = torch.where(seen.there > 0, seen.degrees, anchor[:, :, None])
    known = seen.there.view(*seen.there.shape[:-1], GROUPS, 3).amax(dim=-1)
    return anchor, degrees, known


class _Body(nn.Module):
    """Embeds tokens and the frame that they are part of, and lets them attend."""

    def __init__(
        self,
        config: MainRefinerConfig,
        *,
        tokens: int,
        token_features: int,
        frame_features: int,
    ) -> None:
        super().__init__()
        width = config.d_model
        self.embed = _embedding(token_features, width)
        self.embed_frame = _embedding(frame_features, width) if frame_features else None
        self.which = nn.Parameter(0.02 * torch.randn(tokens, width))
        self.layers = nn.ModuleList(
            Layer(width, config.num_heads, mlp_ratio=config.mlp_ratio)
            for _ in range(config.num_layers)
        )
        self.nearness = Nearness(config.num_layers, config.num_heads)
        self.norm = nn.LayerNorm(width)

    def forward(self, tokens: Tensor, frame: Tensor | None, time_s: Tensor) -> Tensor:
        """(B, T, S, F) and (B, T, G) -> (B, T, S, W)."""
        x = self.embed(tokens) + self.which
        if self.embed_frame is not None:
            x = x + self.embed_frame(frame)[:, :, None]
        for layer, nearness in zip(self.layers, self.nearness(time_s), strict=True):
            x = layer(x, nearness)
        normal: Tensor = self.norm(x)
        return normal


def _embedding(features: int, width: int) -> nn.Module:
    return nn.Sequential(nn.Linear(features, 2 * width), nn.GELU(), nn.Linear(2 * width, width))


def _head(features: int, hidden: int, out: int, *, extra: int = 0) -> nn.Module:
    """An MLP that says 0 until it is trained."""
    last = nn.Linear(hidden, out)
    nn.init.zeros_(last.weight)
    nn.init.zeros_(last.bias)
    return nn.Sequential(nn.Linear(features + extra, hidden), nn.GELU(), last)
