"""DINOv2's vision transformer: the encoder of the published models.

ViT with LayerScale, patches of 14 pixels and no register tokens (Oquab et al. 2023). Parameters have the names of the
published backbones, so that their files need no table to be read.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torch.utils.checkpoint import checkpoint

PATCH = 14
GRID = 37  # patches a side, in the pictures of 518 pixels that the position embedding was trained with
MEAN = (0.485, 0.456, 0.406)
STD = (0.229, 0.224, 0.225)


@dataclass(frozen=True)
class Variant:
    """How the published backbones differ."""

    embed_dim: int
    depth: int
    num_heads: int
    swiglu: bool = False


VARIANTS = {
    "vits": Variant(384, 12, 6),
    "vitb": Variant(768, 12, 12),
    "vitl": Variant(1024, 24, 16),
    "vitg": Variant(1536, 40, 24, swiglu=True),
}


class PatchEmbed(nn.Module):
    """(N, 3, h, w) -> (N, C, h / 14, w / 14): one token for each patch."""

    def __init__(self, embed_dim: int):
        super().__init__()
        self.proj = nn.Conv2d(3, embed_dim, PATCH, stride=PATCH)

    def forward(self, x: Tensor) -> Tensor:
        return self.proj(x)


class Attention(nn.Module):
    """Multi-head self-attention. (N, T, C) -> (N, T, C)."""

    def __init__(self, embed_dim: int, num_heads: int):
        super().__init__()
        self.num_heads = num_heads
        self.qkv = nn.Linear(embed_dim, 3 * embed_dim)
        self.proj = nn.Linear(embed_dim, embed_dim)

    def forward(self, x: Tensor) -> Tensor:
        qkv = self.qkv(x).unflatten(-1, (3, self.num_heads, -1))  # (N, T, 3, heads, C / heads)
        q, k, v = qkv.permute(2, 0, 3, 1, 4).unbind(0)  # each (N, heads, T, C / heads)
        y = F.scaled_dot_product_attention(q, k, v)
        return self.proj(y.transpose(1, 2).flatten(2))  # (N, T, C)


class Mlp(nn.Module):
    """Two layers, four times as wide in between."""

    def __init__(self, embed_dim: int):
        super().__init__()
        self.fc1 = nn.Linear(embed_dim, 4 * embed_dim)
        self.fc2 = nn.Linear(4 * embed_dim, embed_dim)

    def forward(self, x: Tensor) -> Tensor:
        return self.fc2(F.gelu(self.fc1(x)))


class SwiGLU(nn.Module):
    """silu(W1 x) * (W2 x), then W3 (Shazeer 2020); W1 and W2 are one matrix.

    Two thirds as wide as the MLP, rounded up to a multiple of 8, which makes it as large.
    """

    def __init__(self, embed_dim: int):
        super().__init__()
        hidden = (4 * embed_dim * 2 // 3 + 7) // 8 * 8
        self.w12 = nn.Linear(embed_dim, 2 * hidden)
        self.w3 = nn.Linear(hidden, embed_dim)

    def forward(self, x: Tensor) -> Tensor:
        gate, value = self.w12(x).chunk(2, dim=-1)
        return self.w3(F.silu(gate) * value)


class LayerScale(nn.Module):
    """A learnt factor for each channel."""

    def __init__(self, embed_dim: int):
        super().__init__()
        self.gamma = nn.Parameter(torch.ones(embed_dim))

    def forward(self, x: Tensor) -> Tensor:
        return x * self.gamma


class Block(nn.Module):
    """Attention and MLP, each normed before and scaled after, around a residual. (N, T, C) -> (N, T, C)."""

    def __init__(self, embed_dim: int, num_heads: int, swiglu: bool):
        super().__init__()
        self.norm1 = nn.LayerNorm(embed_dim, eps=1e-6)
        self.attn = Attention(embed_dim, num_heads)
        self.ls1 = LayerScale(embed_dim)
        self.norm2 = nn.LayerNorm(embed_dim, eps=1e-6)
        self.mlp = SwiGLU(embed_dim) if swiglu else Mlp(embed_dim)
        self.ls2 = LayerScale(embed_dim)

    def forward(self, x: Tensor) -> Tensor:
        x = x + self.ls1(self.attn(self.norm1(x)))
        return x + self.ls2(self.mlp(self.norm2(x)))


def cubic_kernel(distance: Tensor) -> Tensor:
    """Keys' cubic convolution kernel with a = -0.75, the one of torch and OpenCV."""
    a, t = -0.75, distance.abs()
    near = ((a + 2) * t - (a + 3)) * t * t + 1
    far = ((t - 5) * t + 8) * t * a - 4 * a
    return torch.where(t <= 1, near, torch.where(t < 2, far, 0.0))


def cubic_weights(at: Tensor) -> Tensor:
    """(n,) fractional indices into GRID values -> (n, GRID): how much each value counts. Edges are continued."""
    weights = torch.zeros(1, GRID, device=at.device)
    for k in (-1, 0, 1, 2):
        neighbour = at.floor() + k
        column = F.one_hot(neighbour.clamp(0, GRID - 1).long(), GRID)  # (n, GRID)
        weights = weights + column * cubic_kernel(at - neighbour)[:, None]
    return weights


def interpolate_pos_embed(grid: Tensor, h: int, w: int) -> Tensor:
    """(GRID, GRID, C) position embeddings of patches -> (h, w, C), as DINOv2 does it.

    DINOv2 asks for n values by the scale (n + 0.1) / GRID, and torch takes that scale for the coordinates too; at the
    size of training it leaves the embeddings as they are. (transformers asks for the size n: its networks differ from
    the published code at every size but 518x518.) This is `F.interpolate(..., mode="bicubic")` as two matrix
    products: faster, and made of tensors only, so that an exported graph is right for every size.
    """
    rows, columns = (torch.arange(n, device=grid.device) for n in (h, w))
    trained = (rows[-1] == GRID - 1) & (columns[-1] == GRID - 1)
    offset = torch.where(trained, 0.0, 0.1)
    y, x = (cubic_weights((i + 0.5) * (GRID / (i[-1] + 1 + offset)) - 0.5) for i in (rows, columns))
    along_y = (y @ grid.float().flatten(1)).unflatten(1, (GRID, -1))  # (h, GRID, C)
    return x @ along_y  # (h, w, C)


class DINOv2(nn.Module):
    """(N, 3, h, w) normalised picture, h and w multiples of 14 -> feature maps (N, C, h / 14, w / 14), one per layer.

    Args:
        embed_dim: C.
        depth: number of layers.
        num_heads: of each layer's attention.
        taps: layers whose features `forward` gives if not told otherwise, counted from 0.
        swiglu: SwiGLU in place of the MLP, as in ViT-g.

    Set `checkpointing` to trade time for memory in training: each layer's activations are then computed again for its
    gradient.
    """

    def __init__(self, embed_dim: int, depth: int, num_heads: int, taps: Sequence[int], swiglu: bool = False):
        super().__init__()
        self.taps = tuple(taps)
        self.checkpointing = False
        self.patch_embed = PatchEmbed(embed_dim)
        self.cls_token = nn.Parameter(torch.zeros(1, 1, embed_dim))
        self.pos_embed = nn.Parameter(torch.zeros(1, 1 + GRID * GRID, embed_dim))
        self.blocks = nn.ModuleList(Block(embed_dim, num_heads, swiglu) for _ in range(depth))
        self.norm = nn.LayerNorm(embed_dim, eps=1e-6)
        nn.init.trunc_normal_(self.pos_embed, std=0.02)

    def forward(self, x: Tensor, layers: Sequence[int] | None = None) -> list[Tensor]:
        """The features after `layers` (default: `taps`), each through the final norm and without the class token.

        Raises:
            ValueError: the sides are not multiples of 14, or there is no such layer.
        """
        layers = self.taps if layers is None else layers
        if not set(layers) <= set(range(len(self.blocks))):
            raise ValueError(f"layers {list(layers)} of an encoder that has {len(self.blocks)}, counted from 0")
        if x.shape[-2] % PATCH or x.shape[-1] % PATCH:
            raise ValueError(f"pictures of {x.shape[-2]}x{x.shape[-1]}: both sides must be multiples of {PATCH}")
        x = self.patch_embed(x)
        h, w = x.shape[-2:]
        # In the precision of the weights: under autocast, the residual path stays in float32.
        pos_embed = interpolate_pos_embed(self.pos_embed[0, 1:].unflatten(0, (GRID, GRID)), h, w)
        patches = x.permute(0, 2, 3, 1) + pos_embed.to(self.pos_embed.dtype)  # (N, h, w, C)
        cls_token = (self.cls_token + self.pos_embed[:, :1]).expand(x.shape[0], -1, -1)
        x = torch.cat((cls_token, patches.flatten(1, 2)), dim=1)  # (N, 1 + h w, C)

        features = {}
        for i, block in enumerate(self.blocks[: max(layers) + 1]):
            if self.checkpointing and torch.is_grad_enabled():
                x = checkpoint(block, x, use_reentrant=False)
            else:
                x = block(x)
            if i in layers:
                features[i] = self.norm(x[:, 1:]).unflatten(1, (h, w)).permute(0, 3, 1, 2)  # (N, C, h, w)
        return [features[i] for i in layers]
