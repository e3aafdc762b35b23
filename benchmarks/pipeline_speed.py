"""From a JPEG file to a map of float32 at the picture's own size: fathom beside what people use today.

    python benchmarks/pipeline_speed.py [--rounds 5] [--size 518] [--photo FILE]

The three run in turn in one process, on the same weights (random ones: speed does not depend on them): the way of the
published code in float32 PyTorch, the depth-estimation pipeline of transformers in float32, and `fathom.load`, in
float32 and in the precision it takes by itself. Maps are compared with fathom's float32 one. What is timed is the
second picture on: loading and compiling are apart (see `fathom speed`).
"""

from __future__ import annotations

import argparse
import os
import statistics
import tempfile
import time
import warnings
from pathlib import Path

import cv2
import numpy as np
import torch
import torch.nn.functional as F
from machine import processor
from torch import Tensor

import fathom
from fathom.bench.speed.peer import network
from fathom.nets import DepthNet, build
from fathom.nets.dinov2 import MEAN, STD, Attention
from fathom.nets.dpt import FeatureFusion, resize
from fathom.zoo.layouts import to_official

SIZE = (2048, 1362)  # width, height of the photo, unless one is given


class PublishedAttention(Attention):
    """As the published code computes it where xformers is not installed."""

    def forward(self, x: Tensor) -> Tensor:
        n, t, c = x.shape
        q, k, v = self.qkv(x).reshape(n, t, 3, self.num_heads, c // self.num_heads).permute(2, 0, 3, 1, 4)
        weights = (q * (c // self.num_heads) ** -0.5 @ k.transpose(-2, -1)).softmax(dim=-1)
        return self.proj((weights @ v).transpose(1, 2).reshape(n, t, c))


class PublishedFusion(FeatureFusion):
    """Enlarges before its 1x1 convolution, as the published code does."""

    def forward(self, below: Tensor | None, level: Tensor, size: tuple[int, int]) -> Tensor:
        x = level if below is None or self.skip is None else below + self.skip(level)
        return self.out(resize(self.refine(x), size))


def published_style(net: DepthNet) -> DepthNet:
    for module in net.modules():
        if isinstance(module, Attention):
            module.__class__ = PublishedAttention
        elif isinstance(module, FeatureFusion):
            module.__class__ = PublishedFusion
    return net


def published_way(net: DepthNet, path: Path, size: int) -> np.ndarray:
    """`infer_image` of the published code."""
    picture = cv2.imread(str(path))
    height, width = picture.shape[:2]
    scale = size / min(height, width)
    h, w = (max(round(scale * side / 14) * 14, size) for side in (height, width))
    rgb = cv2.resize(cv2.cvtColor(picture, cv2.COLOR_BGR2RGB) / 255.0, (w, h), interpolation=cv2.INTER_CUBIC)
    x = torch.from_numpy(((rgb - MEAN) / STD).astype(np.float32)).permute(2, 0, 1)[None]
    with torch.no_grad():
        y = F.interpolate(net(x)[:, None], (height, width), mode="bilinear", align_corners=True)
    return y[0, 0].numpy()


def transformers_pipeline(net: DepthNet, size: int):
    """Their pipeline on the same weights."""
    import transformers

    # The same resizing without torchvision has another name in later versions.
    kind = getattr(transformers, "DPTImageProcessorPil", transformers.DPTImageProcessor)
    sides = {"height": size, "width": size}
    processor = kind(size=sides, keep_aspect_ratio=True, ensure_multiple_of=14, resample=3)
    model = network(net, "vits")
    return transformers.pipeline("depth-estimation", model=model, image_processor=processor, device="cpu")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--size", type=int, default=518)
    parser.add_argument("--photo", type=Path)
    args = parser.parse_args()
    warnings.simplefilter("ignore")
    folder = Path(tempfile.mkdtemp())
    photo = args.photo
    if photo is None:
        photo = folder / "photo.jpg"
        source = cv2.imread(str(Path(__file__).parents[1] / "docs" / "photos" / "coffee.jpg"))
        cv2.imwrite(str(photo), cv2.resize(source, SIZE, interpolation=cv2.INTER_CUBIC))
    torch.manual_seed(0)
    net = build("vits").eval()
    torch.save(to_official(net.state_dict()), folder / "vits.pth")

    def load(**options) -> fathom.Model:
        return fathom.load("small", weights=folder / "vits.pth", device="cpu", size=args.size, **options)

    full, own, theirs = load(precision="float32"), load(), transformers_pipeline(net, args.size)
    reference = published_style(net)
    ways = {
        "published code's way, torch float32": lambda: published_way(reference, photo, args.size),
        "transformers pipeline, float32": lambda: theirs(str(photo))["predicted_depth"].numpy(),
        f"fathom, {full.runtime.about}": lambda: full(photo).values,
        f"fathom, {own.runtime.about}": lambda: own(photo).values,
    }
    wanted = full(photo).values
    off = {name: np.abs(way() - wanted) / np.ptp(wanted) for name, way in ways.items()}  # the first run warms up
    seconds: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(args.rounds):
        for name, way in ways.items():
            began = time.perf_counter()
            way()
            seconds[name].append(time.perf_counter() - began)
    medians = {name: statistics.median(times) for name, times in seconds.items()}
    print(f"{processor()}, {len(os.sched_getaffinity(0))} cores, {time.strftime('%Y-%m-%d')}\n")
    first, second, *_ = medians.values()
    print("| way | median s | fastest s | x published | x transformers | off: mean | off: most |")
    print("|---|---|---|---|---|---|---|")
    for name, s in medians.items():
        error = off[name]
        print(
            f"| {name} | {s:.2f} | {min(seconds[name]):.2f} | {first / s:.1f} | {second / s:.1f} "
            f"| {error.mean():.1e} | {error.max():.1e} |"
        )


if __name__ == "__main__":
    main()
