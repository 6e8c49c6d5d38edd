"""The POF network: part orientation fields, 14 limb directions in 3-D from 2-D keypoints.

After MonocularTotalCapture's part orientation fields (Xiang, Joo and Sheikh 2019), over time:
every limb of every frame is a token; attention runs among the limbs of a frame, then along
each limb's own time.
"""

from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from humanpose.nets.attention import Layer, Nearness, require_heads

LEAST_LOG_CONCENTRATION, MOST_LOG_CONCENTRATION = -3.0, 8.0


@dataclass(frozen=True)
class PofConfig:
    """The network's size. The limbs are pairs of keypoint indices, parent first."""

    limbs: tuple[tuple[int, int], ...]
    keypoints: int = 17
    d_model: int = 128
    num_layers: int = 6
    num_heads: int = 8
    mlp_ratio: int = 2
    frame_features: int = 7
    """Numbers that say how the person's frame is seen as a whole."""

    def __post_init__(self) -> None:
        require_heads(self.d_model, self.num_heads)


@dataclass(frozen=True)
class PofOutput:
    """B windows, T frames, L limbs."""

    directions: Tensor
    """(B, T, L, 3) unit vectors."""
    log_concentration: Tensor
    """(B, T, L) log kappa of a von Mises-Fisher distribution about them."""
    up: Tensor
    """(B, T, 3) unit vectors against gravity."""
    up_log_concentration: Tensor
    """(B, T)."""


class Pof(nn.Module):
    """Limb orientations of a window of frames; a single frame is a window of one."""

    starts: Tensor
    ends: Tensor

    def __init__(self, config: PofConfig) -> None:
        super().__init__()
        self.config = config
        limbs, width = len(config.limbs), config.d_model
        starts, ends = torch.tensor(config.limbs).unbind(dim=1)
        self.register_buffer("starts", starts, persistent=False)
        self.register_buffer("ends", ends, persistent=False)
        whole = 4 * config.keypoints + config.frame_features
        self.embed_whole = nn.Sequential(
            nn.Linear(whole, 2 * width), nn.GELU(), nn.Linear(2 * width, width)
        )
        self.embed_limb = nn.Linear(_LIMB_FEATURES, width)
        self.which = nn.Parameter(0.02 * torch.randn(limbs + 1, width))
        self.layers = nn.ModuleList(
            Layer(width, config.num_heads, mlp_ratio=config.mlp_ratio)
            for _ in range(config.num_layers)
        )
        self.nearness = Nearness(config.num_layers, config.num_heads)
        self.norm = nn.LayerNorm(width)
        self.heads = Heads(limbs + 1, width)

    def forward(self, points: Tensor, frame: Tensor, time_s: Tensor) -> PofOutput:
        """Orientations in the frame of the camera that looks straight at the person.

        Args:
            points: (B, T, K, 4) x and y from the person's middle in body sizes, visibility,
                and 1 where the keypoint is there, else all 0.
            frame: (B, T, F) about the whole person, see ``humanpose.pof.limb_view``.
            time_s: (T,) of the frames, the same in every window.
        """
        whole = self.embed_whole(torch.cat([points.flatten(2), frame], dim=-1))
        limbs = self.embed_limb(self._limb_features(points))  # (B, T, L, W)
        tokens = torch.cat([limbs, torch.zeros_like(limbs[:, :, :1])], dim=2)
        x = tokens + whole[:, :, None] + self.which  # (B, T, L + 1, W)
        for layer, nearness in zip(self.layers, self.nearness(time_s), strict=True):
            x = layer(x, nearness)
        out = self.heads(self.norm(x)).float()  # (B, T, L + 1, 4)
        unit = F.normalize(out[..., :3], dim=-1, eps=1e-6)
        spread = out[..., 3].clamp(LEAST_LOG_CONCENTRATION, MOST_LOG_CONCENTRATION)
        return PofOutput(unit[:, :, :-1], spread[..., :-1], unit[:, :, -1], spread[..., -1])

    def _limb_features(self, points: Tensor) -> Tensor:
        """(B, T, L, 12) where a limb starts and ends, and how long it looks."""
        start, end = points[:, :, self.starts], points[:, :, self.ends]
        there = start[..., 3:] * end[..., 3:]
        along = (end[..., :2] - start[..., :2]) * there
        length = along.norm(dim=-1, keepdim=True)
        return torch.cat([start, end, along, length, there], dim=-1)


_LIMB_FEATURES = 12


class Heads(nn.Module):
    """One MLP per limb, and one for gravity: a vector and a log concentration each."""

    def __init__(self, tokens: int, width: int) -> None:
        super().__init__()
        self.hidden = nn.Parameter(torch.randn(tokens, width, width) * width**-0.5)
        self.hidden_bias = nn.Parameter(torch.zeros(tokens, 1, width))
        self.out = nn.Parameter(torch.randn(tokens, width, 4) * width**-0.5)

    def forward(self, x: Tensor) -> Tensor:
        """(B, T, S, W) -> (B, T, S, 4)."""
        B, T, S, W = x.shape
        by_token = x.permute(2, 0, 1, 3).reshape(S, B * T, W)
        hidden = F.gelu(torch.bmm(by_token, self.hidden) + self.hidden_bias)
        return torch.bmm(hidden, self.out).view(S, B, T, 4).permute(1, 2, 0, 3)
