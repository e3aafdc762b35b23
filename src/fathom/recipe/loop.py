"""The training loop, read from top to bottom."""

from __future__ import annotations

import io
import json
import math
import platform
import signal
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from copy import deepcopy
from dataclasses import asdict
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from fathom.data.augment import Batch, make_batch
from fathom.data.folder import DepthFolder
from fathom.data.labels import LabelledPhotos, made_by
from fathom.data.sample import InMemory, Joined, Reduced, Sample
from fathom.errors import UsageError, pick
from fathom.files import write_whole
from fathom.nets import ARCHITECTURES, DepthNet, build, pretrained_encoder
from fathom.progress import progress
from fathom.recipe.losses import feature_alignment_loss, gradient_matching_loss, residual, ssi_loss
from fathom.recipe.stages import Stage, Student, Teacher
from fathom.runtime.torch import choose_device
from fathom.zoo.checkpoint import Card, load_checkpoint, save_checkpoint

MAX_SPOILT = 20  # steps without a finite loss, one after the other, that end a run


def samples_of(stage: Stage) -> tuple[Sequence[Sample], str]:
    """The samples a stage trains on, and a fingerprint of which they are."""
    if isinstance(stage, Teacher):
        if not stage.data:
            raise ValueError("the teacher needs pictures with depth: --data FOLDER (make one with: fathom render)")
        sets: list[DepthFolder | LabelledPhotos] = [DepthFolder(folder) for folder in stage.data]
    elif isinstance(stage, Student):
        if stage.photos is None or stage.labels is None:
            raise ValueError("the student needs --photos POOL and --labels LABELS (made with: fathom label)")
        sets = [LabelledPhotos(stage.photos, stage.labels)]
    else:
        raise TypeError(f"no stage of the recipe: {type(stage).__name__}")
    names = "\n".join(name for s in sets for name in s.names)
    fingerprint = sha256((names + json.dumps(origins(stage))).encode()).hexdigest()[:16]
    samples = Reduced(Joined(sets), round(2 * stage.augmentation.crop / stage.augmentation.smallest))
    return (InMemory(samples) if stage.in_memory else samples), fingerprint


def origins(stage: Stage) -> dict:
    """What is known of how the data were made: the options of rendering, or the teacher of the labels."""
    if isinstance(stage, Student) and stage.labels is not None:
        return {"labels": made_by(stage.labels)}
    records = [folder / "render.json" for folder in getattr(stage, "data", ())]
    return {"rendered": [json.loads(record.read_text()) for record in records if record.exists()]}


def learning_rate(step: int, stage: Stage) -> float:
    """The share of the peak learning rate at a step: a linear rise, then a half cosine to zero."""
    if step < stage.warmup:
        return (step + 1) / stage.warmup
    done = (step - stage.warmup) / max(1, stage.steps - stage.warmup)
    return 0.5 * (1 + math.cos(math.pi * done))


def prefetch(samples: Sequence[Sample], stage: Stage, first: int) -> Iterator[tuple[int, Batch]]:
    """(step, batch) from step `first` on, the next batch made while the present one is trained on."""
    with ThreadPoolExecutor(1) as pool:

        def ask(step: int):
            return pool.submit(make_batch, samples, stage.augmentation, stage.batch, stage.seed, step)

        pending = ask(first)
        for step in range(first, stage.steps):
            batch = pending.result()
            pending = ask(min(step + 1, stage.steps - 1))
            yield step, batch


def gm_weight(step: int, stage: Stage) -> float:
    """The weight of L_gm at a step: a linear rise to what the stage says."""
    return stage.gm_weight * min(1.0, (step + 1) / max(1.0, stage.gm_rise * stage.steps))


def loss_of(net: DepthNet, frozen: torch.nn.Module | None, batch: Batch, stage: Stage, step: int) -> dict[str, Tensor]:
    """The stage's loss of a batch at a step, whole ("loss") and by its terms."""
    device = net.mean.device
    x = net.normalise(torch.from_numpy(batch.pictures).to(device))
    x = x.contiguous(memory_format=torch.channels_last)
    target = torch.from_numpy(batch.disparity).to(device)
    mask = torch.from_numpy(batch.valid).to(device)

    features = net.encoder(x)
    d = net.activate(net.head(features, x.shape[-2:])).squeeze(1)
    r, mask = residual(d, target, mask)
    terms = {
        "ssi": ssi_loss(r, mask, stage.drop if isinstance(stage, Student) else 0.0).mean(),
        "gm": gradient_matching_loss(r, mask).mean(),
    }
    loss = terms["ssi"] + gm_weight(step, stage) * terms["gm"]
    if frozen is not None and isinstance(stage, Student):
        with torch.no_grad():
            reference = frozen(x)[-1]
        terms["align"] = feature_alignment_loss(features[-1], reference, stage.align_margin).mean()
        loss = loss + stage.align_weight * terms["align"]
    return {"loss": loss, **terms}


def initial_net(stage: Stage) -> DepthNet:
    """The network before its first step."""
    torch.manual_seed(stage.seed)
    net = build(stage.architecture)
    if stage.init is None:
        net.encoder.load_state_dict(pretrained_encoder(stage.architecture))
    else:
        start, card = load_checkpoint(stage.init)
        if card.architecture != stage.architecture:
            raise ValueError(f"{stage.init} is a {card.architecture}, the run trains a {stage.architecture}")
        net.load_state_dict(start.state_dict())
    return net


def describe(stage: Stage, fingerprint: str) -> dict:
    """What made a run: written beside its checkpoints, and compared when it is resumed."""
    free = ("run", "device", "in_memory", "checkpoint_every")  # may differ when a run goes on
    config = {k: v for k, v in asdict(stage).items() if k not in free}
    config = json.loads(json.dumps(config, default=str))
    return {"stage": type(stage).__name__.lower(), "config": config, "data": fingerprint, "from": origins(stage)}


def refuse_another(before: dict, now: dict, run: Path) -> None:
    """Raises ValueError if the run that is in the folder is not the one asked for."""
    different = [k.replace("_", "-") for k, v in now["config"].items() if before["config"].get(k) != v]
    different = [what for what in ("stage", "data") if before[what] != now[what]] or different
    if different:
        names = ", ".join(different)
        raise ValueError(f"{run} holds a run made with another {names}: use what it was made with, or another folder")


def keep_log_until(log: Path, step: int) -> None:
    """Drop what was logged after the checkpoint from which a killed run goes on: those steps are made again."""

    def kept(line: str) -> bool:
        try:
            return json.loads(line)["step"] <= step
        except ValueError:
            return False  # cut short by the kill

    if log.exists():
        lines = log.read_text().splitlines(keepends=True)
        write_whole(log, "".join(line for line in lines if kept(line)).encode())


def train(stage: Stage) -> Path:
    """Run a stage to its end, or on from where it was stopped. Gives the path of the trained checkpoint.

    The run folder gets `config.json`, `log.jsonl` (one line every 10 steps), `state.pt` (what resuming needs) and
    `model.safetensors` (the averaged weights). A first Ctrl-C or SIGTERM saves and leaves.

    Raises:
        UsageError: an option that no run can have.
        ValueError: data that is missing, a run folder that was made by another config, or losses that stay non-finite.
        KeyboardInterrupt: it was stopped, after saving.
    """
    stage.check()
    pick(stage.architecture, ARCHITECTURES, "architecture")
    device = choose_device(stage.device)
    samples, fingerprint = samples_of(stage)
    description = describe(stage, fingerprint)
    state_path, log_path, result = stage.run / "state.pt", stage.run / "log.jsonl", stage.run / "model.safetensors"

    net = initial_net(stage).to(device).to(memory_format=torch.channels_last)  # type: ignore[call-overload]
    if stage.augmentation.crop % net.multiple:
        raise UsageError(f"the crop for {stage.architecture} is a multiple of {net.multiple}")
    average = deepcopy(net).requires_grad_(False)
    frozen = None
    if isinstance(stage, Student) and stage.align_weight > 0:
        frozen = deepcopy(net.encoder).requires_grad_(False)
        frozen.load_state_dict(pretrained_encoder(stage.architecture))
    optimiser = torch.optim.AdamW(
        [
            {"params": net.encoder.parameters(), "peak": stage.encoder_lr},
            {"params": net.head.parameters(), "peak": stage.head_lr},
        ],
        weight_decay=stage.weight_decay,
    )

    first = 0
    if state_path.exists():
        state = torch.load(state_path, map_location=device, weights_only=True)
        refuse_another(state["made_by"], description, stage.run)
        net.load_state_dict(state["net"])
        average.load_state_dict(state["average"])
        optimiser.load_state_dict(state["optimiser"])
        first = state["step"]
    else:
        about = {
            **description,
            "torch": torch.__version__,
            "fathom": version("fathom-depth"),
            "machine": platform.machine(),
        }
        write_whole(stage.run / "config.json", json.dumps(about, indent=2).encode())
    keep_log_until(log_path, first)

    def save(step: int) -> None:
        size = stage.augmentation.crop
        card = Card(stage.architecture, "relative", size, licence=stage.licence, origin={**description, "step": step})
        save_checkpoint(result, average, card)
        state = {"net": net.state_dict(), "average": average.state_dict(), "optimiser": optimiser.state_dict()}
        buffer = io.BytesIO()
        torch.save({**state, "step": step, "made_by": description}, buffer)
        write_whole(state_path, buffer.getvalue())

    stopped: list[int] = []

    def stop(number: int, _: object) -> None:
        stopped.append(number)
        signal.signal(number, handlers[signal.Signals(number)])  # a second one stops at once

    handlers = {s: signal.signal(s, stop) for s in (signal.SIGINT, signal.SIGTERM)}
    spoilt = 0  # steps without a finite loss, one after the other
    recent: list[dict[str, float]] = []
    began = time.perf_counter()
    try:
        with progress("training", total=stage.steps, done=first, unit="step") as bar:
            for step, batch in prefetch(samples, stage, first):
                for group in optimiser.param_groups:
                    group["lr"] = group["peak"] * learning_rate(step, stage)
                terms = loss_of(net, frozen, batch, stage, step)
                optimiser.zero_grad(set_to_none=True)
                terms["loss"].backward()
                norm = torch.nn.utils.clip_grad_norm_(net.parameters(), stage.clip)
                spoilt = 0 if torch.isfinite(norm) else spoilt + 1
                if spoilt == MAX_SPOILT:
                    raise ValueError(
                        f"{spoilt} steps in a row had no finite loss, the last with {', '.join(batch.names)}"
                    )
                if not spoilt:  # a step that is not finite would spoil the weights for good: it is left out
                    optimiser.step()
                    decay = min(stage.ema, (1 + step) / (10 + step))  # the first weights are soon forgotten
                    with torch.no_grad():
                        for mean, now in zip(average.parameters(), net.parameters(), strict=True):
                            mean.lerp_(now, 1 - decay)
                    recent.append({**{k: float(v.detach()) for k, v in terms.items()}, "norm": float(norm)})

                if recent and ((step + 1) % 10 == 0 or step + 1 == stage.steps):
                    mean_terms = {k: round(float(np.mean([r[k] for r in recent])), 5) for k in recent[0]}
                    rate = (step + 1 - first) * stage.batch / (time.perf_counter() - began)
                    with log_path.open("a") as log:
                        log.write(json.dumps({"step": step + 1, **mean_terms, "pictures_per_s": round(rate, 2)}) + "\n")
                    bar.note(f"loss {mean_terms['loss']:.3f}  {rate:.1f} pictures/s")
                    recent.clear()
                bar.advance()
                if stopped or (step + 1) % stage.checkpoint_every == 0 or step + 1 == stage.steps:
                    save(step + 1)
                if stopped:
                    raise KeyboardInterrupt
    finally:
        for number, handler in handlers.items():
            signal.signal(number, handler)
    return result
