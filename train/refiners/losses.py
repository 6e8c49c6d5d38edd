"""What the losses and the errors of both networks that refine angles have in common."""

import torch
from torch import Tensor

from humanpose.confidence import BAND

HELD = 0.9
"""Share of the truth that the band is to hold."""
MIN_SD_DEG = 4.0
"""An angle whose truth varies less is not judged."""
_STEEP = 0.15
"""An angle counts at least so much near its joint's gimbal, where it says little."""


def mean(values: Tensor, weight: Tensor, dim: int | tuple[int, ...] = ()) -> Tensor:
    """Weighted, over ``dim``, which is kept, or over everything; 0 where nothing counts.

    Args:
        values, weight: of the same shape, or one that is broadcast; values finite.
    """
    keep = dim != ()
    total = weight.sum(dim=dim, keepdim=keep).clamp_min(1e-6)
    return (values * weight).sum(dim=dim, keepdim=keep) / total


def about_mean(values: Tensor, judged: Tensor) -> Tensor:
    """(B, T, 36) minus its mean in the window, over what is judged."""
    return values - mean(values, judged, dim=1)


def clearness(truth: Tensor) -> Tensor:
    """(B, T, 36) how much an angle says of its joint: near the gimbal the first and third say
    little by themselves. Of the true angles (B, T, 36), deg."""
    middle = torch.deg2rad(truth.view(*truth.shape[:-1], -1, 3)[..., 1:2])
    clear = middle.cos().abs().clamp_min(_STEEP)
    return torch.cat([clear, torch.ones_like(clear), clear], dim=-1).flatten(-2)


def common_terms(
    off: Tensor, truth: Tensor, judged: Tensor, *, turns: Tensor, deviation: Tensor
) -> dict[str, Tensor]:
    """How far angles are off, in all and about their mean in a window, rad, how large the
    corrections are, and whether the bands hold what they should.

    Args:
        off: (B, T, 36) errors, rad.
        truth: (B, T, 36) deg.
        judged: (B, T, 36) 1 where the truth is known, else 0.
        turns: (B, T, 12, 3) the network's corrections.
        deviation: (B, T, 36) standard deviation as the network states it, deg.
    """
    weight = judged * clearness(truth)
    # least where the band holds HELD of the errors (Koenker and Bassett 1978)
    beyond = off.detach().abs() - torch.deg2rad(BAND * deviation)
    return {
        "absolute": mean(off.abs(), weight),
        "movement": mean(about_mean(off, judged).abs(), weight),
        "size": turns.square().mean(),
        "band": mean(torch.maximum(HELD * beyond, (HELD - 1) * beyond), judged),
    }


def add_up(
    terms: dict[str, Tensor], weights: dict[str, float]
) -> tuple[Tensor, dict[str, Tensor]]:
    """The loss, and its terms for the log."""
    loss = torch.stack([weights[name] * term for name, term in terms.items()]).sum()
    return loss, {name: term.detach() for name, term in terms.items()}


def spread_deg(truth: Tensor, judged: Tensor) -> Tensor:
    """(36,) how much each angle's truth (B, T, 36), deg, varies within windows, standard
    deviation, deg."""
    return mean(about_mean(truth, judged).square(), judged, dim=(0, 1)).sqrt().flatten()


def errors_by_angle(off: Tensor, judged: Tensor) -> tuple[Tensor, Tensor]:
    """(36,) deg mean errors, absolute and after one constant per window and angle.

    Args:
        off: (B, T, 36) errors, rad.
        judged: (B, T, 36) 1 where the truth is known, else 0.
    """
    off = torch.rad2deg(off)
    absolute, free = (
        mean(error.abs(), judged, dim=(0, 1)).flatten()
        for error in (off, about_mean(off, judged))
    )
    return absolute, free


def mean_errors_deg(off: Tensor, truth: Tensor, judged: Tensor) -> tuple[float, float]:
    """``errors_by_angle``, over the angles that vary by ``MIN_SD_DEG``."""
    varies = spread_deg(truth, judged) >= MIN_SD_DEG
    absolute, free = (float(e[varies].mean()) for e in errors_by_angle(off, judged))
    return absolute, free


def band_ratios(off: Tensor, deviation: Tensor, judged: Tensor, *, least: int) -> Tensor:
    """(36,) what to multiply the deviations by, so that each band holds ``HELD`` of the truth.

    An angle that is judged in no more than ``least`` frames gets the ratio of all together.

    Args:
        off: (..., 36) errors, rad.
        deviation: (..., 36) as it is stated, deg.
        judged: (..., 36) 1 where the truth is known, else 0.
    """
    known = judged.flatten(0, -2) > 0
    ratio = torch.rad2deg(off).abs().flatten(0, -2) / (BAND * deviation.flatten(0, -2))
    overall = ratio[known].quantile(HELD) if known.any() else torch.ones(())
    columns = zip(ratio.T, known.T, strict=True)
    return torch.stack(
        [r[k].quantile(HELD) if k.sum() > least else overall for r, k in columns]
    )
