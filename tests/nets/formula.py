"""Weights and inputs made by a formula, for which the outputs of the published Depth Anything V2 code are known.

`golden.npz` holds every `STRIDE`-th row and column of some of these outputs (fp32, CPU). An entry `small/140x294` is
what the network `small` gives for `picture_tensor(140, 294)`. `benchmarks/golden.py` wrote the file, and checks against
the whole of them.
"""

import zlib
from collections.abc import Mapping
from math import prod

import numpy as np
import torch
from torch import Tensor

from fathom.nets import DepthNet, build
from fathom.zoo.layouts import to_fathom, to_official

STRIDE = 2
# Network of an entry: architecture, max_depth.
NETWORKS = {
    "small": ("vits", None),
    "small-indoor": ("vits", 20.0),
    "base": ("vitb", None),
    "large": ("vitl", None),
    "giant": ("vitg", None),
}


def uniform(name: str, n: int) -> np.ndarray:
    """n numbers in [-1, 1) that belong to a name: splitmix64 of (crc32(name) << 32) + index, as float64."""
    z = (np.uint64(zlib.crc32(name.encode())) << np.uint64(32)) + np.arange(n, dtype=np.uint64)
    z += np.uint64(0x9E3779B97F4A7C15)
    z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    z ^= z >> np.uint64(31)
    return (z >> np.uint64(11)).astype(np.float64) * 2.0**-52 - 1.0


def weights(like: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """Tensors of the names and shapes of an official state dict, filled by the formula."""
    filled = {}
    for name, tensor in like.items():
        n = prod(tensor.shape)
        u = uniform(name, n).reshape(tensor.shape)
        if name.endswith(("pos_embed", "cls_token", "mask_token")):
            u *= 0.5
        elif u.ndim >= 2:
            u *= (3 / (n / u.shape[0])) ** 0.5
        elif name.endswith("gamma"):
            u = 0.3 + 0.1 * u
        elif name.endswith("weight"):  # norms
            u = 1 + 0.1 * u
        else:
            u *= 0.1
        filled[name] = torch.from_numpy(u.astype(np.float32))
    return filled


def golden_net(network: str) -> DepthNet:
    """One of NETWORKS with the formula's weights, which it reads through the official layout."""
    architecture, max_depth = NETWORKS[network]
    with torch.device("meta"):  # names and shapes only
        net = build(architecture, max_depth)
    official = weights(to_official(net.state_dict()))
    net.load_state_dict(to_fathom(official), assign=True)
    return net.eval()


def picture_tensor(h: int, w: int) -> Tensor:
    """(1, 3, h, w): stands for a normalised picture."""
    return torch.from_numpy((2 * uniform(f"input{h}x{w}", 3 * h * w)).astype(np.float32).reshape(1, 3, h, w))
