"""The losses of the recipe, in the notation of the papers.

d is inverse depth, d* its target, both (N, h, w); the mask says where d* is known. Each gives one number per picture,
(N,), so that a picture's loss never depends on its neighbours in the batch. A picture without a known pixel, or whose
target has no depth in it, costs 0. What lies outside of the mask, NaN and infinity too, changes neither a loss nor a
gradient; a prediction that is NaN inside of it costs NaN, which the training loop must see.

All are computed in float32, whatever lower precision the network runs in, and in float64 if that is what they get.

Sources: MiDaS (Ranftl et al. 2020) for L_ssi and L_gm; Depth Anything V1 and V2 for the rest; Eigen et al. 2014 for
SiLog.
"""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor

# Beyond this many mean deviations from the median, a target is clamped: one near object must not carry the loss.
MAX_DEVIATION = 8.0
# A prediction's mean deviation is at least this, which bounds the gradient of a flat one.
MIN_DEVIATION = 1e-6
# A target that spreads by less than this share of its largest value has no depth in it, only rounding.
MIN_SPREAD = 1e-6
# Windows of L_local, in pixels; and the least mean deviation that is made up for in them, in those of the picture.
WINDOW = 32
MIN_CONTRAST = 0.05
# Metres. Nearer is taken for this near, so that 1 / d stays finite.
MIN_DEPTH = 1e-12


def precise(x: Tensor) -> Tensor:
    """In float32 at least."""
    return x.to(torch.promote_types(x.dtype, torch.float32))


def within(x: Tensor, mask: Tensor, otherwise: float = 0.0) -> Tensor:
    """`x` in the mask, a number outside. Taken before any arithmetic: after it, 0 times NaN would be a gradient."""
    return torch.where(mask, precise(x), otherwise)


def masked_mean(x: Tensor, mask: Tensor) -> Tensor:
    """(N, ...) -> (N,): mean over the mask, 0 where it is empty."""
    return within(x, mask).flatten(1).sum(1) / mask.flatten(1).sum(1).clamp(min=1)


def normalise(d: Tensor, mask: Tensor) -> Tensor:
    """d^ = (d - t) / s with t = median(d), s = mean |d - t| over the mask: free of scale and shift.

    The gradient flows through t and s. Outside the mask the result is 0. Of an even number of pixels, the median is
    the lower of the two in the middle.
    """
    x = centred(d, mask)
    s = masked_mean(x.abs(), mask)[:, None, None]
    return x / s.clamp(min=MIN_DEVIATION)


def centred(d: Tensor, mask: Tensor) -> Tensor:
    """d - median(d) over the mask; 0 outside."""
    known = within(d, mask, torch.nan).flatten(1)
    t = known.nanmedian(dim=1).values.nan_to_num()[:, None, None]
    return within(within(d, mask) - t, mask)


def scaled(target: Tensor, mask: Tensor) -> tuple[Tensor, Tensor]:
    """Each target brought to 0-1, and the mask where it counts: empty for a picture whose target is constant."""
    lowest = within(target, mask, torch.inf).flatten(1).amin(1)
    highest = within(target, mask, -torch.inf).flatten(1).amax(1)
    largest = within(target, mask).abs().flatten(1).amax(1)
    spread = highest - lowest  # -inf where nothing is known
    mask = mask & (spread > MIN_SPREAD * largest)[:, None, None]
    lowest, spread = within(lowest, spread > 0)[:, None, None], within(spread, spread > 0, 1.0)[:, None, None]
    return within((within(target, mask) - lowest) / spread, mask), mask


def normalised_target(target: Tensor, mask: Tensor) -> tuple[Tensor, Tensor]:
    """d^*, clamped, and the mask where it counts; empty for a picture whose target is constant."""
    target, mask = scaled(target, mask)
    return normalise(target, mask).clamp(-MAX_DEVIATION, MAX_DEVIATION), mask


def residual(d: Tensor, target: Tensor, mask: Tensor) -> tuple[Tensor, Tensor]:
    """R = d^ - d^* and the mask where it counts."""
    target, mask = normalised_target(target, mask)
    return normalise(d, mask) - target, mask


def ssi_loss(r: Tensor, mask: Tensor, drop: float = 0.0) -> Tensor:
    """L_ssi = mean |R|; `drop` in [0, 1) leaves out that share of each picture's known pixels, the largest ones.

    In pseudo-labels those are mostly the teacher's errors (V2: `drop` = 0.1).
    """
    loss = within(r, mask).abs()
    if drop > 0:
        ascending = within(loss.detach(), mask, torch.inf).flatten(1).sort(1).values
        known = mask.flatten(1).sum(1)
        kept = known - (drop * known).round().long()
        threshold = ascending.gather(1, (kept - 1).clamp(min=0)[:, None])[:, :, None]
        mask = mask & ~(loss.detach() > threshold)  # as `<=`, but true for NaN
    return masked_mean(loss, mask)


def gradient_matching_loss(r: Tensor, mask: Tensor, scales: int = 4) -> Tensor:
    """L_gm = sum over scales of mean(|dx R| + |dy R|), each scale every second pixel of the one before."""
    r = within(r, mask)
    total = torch.zeros_like(r[:, 0, 0])
    for k in range(scales):
        step = 2**k
        rk, mk = r[:, ::step, ::step], mask[:, ::step, ::step]
        dx, known_x = (rk[:, :, 1:] - rk[:, :, :-1]).abs(), mk[:, :, 1:] & mk[:, :, :-1]
        dy, known_y = (rk[:, 1:] - rk[:, :-1]).abs(), mk[:, 1:] & mk[:, :-1]
        known = mk.flatten(1).sum(1).clamp(min=1)
        total = total + within(dx, known_x).flatten(1).sum(1) / known
        total = total + within(dy, known_y).flatten(1).sum(1) / known
    return total


def correlation_loss(d: Tensor, target: Tensor, mask: Tensor) -> Tensor:
    """L_corr = 1 - rho |rho|, rho the correlation of d and d* where there is depth (d* > 0).

    rho^2 is the share of the target's variance that the best scale and shift explain, by least squares: the fit that
    relative depth is measured with. L_ssi fits median and mean deviation, and forgives what tilts the other: where a
    near object is wrong, all that is far comes out too near. A target is clamped, from above, to `MAX_DEVIATION` mean
    deviations from its mean. The sky does not count, as it does not where depth is measured.
    """
    target, mask = scaled(target, mask & (within(target, mask) > 0))

    def standard(x: Tensor) -> Tensor:
        """Mean 0, mean deviation 1."""
        x = within(within(x, mask) - masked_mean(x, mask)[:, None, None], mask)
        return x / masked_mean(x.abs(), mask)[:, None, None].clamp(min=MIN_DEVIATION)

    x, y = standard(d), standard(standard(target).clamp(max=MAX_DEVIATION))
    covariance = masked_mean(x * y, mask)
    variances = masked_mean(x * x, mask) * masked_mean(y * y, mask)
    loss = 1 - covariance * covariance.abs() / variances.clamp(min=MIN_DEVIATION)
    return torch.where(mask.flatten(1).any(1), loss, 0)


def local_loss(r: Tensor, target: Tensor, mask: Tensor, window: int = WINDOW) -> Tensor:
    """L_local = mean over square windows of mean |R - median R| / s*, s* = mean |d^* - median d^*| in the window.

    In a whole picture's L_ssi, a lamp post at twenty metres is next to nothing: it is few pixels, and inverse depth
    hardly differs so far away. Against what else there is in its window it is much. Windows count by their known
    pixels; s* is at least `MIN_CONTRAST`; a rest at the right and the bottom that fills no window does not count.

    Hierarchical depth normalisation (Zhang et al. 2022) has both maps normalised by window. Here the prediction keeps
    the scale that the whole picture gives it, so that what is far must have its right contrast too.

    Args:
        target: d^*, normalised.
    """
    n, window = len(r), min(window, *r.shape[-2:])
    windows = (x.unfold(1, window, window).unfold(2, window, window) for x in (r, target, mask))
    r, target, mask = (x.reshape(-1, window, window) for x in windows)
    contrast = masked_mean(centred(target, mask).abs(), mask).clamp(min=MIN_CONTRAST)
    each = masked_mean(centred(r, mask).abs(), mask) / contrast
    known = mask.flatten(1).sum(1).unflatten(0, (n, -1))
    return (each.unflatten(0, (n, -1)) * known).sum(1) / known.sum(1).clamp(min=1)


def affine_invariant_losses(
    d: Tensor, target: Tensor, mask: Tensor, drop: float = 0.0, correlation: bool = False, local: bool = False
) -> Tensor:
    """(2, N): L_ssi, without the share `drop` of the pixels, and L_gm; then L_corr and L_local, if asked for."""
    truth, counted = normalised_target(target, mask)
    r = normalise(d, counted) - truth
    losses = [ssi_loss(r, counted, drop), gradient_matching_loss(r, counted)]
    if correlation:
        losses.append(correlation_loss(d, target, mask))
    if local:
        losses.append(local_loss(r, truth, counted))
    return torch.stack(losses)


def silog_loss(depth: Tensor, target: Tensor, mask: Tensor, lam: float = 0.5) -> Tensor:
    """sqrt(mean g^2 - lam mean(g)^2) with g = log d - log d*, where d and d* are depth in metres, not its inverse.

    Sky has no logarithm: it is not for the mask. Where the prediction is exact or nothing is known, the root's slope is
    infinite and the loss has a kink; there, the gradient is 0, which is a subgradient, as of |x| at 0. Everywhere else,
    value and gradient are those of the formula.
    """
    near, far = within(depth, mask, 1.0).clamp(min=MIN_DEPTH), within(target, mask, 1.0).clamp(min=MIN_DEPTH)
    g = near.log() - far.log()
    mean = masked_mean(g, mask)
    variance = masked_mean((g - mean[:, None, None]).square(), mask)  # mean g^2 - mean(g)^2, but never below 0
    square = variance + (1 - lam) * mean.square()
    exact = square == 0
    return torch.where(exact, 0, torch.where(exact, 1, square).sqrt())


def in_regions(
    losses: Callable[[Tensor, Tensor, Tensor], Tensor], d: Tensor, target: Tensor, mask: Tensor, region: Tensor | None
) -> Tensor:
    """Losses of pictures that CutMix put together of two, each part by itself, weighted by its share of the area.

    The parts are from different places, so that no scale and shift fits both: what is normalised, dropped or
    differentiated stays within its part (V1). Without a `region`, or where it is empty, these are the plain losses.

    Args:
        losses: from (d, target, mask) to (..., N).
        region: bool (N, h, w), which part a pixel is of.
    """
    if region is None:
        return losses(d, target, mask)
    share = region.flatten(1).float().mean(1)
    return share * losses(d, target, mask & region) + (1 - share) * losses(d, target, mask & ~region)


def feature_alignment_loss(f: Tensor, frozen: Tensor, margin: float = 0.85) -> Tensor:
    """1 - mean cos(f, f') over the places where the cosine is at most `margin`; f, f' are (N, C, h, w).

    Where the features agree well enough already, they are left alone to become what depth needs.
    """
    cosine = torch.cosine_similarity(precise(f), precise(frozen), dim=1)
    return masked_mean(1 - cosine, ~(cosine > margin))
