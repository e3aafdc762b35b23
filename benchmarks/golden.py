"""fathom's networks against outputs of the published Depth Anything V2 code, on weights made by a formula.

    python benchmarks/golden.py REFERENCE_NPZ [--only small,base] [--extract OUT_NPZ]

The file's entries are `NETWORK/HxW`, the output for the tensor `picture_tensor(H, W)`, and
`NETWORK/picture/HxW/sizeS`, the whole way from a picture of that size to its map; see `tests/nets/formula.py`.
`giant` needs 7 GB of memory. Ends with 1 if a limit is passed.
"""

import argparse
import sys
import time
from pathlib import Path

import numpy as np
import torch

sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "nets"))
from formula import NETWORKS, STRIDE, golden_net, picture_tensor

from fathom.enlarge import enlarge
from fathom.nets import DepthNet
from fathom.predict import network_size, prepare
from fathom.zoo.records import INPUTS

TENSOR_LIMIT, PICTURE_LIMIT = 5e-5, 2e-4  # largest error as a share of the reference's range
EXTRACT = ("small/140x294", "small-indoor/266x140", "base/266x140")


def picture(h: int, w: int) -> np.ndarray:
    """(h, w, 3) uint8, in the order blue, green, red."""
    y, x = np.mgrid[:h, :w]
    channels = [127.5 + 127.5 * np.sin(x / (7 + 3 * k) + y / (11 + 2 * k) + k) for k in range(3)]
    return np.stack(channels, -1).round().astype(np.uint8)


def through_picture_path(net: DepthNet, bgr: np.ndarray, size: int) -> np.ndarray:
    """The way of `fathom depth` from a picture to its map, with the network in torch. (h, w)."""
    rgb = np.ascontiguousarray(bgr[..., ::-1])
    wanted = INPUTS["vits"]
    x = prepare(rgb, network_size(*rgb.shape[:2], size, wanted.multiple), wanted)
    return enlarge(net(torch.from_numpy(x)[None])[0].numpy(), *rgb.shape[:2])


def output(net: DepthNet, entry: str) -> np.ndarray:
    """What fathom gives for an entry of the file."""
    kind, *rest = entry.split("/")[1:]
    with torch.inference_mode():
        if kind != "picture":
            h, w = map(int, kind.split("x"))
            return net(picture_tensor(h, w))[0].numpy()
        h, w = map(int, rest[0].split("x"))
        return through_picture_path(net, picture(h, w), int(rest[1].removeprefix("size")))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("reference", type=Path)
    parser.add_argument("--only", default=",".join(NETWORKS), help="networks, separated by commas")
    parser.add_argument("--extract", type=Path, help="write what the tests compare with here, and stop")
    args = parser.parse_args()
    reference = np.load(args.reference)
    if args.extract:
        np.savez_compressed(args.extract, **{entry: reference[entry][::STRIDE, ::STRIDE] for entry in EXTRACT})
        return 0

    failed = 0
    print(f"{'entry':42} {'max error':>10} {'limit':>8} {'seconds':>8}   (errors as shares of the reference's range)")
    for network in args.only.split(","):
        net = golden_net(network)
        for entry in (name for name in reference if name.split("/")[0] == network):
            began = time.perf_counter()
            ours, theirs = output(net, entry), reference[entry]
            seconds = time.perf_counter() - began
            error = np.abs(ours - theirs).max() / np.ptp(theirs)
            limit = PICTURE_LIMIT if "/picture/" in entry else TENSOR_LIMIT
            failed += not error <= limit
            print(f"{entry:42} {error:10.1e} {limit:8.0e} {seconds:8.2f}   {'' if error <= limit else 'TOO LARGE'}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
