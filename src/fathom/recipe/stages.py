"""The stages of the recipe, as data: what each is trained on and how."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from fathom.data.augment import Augmentation
from fathom.errors import UsageError

AsItIs = Augmentation(smallest=1.0, stretch=1.0)  # crops the size of the picture's shorter side: focal lengths stay


@dataclass(frozen=True)
class Stage:
    """What the stages have in common. The defaults are the `laptop` preset."""

    run: Path
    """Folder of the run: its config, log, checkpoints. A run that is there already goes on where it stopped."""
    architecture: str = "lite0"
    """Network to train: lite0, lite1, lite2, vits, vitb, vitl or vitg."""
    encoder: Path | None = None
    """DINOv2 backbone that the encoder of a ViT starts from, a .pth file; fetched if not given. The Lites start from
    ImageNet."""
    init: str | None = None
    """Model to start from, a name or a checkpoint, in place of a pretrained encoder and a new head."""
    steps: int = 3000
    """Optimiser steps."""
    batch: int = 8
    """Pictures per step, on all devices together."""
    accumulate: int = 1
    """Parts that a device takes its share of a batch in, one after the other, where memory is short."""
    encoder_lr: float = 1e-4
    """Peak learning rate of the encoder."""
    head_lr: float = 5e-4
    """Peak learning rate of the head, which starts from nothing."""
    weight_decay: float = 0.01
    """AdamW's."""
    warmup: int = 100
    """Steps over which the learning rates rise."""
    decay: Literal["cosine", "linear"] = "cosine"
    """How they then fall to zero."""
    clip: float = 1.0
    """Largest norm of the gradient."""
    ema: float = 0.999
    """Decay of the moving average of the weights, which is what a run gives in the end; 0 gives the last weights."""
    augmentation: Augmentation = field(default_factory=Augmentation)
    """How samples become views."""
    mix: tuple[float, ...] = ()
    """How often a sample is taken from each set, in any unit; by default, sets count by their size."""
    seed: int = 0
    """Of the order of samples, the augmentation and the head's first weights."""
    validate: str | None = None
    """A benchmark to measure while training, as `fathom bench` names it; the best checkpoint by its AbsRel is kept."""
    validate_every: int = 1000
    """Steps between measurements."""
    checkpoint_every: int = 200
    """Steps between checkpoints."""
    keep: int = 2
    """Checkpoints kept, the last ones."""
    broken: int = 100
    """Samples that may be found broken before the run stops."""
    workers: int = 0
    """Processes that make batches for each device; 0 makes them in a thread. In memory, at most one."""
    in_memory: bool = True
    """Keep decoded samples in memory: about 3 GB for 5,000 pictures of 320x240. Not those that are streamed."""
    device: str = "cpu"
    """Where to train: auto, cpu, cuda or mps."""
    devices: int = 1
    """How many of them on each machine."""
    nodes: int = 1
    """How many machines; start the same command on each by torchrun or SLURM."""
    strategy: Literal["ddp", "fsdp"] = "ddp"
    """With several devices: the whole network on each (ddp), or weights and optimiser spread over them (fsdp)."""
    precision: Literal["float32", "bfloat16"] = "float32"
    """Of the network's matrix products; losses and weights are float32 in any case."""
    checkpointing: bool = False
    """Compute a ViT's activations twice instead of keeping them: a third more time for a fraction of the memory."""
    compile: bool = False
    """`torch.compile` the network."""
    licence: str = "unknown"
    """Under which the weights may be used; written into every checkpoint."""

    def check(self) -> None:
        """Raises UsageError at the first option that no run can have."""
        least = {"steps": 1, "batch": 1, "accumulate": 1, "checkpoint_every": 1, "validate_every": 1, "keep": 1}
        least |= {"seed": 0, "warmup": 0, "broken": 0, "workers": 0, "devices": 1, "nodes": 1}
        for name, value in least.items():
            if getattr(self, name) < value:
                raise UsageError(f"{name.replace('_', '-')} is at least {value}, not {getattr(self, name)}")
        parts = self.devices * self.nodes * self.accumulate
        if self.batch % parts:
            raise UsageError(
                f"a batch of {self.batch} cannot be dealt out to {parts} parts (devices x nodes x accumulate)"
            )
        how = self.augmentation
        if how.crop < 1:
            raise UsageError(f"crop is at least 1, not {how.crop}")
        if not 1 <= how.aspect < math.inf:
            raise UsageError(f"aspect is at least 1, not {how.aspect}")
        positive = {"stretch": how.stretch, "smallest": how.smallest, "clip": self.clip}
        positive |= {"max-depth": getattr(self, "max_depth", 1.0)}
        at_least_0 = {"encoder-lr": self.encoder_lr, "head-lr": self.head_lr, "weight-decay": self.weight_decay}
        at_least_0 |= {"jitter": how.jitter, "gm-weight": getattr(self, "gm_weight", 0.0)}
        at_least_0 |= {f"{name}-weight": getattr(self, f"{name}_weight", 0.0) for name in ("correlation", "local")}
        shares = {name: getattr(how, name) for name in ("standing", "flip", "blur", "cutmix", "frame", "smallest")}
        shares |= {"drop": getattr(self, "drop", 0.0)}
        for name, number in positive.items():
            if not 0 < number < math.inf:
                raise UsageError(f"{name} is above 0, not {number}")
        for name, number in at_least_0.items():
            if not 0 <= number < math.inf:
                raise UsageError(f"{name} is at least 0, not {number}")
        for name, number in shares.items():
            if not 0 <= number <= 1:
                raise UsageError(f"{name} is a share, from 0 to 1, not {number}")
        if not 0 <= self.ema < 1:
            raise UsageError(f"ema is at least 0 and below 1, not {self.ema}")


@dataclass(frozen=True)
class Relative(Stage):
    """What the stages that learn relative depth have in common: the losses of the papers."""

    gm_weight: float = 2.0
    """Weight of L_gm beside L_ssi."""
    gm_rise: float = 0.6
    """Share of the steps over which that weight rises from 0. As long as no edge is in its place, L_gm is least for a
    flat map, and at full weight it keeps a network that starts from ImageNet from finding the edges."""
    correlation_weight: float = 0.0
    """Weight of L_corr, what a least-squares fit leaves unexplained, beside them; not in the papers."""
    local_weight: float = 0.0
    """Weight of L_local, which sees each window of the view by itself, beside them; for thin and far things; not in the
    papers."""


@dataclass(frozen=True)
class Teacher(Relative):
    """Stage 1: a large network on rendered pictures only, whose depth is exact."""

    data: tuple[str, ...] = ()
    """Pictures with depth: folders as `fathom render` writes them, shards, published sets such as hypersim:/data/h;
    shards are read one after the other after stream:, or from an address such as s3://bucket/shards."""
    architecture: str = "lite2"
    """Network to train: lite0, lite1, lite2, vits, vitb, vitl or vitg."""


@dataclass(frozen=True)
class Student(Relative):
    """Stage 3: a small network on photos only, with the teacher's labels."""

    photos: str | None = None
    """The pool of photos: a folder, a list of files, shards. After stream:, or at an address, it is read one shard
    after the other."""
    labels: str | None = None
    """Their labels, made by `fathom label`."""
    data: tuple[str, ...] = ()
    """Pictures with depth to mix in. The recipe has none; docs/nano.md says when they helped."""
    drop: float = 0.1
    """Share of each picture's pixels left out of L_ssi, those with the largest loss."""
    align_weight: float = 0.1
    """Weight of the alignment of the encoder's last features with those of the pretrained encoder, which is frozen."""
    align_margin: float = 0.85
    """Places whose cosine is above this are not aligned further."""


@dataclass(frozen=True)
class Metric(Stage):
    """The metric stage: a relative network learns metres. Start it with --init from one."""

    data: tuple[str, ...] = ()
    """Pictures with depth in metres, as for the teacher."""
    max_depth: float = 20.0
    """Metres, the largest that the network can say: 20 for rooms, 80 for streets."""
    head: Literal["new", "kept"] = "kept"
    """What becomes of the relative network's head."""
    encoder_lr: float = 5e-5
    """Peak learning rate of the encoder."""
    augmentation: Augmentation = AsItIs
    """How samples become views. A network that is not told the focal length must not be shown others than there are:
    crops are as large as they can be, and keep their shape."""


STAGES: dict[str, type[Stage]] = {"teacher": Teacher, "student": Student, "metric": Metric}
PAPER_VIEWS = Augmentation(crop=518, smallest=1.0, stretch=1.0)
PAPER: dict[str, Any] = {
    "encoder_lr": 5e-6,
    "head_lr": 5e-5,
    "decay": "linear",
    "ema": 0.0,
    "gm_rise": 0.0,
    "augmentation": PAPER_VIEWS,
    "in_memory": False,
    "workers": 8,
    "device": "cuda",
    "precision": "bfloat16",
    "checkpoint_every": 2000,
}
# Depth Anything V2, section 7 and appendix B; what it leaves open (schedule, weight decay, warm-up) is V1's or common.
# The metric stage has the learning rates and the batch of the published code.
PRESETS: dict[str, dict[str, dict[str, Any]]] = {
    "laptop": {"teacher": {}, "student": {}, "metric": {}},
    "paper": {
        "teacher": {**PAPER, "architecture": "vitg", "batch": 64, "steps": 160_000, "checkpointing": True},
        "student": {**PAPER, "architecture": "vits", "batch": 192, "steps": 480_000},
        "metric": {
            **{name: value for name, value in PAPER.items() if name != "gm_rise"},
            "architecture": "vits",
            "batch": 32,
            "steps": 120_000,
            "head": "new",
        },
    },
}
