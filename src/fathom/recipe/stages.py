"""The stages of the recipe, as data: what each is trained on and how."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from fathom.data.augment import Augmentation
from fathom.errors import UsageError


@dataclass(frozen=True)
class Stage:
    """What the teacher's and the student's stage have in common. The defaults fit a laptop."""

    run: Path
    """Folder of the run: its config, log, checkpoints. A run that is there already goes on where it stopped."""
    architecture: str = "lite0"
    """Network to train, its encoder starting from ImageNet."""
    steps: int = 3000
    """Optimiser steps."""
    batch: int = 8
    """Pictures per step."""
    encoder_lr: float = 1e-4
    """Peak learning rate of the encoder."""
    head_lr: float = 5e-4
    """Peak learning rate of the head, which starts from nothing."""
    weight_decay: float = 0.01
    """AdamW's."""
    warmup: int = 100
    """Steps over which the learning rates rise; they then fall to zero along a half cosine."""
    clip: float = 1.0
    """Largest norm of the gradient."""
    ema: float = 0.999
    """Decay of the moving average of the weights, which is what a run gives in the end."""
    gm_weight: float = 2.0
    """Weight of L_gm beside L_ssi."""
    gm_rise: float = 0.6
    """Share of the steps over which that weight rises from 0. As long as no edge is in its place, L_gm is least for a
    flat map, and at full weight it keeps a network that starts from ImageNet from finding the edges."""
    augmentation: Augmentation = field(default_factory=Augmentation)
    """How samples become views."""
    seed: int = 0
    """Of the order of samples, the augmentation and the head's first weights."""
    checkpoint_every: int = 200
    """Steps between checkpoints."""
    init: Path | None = None
    """Checkpoint to start from in place of the ImageNet encoder and a new head."""
    in_memory: bool = True
    """Keep decoded samples in memory: about 3 GB for 5,000 pictures of 320x240."""
    device: str = "cpu"
    """Where to train: auto, cpu, cuda or mps."""
    licence: str = "unknown"
    """Under which the weights may be used; written into every checkpoint."""

    def check(self) -> None:
        """Raises UsageError at the first option that no run can have."""
        for name, least in (("steps", 1), ("batch", 1), ("checkpoint_every", 1), ("seed", 0), ("warmup", 0)):
            if getattr(self, name) < least:
                raise UsageError(f"{name.replace('_', '-')} is at least {least}, not {getattr(self, name)}")
        if not 0 < self.augmentation.smallest <= 1:
            raise UsageError(f"smallest is a share above 0 and at most 1, not {self.augmentation.smallest}")


@dataclass(frozen=True)
class Teacher(Stage):
    """Stage 1: a large network on rendered pictures only, whose depth is exact."""

    data: tuple[Path, ...] = ()
    """Folders of pictures with depth, as `fathom render` writes them."""
    architecture: str = "lite2"
    """Network to train, its encoder starting from ImageNet."""


@dataclass(frozen=True)
class Student(Stage):
    """Stage 3: a small network on photos only, with the teacher's labels."""

    photos: Path | None = None
    """The pool of photos."""
    labels: Path | None = None
    """Their labels, made by `fathom label`."""
    drop: float = 0.1
    """Share of each picture's pixels left out of L_ssi, those with the largest loss."""
    align_weight: float = 0.1
    """Weight of the alignment of the encoder's last features with the frozen ImageNet encoder's."""
    align_margin: float = 0.85
    """Places whose cosine is above this are not aligned further."""
