"""One process or many: everything that depends on it, through Lightning Fabric."""

from __future__ import annotations

import logging
import os
import warnings
from contextlib import AbstractContextManager
from typing import Any

import torch
from torch import Tensor, nn

from fathom.errors import UsageError
from fathom.nets import DepthNet, build
from fathom.recipe.average import Average, local
from fathom.recipe.stages import Stage

LAUNCHERS = {"TORCHELASTIC_RUN_ID", "SLURM_NTASKS", "NODE_RANK", "GROUP_RANK"}  # one is set by each of them
FABRIC_PRECISION = {"float32": "32-true", "bfloat16": "bf16-mixed"}


class Parallel:
    """The processes of a run; made first of all, because it starts those that are missing.

    Raises:
        ImportError: lightning-fabric is not installed.
        UsageError: other processes were started than the stage asks for.
    """

    def __init__(self, stage: Stage, device: str):
        try:
            from lightning_fabric import Fabric
            from lightning_fabric.strategies import ModelParallelStrategy
        except ImportError:
            raise ImportError("training needs another package: pip install lightning-fabric") from None
        logging.getLogger("lightning_fabric").setLevel(logging.ERROR)
        warnings.filterwarnings("ignore", module="lightning_fabric")
        world, started = stage.devices * stage.nodes, int(os.environ.get("WORLD_SIZE", "1"))
        if started not in (1, world):
            raise UsageError(f"{started} processes were started, but devices x nodes is {world}")
        if stage.nodes > 1 and not LAUNCHERS & os.environ.keys():
            raise UsageError("several nodes need the command to be started on each of them, by torchrun or SLURM")
        self.sharded = stage.strategy == "fsdp" and world > 1
        strategy: Any = "auto" if world == 1 else "ddp"
        if self.sharded:
            strategy = ModelParallelStrategy(shard, data_parallel_size=world, tensor_parallel_size=1)
        self.fabric = Fabric(
            accelerator=device,
            devices=stage.devices,
            num_nodes=stage.nodes,
            strategy=strategy,
            precision=FABRIC_PRECISION[stage.precision],  # type: ignore[arg-type]
        )
        self.fabric.launch()
        self.rank, self.world, self.device = self.fabric.global_rank, self.fabric.world_size, self.fabric.device
        self.chief = self.rank == 0

    def setup(self, learner: nn.Module) -> Any:
        """The module as its gradients are shared: call this, not the module itself."""
        return self.fabric.setup_module(learner)

    def autocast(self) -> AbstractContextManager:
        return self.fabric.autocast()

    def no_sync(self, module: Any, enabled: bool) -> AbstractContextManager:
        """While this lasts, gradients are not shared yet: more of this step are to come."""
        return self.fabric.no_backward_sync(module, enabled=enabled and self.world > 1)

    def backward(self, loss: Tensor) -> None:
        self.fabric.backward(loss)

    def clip(self, net: nn.Module, largest: float) -> float:
        """Scale the gradient to that norm at most; gives the norm it had, the same in all processes."""
        norm = torch.nn.utils.clip_grad_norm_(net.parameters(), largest)
        return float(norm.full_tensor() if hasattr(norm, "full_tensor") else norm)

    def total(self, *numbers: float) -> list[float]:
        """Each number summed over all processes."""
        if self.world == 1:
            return list(numbers)
        summed = self.fabric.all_reduce(torch.tensor(numbers, device=self.device), reduce_op="sum")
        assert isinstance(summed, Tensor)
        return summed.tolist()

    def barrier(self) -> None:
        self.fabric.barrier()

    # -- states, whole though the weights be spread

    def states(
        self, net: DepthNet, optimiser: torch.optim.Optimizer, average: Average
    ) -> tuple[dict[str, Any], dict[str, Tensor]]:
        """Of the network and the optimiser, and the averaged weights. Only the first process is given them."""
        if not self.sharded:
            return {"net": net.state_dict(), "optimiser": optimiser.state_dict()}, average.means
        from torch.distributed.checkpoint.state_dict import StateDictOptions, get_model_state_dict, get_state_dict

        whole = StateDictOptions(full_state_dict=True, cpu_offload=True)
        weights, moments = get_state_dict(net, optimiser, options=whole)
        with average.in_place():
            averaged = get_model_state_dict(net, options=whole)
        return {"net": weights, "optimiser": moments}, averaged  # type: ignore[return-value]  # all are tensors

    def load(self, net: DepthNet, optimiser: torch.optim.Optimizer, average: Average, state: dict[str, Any]) -> None:
        """Go on from a state; the network's own weights were loaded before it was set up."""
        if not self.sharded:
            optimiser.load_state_dict(state["optimiser"])
            average.restore(state["average"])
            return
        from torch.distributed.checkpoint.state_dict import (
            StateDictOptions,
            set_model_state_dict,
            set_optimizer_state_dict,
        )

        whole = StateDictOptions(full_state_dict=True)
        set_model_state_dict(net, state["average"], options=whole)
        average.restore({name: local(p.detach()) for name, p in net.named_parameters()})
        set_model_state_dict(net, state["net"], options=whole)
        set_optimizer_state_dict(net, optimiser, state["optimiser"], options=whole)

    def share_of_peak(self, stage: Stage) -> tuple[float | None, float | None]:
        """Floating point operations of a step, and how many the devices can do in a second, where it is known."""
        from fathom.bench.speed.operations import of_module

        with torch.device("meta"):
            net = build(stage.architecture).eval()
        forward = of_module(net, (stage.augmentation.crop, stage.augmentation.crop))
        try:
            from fathom.bench.speed.peak import peak_of

            peak = peak_of(self.device.type, stage.precision).flops * (1 if self.device.type == "cpu" else self.world)
        except ImportError:
            return None, None
        return 3 * forward * stage.batch, peak  # the gradient costs twice what the map does


def shard(learner: nn.Module, mesh: Any) -> nn.Module:
    """Spread the weights of each layer of a ViT, and of all the rest together, over the processes (FSDP2)."""
    from torch.distributed.fsdp import fully_shard

    data_parallel = mesh["data_parallel"]
    for block in getattr(learner.net.encoder, "blocks", ()):  # type: ignore[union-attr]
        fully_shard(block, mesh=data_parallel)
    return fully_shard(learner, mesh=data_parallel)  # type: ignore[return-value]  # the module itself
