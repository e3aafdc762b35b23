"""What models exist: one record per set of weights, and how each architecture wants its pictures."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import Any

from fathom.depth import Kind
from fathom.errors import UsageError


@dataclass(frozen=True)
class File:
    """A published file: where it is, and what it must be."""

    repo: str  # on the Hugging Face hub, "spaces/" before that of a Space; or the address of a folder elsewhere
    name: str
    sha256: str | None = None  # None: what the hub declares for it has to do
    bytes: int | None = None

    @property
    def on_hub(self) -> bool:
        return "://" not in self.repo

    @property
    def url(self) -> str:
        """Its address; on the hub, or the mirror of it that $HF_ENDPOINT names.

        Raises:
            UsageError: $HF_ENDPOINT is no address.
        """
        if not self.on_hub:
            return f"{self.repo}/{self.name}"
        endpoint = (os.environ.get("HF_ENDPOINT") or "https://huggingface.co").rstrip("/")
        if not endpoint.startswith(("https://", "http://")):
            raise UsageError(f"HF_ENDPOINT is {endpoint!r} in the environment; an address begins with https://")
        return f"{endpoint}/{self.repo}/resolve/main/{self.name}"


@dataclass(frozen=True)
class Score:
    """Zero-shot, after a fit of scale and shift in inverse depth."""

    absrel: float
    delta1: float


@dataclass(frozen=True)
class Published:
    """What the papers say of a model."""

    nyu: Score
    kitti: Score
    da2k: float | None = None  # % of pairs in the right order


@dataclass(frozen=True)
class Record:
    """One set of weights that has a name."""

    name: str
    architecture: str  # one of INPUTS, and of `fathom.nets.ARCHITECTURES`
    kind: Kind
    parameters: int
    licence: str
    about: str  # one line for a person choosing
    bundled: str | None = None  # the files' stem in zoo/bundled, for weights that come with the package
    size: int | None = None  # shorter side of the network's input; bundled weights have a card that says it
    max_depth: float | None = None  # metres; metric weights only
    file: File | None = None  # None if bundled, or never released
    ancestry: str = ""  # what it descends from, where that puts its licence in doubt
    published: Published | None = None

    @property
    def commercial(self) -> bool:
        """Whether commercial use is free beyond doubt."""
        return self.licence == "Apache-2.0" and not self.ancestry


_NC = "CC-BY-NC-4.0"


def _vit(name: str, architecture: str, about: str, licence: str = "Apache-2.0", **more: Any) -> Record:
    """Weights for a ViT of a published size. Parameters are those of fathom's networks: without what has no part in
    the output, a tenth of a million fewer than the papers count in the smallest."""
    parameters = {"vits": 24_710_849, "vitb": 97_174_849, "vitl": 334_134_465, "vitg": 1_255_475_713}
    encoder = architecture.removesuffix("-v1")
    kind: Kind = "metric" if "max_depth" in more else "relative"
    return Record(name, architecture, kind, parameters[encoder], licence, about, size=518, **more)


def _v2(repo: str, name: str, sha256: str, bytes: int) -> File:
    return File(f"depth-anything/Depth-Anything-V2-{repo}", f"depth_anything_v2_{name}.pth", sha256, bytes)


def _v1(name: str, sha256: str | None = None, bytes: int | None = None) -> File:
    return File("spaces/LiheYoung/Depth-Anything", f"checkpoints/depth_anything_{name}.pth", sha256, bytes)


_INDOOR: dict[str, Any] = {"about": "rooms, in metres: trained on Hypersim's rendered interiors", "max_depth": 20.0}
_OUTDOOR: dict[str, Any] = {
    "about": "streets, in metres: trained on Virtual KITTI's rendered drives",
    "max_depth": 80.0,
}
_V1 = "Depth Anything V1: coarser than V2, its licence free in all sizes"

RECORDS: dict[str, Record] = {
    record.name: record
    for record in [
        Record(
            "nano",
            architecture="lite2",
            kind="relative",
            parameters=5_200_777,
            licence="Apache-2.0",
            about="small and fast, trained by fathom itself; runs without torch",
            bundled="nano",
        ),
        _vit(
            "small",
            "vits",
            "Depth Anything V2, the one size of it that is free for commercial use",
            file=_v2("Small", "vits", "715fade13be8f229f8a70cc02066f656f2423a59effd0579197bbf57860e1378", 99_218_434),
            published=Published(nyu=Score(0.053, 0.973), kitti=Score(0.078, 0.936), da2k=95.3),
        ),
        _vit(
            "base",
            "vitb",
            "Depth Anything V2, finer than small at four times its parameters",
            licence=_NC,
            file=_v2("Base", "vitb", "0d2b7002e62d39d655571c371333340bd88f67ab95050c03591555aa05645328", 389_961_218),
            published=Published(nyu=Score(0.049, 0.976), kitti=Score(0.078, 0.939), da2k=97.0),
        ),
        _vit(
            "large",
            "vitl",
            "Depth Anything V2, the finest that was released",
            licence=_NC,
            file=_v2(
                "Large", "vitl", "a7ea19fa0ed99244e67b624c72b8580b7e9553043245905be58796a608eb9345", 1_341_395_338
            ),
            published=Published(nyu=Score(0.045, 0.979), kitti=Score(0.074, 0.946), da2k=97.1),
        ),
        _vit(
            "giant",
            "vitg",
            "Depth Anything V2, the teacher of the others; its weights were never released",
            licence=_NC,
            published=Published(nyu=Score(0.044, 0.979), kitti=Score(0.075, 0.948), da2k=97.4),
        ),
        _vit(
            "small-indoor",
            "vits",
            **_INDOOR,
            file=_v2(
                "Metric-Hypersim-Small",
                "metric_hypersim_vits",
                "b782898d8a3e8be1f639de33837ed85e9b4b73e40f8f5e5cd99067588d722545",
                99_222_290,
            ),
        ),
        _vit(
            "base-indoor",
            "vitb",
            **_INDOOR,
            file=_v2(
                "Metric-Hypersim-Base",
                "metric_hypersim_vitb",
                "9dc9e274c5eff55c6daf27b660c0ced0eca4e8593a6da90cdcb04d2b4d3f3fa2",
                389_965_138,
            ),
            ancestry=f"descends from base, which is {_NC}",
        ),
        _vit(
            "large-indoor",
            "vitl",
            **_INDOOR,
            file=_v2(
                "Metric-Hypersim-Large",
                "metric_hypersim_vitl",
                "6f82ff2bc543ac02ddff4aa31fa363676a8305dd3ccf04e80e2af115a044cb6d",
                1_341_401_882,
            ),
            ancestry=f"descends from large, which is {_NC}",
        ),
        _vit(
            "small-outdoor",
            "vits",
            **_OUTDOOR,
            file=_v2(
                "Metric-VKITTI-Small",
                "metric_vkitti_vits",
                "9203e538d35255c90dda4b7fedb47ff33fe725497bcca3b1e53b3a65ee63f0cb",
                99_221_808,
            ),
        ),
        _vit(
            "base-outdoor",
            "vitb",
            **_OUTDOOR,
            file=_v2(
                "Metric-VKITTI-Base",
                "metric_vkitti_vitb",
                "4dad67a7cc10b462bca48e6b8569c762b8eb3c1adada170a3851a6d3ba37bb3e",
                389_964_656,
            ),
            ancestry=f"descends from base, which is {_NC}",
        ),
        _vit(
            "large-outdoor",
            "vitl",
            **_OUTDOOR,
            file=_v2(
                "Metric-VKITTI-Large",
                "metric_vkitti_vitl",
                "239b1054a369e66da2576e9a118d6d7c12d90dc8ebe609579a9a09cd8e05fe38",
                1_341_401_064,
            ),
            ancestry=f"descends from large, which is {_NC}",
        ),
        _vit(
            "v1-small",
            "vits-v1",
            _V1,
            file=_v1("vits14"),
            published=Published(nyu=Score(0.053, 0.972), kitti=Score(0.080, 0.936)),
        ),
        _vit("v1-base", "vitb-v1", _V1, file=_v1("vitb14")),
        _vit(
            "v1-large",
            "vitl-v1",
            _V1,
            file=_v1("vitl14", "6c6a383e33e51c5fdfbf31e7ebcda943973a9e6a1cbef1564afe58d7f2e8fe63", 1_341_401_882),
            published=Published(nyu=Score(0.043, 0.981), kitti=Score(0.076, 0.947), da2k=88.5),
        ),
    ]
}


def _dinov2(vit: str, sha256: str, bytes: int) -> File:
    name = f"dinov2_{vit}14"
    return File(f"https://dl.fbaipublicfiles.com/dinov2/{name}", f"{name}_pretrain.pth", sha256, bytes)


# DINOv2 without registers, Apache-2.0: what the encoder of each ViT is trained from, by its architecture.
BACKBONES: dict[str, File] = {
    "vits": _dinov2("vits", "b938bf1bc15cd2ec0feacfe3a1bb553fe8ea9ca46a7e1d8d00217f29aef60cd9", 88_283_115),
    "vitb": _dinov2("vitb", "0b8b82f85de91b424aded121c7e1dcc2b7bc6d0adeea651bf73a13307fad8c73", 346_378_731),
    "vitl": _dinov2("vitl", "d5383ea8f4877b2472eb973e0fd72d557c7da5d3611bd527ceeb1d7162cbf428", 1_217_586_395),
    "vitg": _dinov2("vitg", "baf8467e50af277596bbbafa06887c177ee899ab46033649c383577d7e9309d3", 4_546_108_579),
}


@dataclass(frozen=True)
class Input:
    """How an architecture wants its pictures, and what to expect of its maps."""

    multiple: int  # both sides of the network's input are multiples of this
    mean: tuple[float, float, float]  # of RGB in 0..1
    std: tuple[float, float, float]
    antialias: bool  # average when shrinking; the reference code of Depth Anything does not
    soft: bool = False  # whether edges come out soft, so that the picture is asked where they are


_LITE = Input(
    32, (127 / 255,) * 3, (128 / 255,) * 3, antialias=True, soft=True
)  # as `fathom.nets.efficientnet_lite` has it
_VIT = Input(14, (0.485, 0.456, 0.406), (0.229, 0.224, 0.225), antialias=False)  # as `fathom.nets.dinov2` has it

INPUTS: dict[str, Input] = {
    **dict.fromkeys(["lite0", "lite1", "lite2"], _LITE),
    **dict.fromkeys(["vits", "vitb", "vitl", "vitg", "vits-v1", "vitb-v1", "vitl-v1"], _VIT),
}
