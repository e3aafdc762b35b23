"""The losses of the recipe, in the notation of the papers.

d is inverse depth, d* its target, both (N, h, w); the mask says where d* is known. All are computed in float32,
whatever precision the network runs in, and give one number per picture, (N,), so that a picture's loss never depends
on its neighbours in the batch. A picture without a known pixel, or without any depth in it, costs 0.

Sources: MiDaS (Ranftl et al. 2020) for L_ssi and L_gm; Depth Anything V1 and V2 for the rest.
"""

from __future__ import annotations

import torch
from torch import Tensor

# Beyond this many mean deviations from the median, a target is clamped: one near object must not carry the loss.
MAX_DEVIATION = 8.0
# A map whose mean deviation is below this has no depth in it that could be scaled to 1.
MIN_DEVIATION = 1e-6


def masked_mean(x: Tensor, mask: Tensor) -> Tensor:
    """(N, ...) -> (N,): mean over the mask, 0 where it is empty."""
    mask = mask.flatten(1)
    total = torch.where(mask, x.flatten(1), 0).sum(1)
    return total / mask.sum(1).clamp(min=1)


def normalise(d: Tensor, mask: Tensor) -> Tensor:
    """d^ = (d - t) / s with t = median(d), s = mean |d - t| over the mask: free of scale and shift.

    The gradient flows through t and s. Outside the mask the result is 0.
    """
    d = d.float()
    known = torch.where(mask, d, torch.nan).flatten(1)
    t = known.nanmedian(dim=1).values.nan_to_num()[:, None, None]
    centred = torch.where(mask, d - t, 0)
    s = masked_mean(centred.abs(), mask)[:, None, None]
    return centred / s.clamp(min=MIN_DEVIATION)


def residual(d: Tensor, target: Tensor, mask: Tensor) -> tuple[Tensor, Tensor]:
    """R = d^ - d^* and the mask where it counts; empty for a picture whose target is constant."""
    known = torch.where(mask, target, 0)
    lowest = torch.where(mask, target, torch.inf).flatten(1).amin(1)
    spread = torch.where(mask, target, -torch.inf).flatten(1).amax(1) - lowest
    mask = mask & (spread > MIN_DEVIATION)[:, None, None]
    target = normalise(known, mask).clamp(-MAX_DEVIATION, MAX_DEVIATION)
    return normalise(d, mask) - target, mask


def ssi_loss(r: Tensor, mask: Tensor, drop: float = 0.0) -> Tensor:
    """L_ssi = mean |R|; `drop` in [0, 1) leaves out that share of each picture's known pixels, the largest ones.

    In pseudo-labels those are mostly the teacher's errors (V2: `drop` = 0.1).
    """
    loss = r.abs()
    if drop > 0:
        known = torch.where(mask, loss.detach(), torch.nan).flatten(1)
        threshold = torch.nanquantile(known, 1 - drop, dim=1).nan_to_num()
        mask = mask & (loss.detach() <= threshold[:, None, None])
    return masked_mean(loss, mask)


def gradient_matching_loss(r: Tensor, mask: Tensor, scales: int = 4) -> Tensor:
    """L_gm = sum over scales of mean(|dx R| + |dy R|), each scale every second pixel of the one before."""
    total = torch.zeros_like(r[:, 0, 0])
    for k in range(scales):
        step = 2**k
        rk, mk = r[:, ::step, ::step], mask[:, ::step, ::step]
        dx, known_x = (rk[:, :, 1:] - rk[:, :, :-1]).abs(), mk[:, :, 1:] & mk[:, :, :-1]
        dy, known_y = (rk[:, 1:] - rk[:, :-1]).abs(), mk[:, 1:] & mk[:, :-1]
        known = mk.flatten(1).sum(1).clamp(min=1)
        total = total + torch.where(known_x, dx, 0).flatten(1).sum(1) / known
        total = total + torch.where(known_y, dy, 0).flatten(1).sum(1) / known
    return total


def feature_alignment_loss(f: Tensor, frozen: Tensor, margin: float = 0.85) -> Tensor:
    """1 - mean cos(f, f') over the places where the cosine is at most `margin`; f, f' are (N, C, h, w).

    Where the features agree well enough already, they are left alone to become what depth needs.
    """
    cosine = torch.cosine_similarity(f.float(), frozen.float(), dim=1)
    return masked_mean(1 - cosine, cosine <= margin)
