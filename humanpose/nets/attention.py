"""Attention among the parts of a body and over time, which the networks share."""

import math

import torch
from torch import Tensor, nn


def require_heads(d_model: int, num_heads: int) -> None:
    """Raise ValueError unless the width can be shared out among the heads."""
    if d_model % num_heads:
        raise ValueError(
            f"d_model must be a multiple of num_heads, got {d_model} and {num_heads}"
        )


class Layer(nn.Module):
    """Attention among limbs, attention over time, and an MLP; each adds to its input.

    A limb here is any part of the body that has a token of its own in every frame.
    """

    def __init__(self, width: int, heads: int, *, mlp_ratio: int) -> None:
        super().__init__()
        hidden = mlp_ratio * width
        self.among_limbs = Attention(width, heads)
        self.over_time = Attention(width, heads)
        self.mlp = nn.Sequential(
            nn.LayerNorm(width), nn.Linear(width, hidden), nn.GELU(), nn.Linear(hidden, width)
        )

    def forward(self, x: Tensor, nearness: Tensor, kinship: Tensor | None = None) -> Tensor:
        """(B, T, L, W) -> (B, T, L, W); ``nearness`` (H, T, T) biases attention in time, and
        ``kinship`` (H, L, L) that among limbs."""
        B, T, L, W = x.shape
        x = x + self.among_limbs(x.reshape(B * T, L, W), kinship).view(B, T, L, W)
        along = self.over_time(x.transpose(1, 2).reshape(B * L, T, W), nearness)
        x = x + along.view(B, L, T, W).transpose(1, 2)
        return x + self.mlp(x)


class Attention(nn.Module):
    """Multi-head self-attention of a normalised input.

    Written out, since PyTorch's fused kernels are two to six times slower on a CPU for
    sequences as short as these.
    """

    def __init__(self, width: int, heads: int) -> None:
        super().__init__()
        self.heads = heads
        self.norm = nn.LayerNorm(width)
        self.qkv = nn.Linear(width, 3 * width)
        self.out = nn.Linear(width, width)

    def forward(self, x: Tensor, bias: Tensor | None = None) -> Tensor:
        """(N, S, W) -> (N, S, W), with a bias (H, S, S) on the attention's logits."""
        N, S, W = x.shape
        heads, width = self.heads, W // self.heads
        qkv = self.qkv(self.norm(x)).view(N, S, 3, heads, width)
        q, k, v = qkv.permute(2, 0, 3, 1, 4).reshape(3, N * heads, S, width)
        start = q.new_zeros(1, 1, 1) if bias is None else bias.to(q.dtype).repeat(N, 1, 1)
        logits = torch.baddbmm(start, q, k.transpose(1, 2), alpha=width**-0.5)
        mixed = torch.bmm(_softmax(logits).to(v.dtype), v).view(N, heads, S, width)
        return self.out(mixed.transpose(1, 2).reshape(N, S, W))


_VECTOR = 16
"""Shorter rows PyTorch's softmax takes number by number on a CPU, seven times as slowly."""


def _softmax(logits: Tensor) -> Tensor:
    """Over the last axis."""
    if not logits.is_cpu or logits.shape[-1] >= _VECTOR:
        return logits.softmax(dim=-1)
    weights = (logits - logits.amax(dim=-1, keepdim=True)).exp()
    return weights / weights.sum(dim=-1, keepdim=True)


class Nearness(nn.Module):
    """What two moments mean to each other by the time between them, in seconds.

    So the frame rate is known to the network, and may be any.
    """

    def __init__(self, layers: int, heads: int) -> None:
        super().__init__()
        self.layers, self.heads = layers, heads
        self.mix = nn.Sequential(
            nn.Linear(2 * _PERIODS + 1, 32), nn.GELU(), nn.Linear(32, layers * heads)
        )

    def forward(self, time_s: Tensor) -> Tensor:
        """(T,) s -> (layers, H, T, T)."""
        apart = time_s[None, :] - time_s[:, None]
        periods = torch.logspace(math.log10(_SHORTEST_S), math.log10(_LONGEST_S), _PERIODS)
        angle = 2 * torch.pi * apart[..., None] / periods.to(time_s)
        seen = torch.cat([angle.cos(), angle.sin(), apart.abs()[..., None]], dim=-1)
        bias = self.mix(seen).view(*apart.shape, self.layers, self.heads)
        return bias.permute(2, 3, 0, 1)


_SHORTEST_S, _LONGEST_S, _PERIODS = 0.15, 10.0, 8
