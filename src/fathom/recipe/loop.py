"""The training loop, read from top to bottom."""

from __future__ import annotations

import json
import math
import platform
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from copy import deepcopy
from dataclasses import asdict
from importlib.metadata import version
from pathlib import Path

import torch
from torch import Tensor

from fathom.data.batches import Batches, loader
from fathom.data.draws import Streamed
from fathom.errors import UsageError, pick
from fathom.files import write_whole
from fathom.nets import ARCHITECTURES, build
from fathom.nets.dinov2 import DINOv2
from fathom.progress import progress
from fathom.recipe.average import Average
from fathom.recipe.checkpoints import Checkpoints
from fathom.recipe.initial import initial_net, pretrained
from fathom.recipe.monitor import EVERY, Broken, Monitor
from fathom.recipe.objective import Learner, losses
from fathom.recipe.parallel import Parallel
from fathom.recipe.record import card_of, describe, refuse_another
from fathom.recipe.samples import fingerprint_of, prepared, sources_of
from fathom.recipe.stages import Metric, Stage, Student
from fathom.recipe.validation import Validation
from fathom.runtime.torch import choose_device
from fathom.zoo.cards import KEY
from fathom.zoo.checkpoint import save_checkpoint

MAX_SPOILT = 20  # steps without a finite gradient, one after the other, that end a run


def learning_rate(step: int, stage: Stage) -> float:
    """The share of the peak learning rate at a step: a linear rise, then a half cosine or a line to zero."""
    if step < stage.warmup:
        return (step + 1) / stage.warmup
    done = (step - stage.warmup) / max(1, stage.steps - stage.warmup)
    return 0.5 * (1 + math.cos(math.pi * done)) if stage.decay == "cosine" else 1 - done


def train(stage: Stage) -> Path:
    """Run a stage to its end, or on from where it was stopped. Gives the path of the trained checkpoint.

    The run's folder gets `config.json`, `log.jsonl`, `tensorboard`, `checkpoints` (what resuming needs), and
    `model.safetensors`: the averaged weights of the last checkpoint, and `best.safetensors`, those that validated best.
    A first Ctrl-C or SIGTERM saves and leaves.

    Raises:
        UsageError: an option that no run can have.
        ValueError: data that are missing or broken too often, a run's folder that was made by another config, or
            losses that stay non-finite.
        KeyboardInterrupt: it was stopped, after saving.
    """
    stage.check()
    pick(stage.architecture, ARCHITECTURES, "architecture")
    device = choose_device(stage.device)
    sets = sources_of(stage)
    validation = Validation(stage.validate, stage.run) if stage.validate else None
    description = describe(stage, fingerprint_of(sets, stage), any(isinstance(each, Streamed) for each in sets))
    checkpoints = Checkpoints(stage.run / "checkpoints", stage.keep)
    state = checkpoints.last()
    if state is not None:
        refuse_another(state["made_by"], description, stage.run)
    net = initial_net(stage)
    if stage.augmentation.crop % net.multiple:
        raise UsageError(f"the crop for {stage.architecture} is a multiple of {net.multiple}")
    if isinstance(net.encoder, DINOv2):
        net.encoder.checkpointing = stage.checkpointing

    parallel = Parallel(stage, device)
    frozen = None
    if isinstance(stage, Student) and stage.align_weight > 0:
        frozen = deepcopy(net.encoder)
        frozen.load_state_dict(pretrained(stage))
        frozen = frozen.requires_grad_(False).eval().to(parallel.device)
    if state is not None:
        net.load_state_dict(state["net"])
    if not parallel.sharded:  # what is spread must be contiguous
        net = net.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
    learner = Learner(net)
    if stage.compile:
        learner.compile()
    module = parallel.setup(learner)
    optimiser = torch.optim.AdamW(
        [
            {"params": list(net.encoder.parameters()), "peak": stage.encoder_lr},
            {"params": list(net.head.parameters()), "peak": stage.head_lr},
        ],
        weight_decay=stage.weight_decay,
    )
    average = Average(net, stage.ema)
    first = 0
    if state is not None:
        first = state["step"]
        parallel.load(net, optimiser, average, state)
    if parallel.total(first) != [first * parallel.world]:
        raise ValueError(f"{stage.run}: the machines do not see the same checkpoints; a run's folder must be shared")
    if state is None and parallel.chief:
        (stage.run / "best.json").unlink(missing_ok=True)
        about = {"torch": torch.__version__, "fathom": version("fathom-depth"), "machine": platform.machine()}
        write_whole(stage.run / "config.json", json.dumps({**description, **about}, indent=2).encode())

    micro_batches = loader(
        Batches(
            prepared(sets, stage),
            stage.augmentation,
            stage.batch,
            stage.seed,
            rank=parallel.rank,
            world=parallel.world,
            accumulate=stage.accumulate,
            weights=stage.mix,
            readers=max(stage.workers, 1),
            multiple=net.multiple,
        ),
        first * stage.accumulate,
        stage.steps * stage.accumulate,
        stage.workers,
        pin=device == "cuda",
    )
    monitor = Monitor(stage.run, first, *parallel.share_of_peak(stage)) if parallel.chief else None
    broken = Broken(stage.run)

    def save(step: int) -> None:
        whole, averaged = parallel.states(net, optimiser, average)
        if parallel.chief:
            card = card_of(stage, description, step)
            plain = build(stage.architecture, net.max_depth)
            plain.load_state_dict(averaged)
            save_checkpoint(stage.run / "model.safetensors", plain, card)
            if validation is not None and monitor is not None and validation.due(step, stage):
                monitor.write(step, validation(plain, card, device))
            made = {"step": step, "made_by": description, KEY: json.dumps(asdict(card))}
            checkpoints.save({**whole, "average": averaged, **made})
        parallel.barrier()

    spoilt = 0
    bar_or_none = progress("training", total=stage.steps, done=first, unit="step") if parallel.chief else nullcontext()
    with stopping() as stopped, bar_or_none as bar:
        for step in range(first, stage.steps):
            for group in optimiser.param_groups:
                group["lr"] = group["peak"] * learning_rate(step, stage)
            optimiser.zero_grad(set_to_none=True)
            means: dict[str, Tensor] = {}
            waited = 0.0
            for part in range(stage.accumulate):
                began = time.perf_counter()
                batch = next(micro_batches).to(parallel.device)
                waited += time.perf_counter() - began
                broken.note(step + 1, batch.broken)
                with parallel.no_sync(module, part + 1 < stage.accumulate):
                    with parallel.autocast():
                        outputs = module(batch.pictures)
                        reference = None
                        if frozen is not None:
                            with torch.no_grad():
                                reference = frozen(net.normalise(batch.pictures))[-1]
                    valid = batch.valid & batch.metric[:, None, None] if isinstance(stage, Metric) else batch.valid
                    terms = losses(stage, step, outputs, batch.disparity, valid, batch.region, reference)
                    parallel.backward(terms["loss"] / stage.accumulate)
                for name, term in terms.items():
                    means[name] = means.get(name, torch.zeros(())) + term.detach().cpu() / stage.accumulate
            norm = parallel.clip(net, stage.clip)
            spoilt = 0 if math.isfinite(norm) else spoilt + 1
            if spoilt:
                broken.note(step + 1, [(", ".join(batch.names), "a step with it had no finite gradient: left out")])
            if spoilt == MAX_SPOILT:
                raise ValueError(f"{spoilt} steps in a row had no finite loss, the last with {', '.join(batch.names)}")
            if not spoilt:  # a step that is not finite would spoil the weights for good: it is left out
                optimiser.step()
                average.update(step)

            done, last = step + 1, step + 1 == stage.steps
            leave, found, *sums = parallel.total(len(stopped), broken.count, *map(float, means.values()))
            if monitor is not None and bar is not None:
                shown = {name: value / parallel.world for name, value in zip(means, sums, strict=True)}
                monitor.step({} if spoilt else {**shown, "norm": norm}, waited)
                if (done % EVERY == 0 or last) and monitor.recent:
                    bar.note(monitor.line(done, stage.batch))
                if done % stage.checkpoint_every == 0 or last:
                    monitor.pictures(done, batch.pictures, batch.disparity, outputs[0])
                bar.advance()
            due = validation is not None and validation.due(done, stage)
            if leave or last or due or done % stage.checkpoint_every == 0:
                save(done)
            if leave or found > stage.broken:
                checkpoints.wait()
            if leave:
                raise KeyboardInterrupt
            if found > stage.broken:
                raise ValueError(
                    f"{found:.0f} samples were broken, more than {stage.broken}: see {stage.run / 'broken.jsonl'}"
                )
    checkpoints.wait()
    if monitor is not None:
        monitor.close()
    return stage.run / "model.safetensors"


@contextmanager
def stopping() -> Iterator[list[int]]:
    """While this lasts, a first Ctrl-C or SIGTERM only adds itself to the list; a second one stops at once."""
    stopped: list[int] = []

    def stop(number: int, _: object) -> None:
        stopped.append(number)
        signal.signal(number, handlers[signal.Signals(number)])

    handlers = {s: signal.signal(s, stop) for s in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield stopped
    finally:
        for number, handler in handlers.items():
            signal.signal(number, handler)
