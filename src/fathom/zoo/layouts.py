"""The layouts in which weights are published, told apart by their names, and the ways between them.

- `fathom`: `encoder.` and `head.`, the state dict of a `DepthNet`.
- `official`: `pretrained.` and `depth_head.`, the `.pth` files of Depth Anything V1 and V2.
- `transformers`: `backbone.`, `neck.` and `head.`, as `DepthAnythingForDepthEstimation` is saved.
- `dinov2`: a DINOv2 backbone alone, without a prefix.

A state dict is a mapping from names to tensors; tensors keep their precision. The `module.` that training on several
GPUs puts before every name is ignored.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Literal

import torch
from torch import Tensor

from fathom.nets.dinov2 import VARIANTS

if TYPE_CHECKING:
    from fathom.nets import DepthNet

Layout = Literal["fathom", "official", "transformers", "dinov2"]

# A name that each layout has and no other.
MARKS: dict[str, Layout] = {
    "head.adapt.0.weight": "fathom",
    "depth_head.scratch.layer1_rn.weight": "official",
    "neck.convs.0.weight": "transformers",
    "pos_embed": "dinov2",
}
# What takes no part in any output: DINOv2's mask, and the unit of the coarsest fusion for what comes from below it.
UNUSED = (
    "pretrained.mask_token",
    "backbone.embeddings.mask_token",
    "depth_head.scratch.refinenet4.resConfUnit1",
    "neck.fusion_stage.layers.0.residual_layer1",
)
# Files on the hub have the older names; transformers 5 has the newer ones in memory.
OLDER = {
    "attention.attention.query": "attention.q_proj",
    "attention.attention.key": "attention.k_proj",
    "attention.attention.value": "attention.v_proj",
    "attention.output.dense": "attention.o_proj",
    "mlp.weights_in": "mlp.w12",
    "mlp.weights_out": "mlp.down_proj",
}
# One matrix in the original, several in transformers.
JOINED = {
    "attention.qkv": ("attention.q_proj", "attention.k_proj", "attention.v_proj"),
    "mlp.w12": ("mlp.gate_proj", "mlp.up_proj"),
}


def table() -> Iterator[tuple[str, str, str]]:
    """Modules, and parameters outside of one, by their names in `fathom`, `official` and `transformers`."""
    yield "encoder.cls_token", "pretrained.cls_token", "backbone.embeddings.cls_token"
    yield "encoder.pos_embed", "pretrained.pos_embed", "backbone.embeddings.position_embeddings"
    yield "encoder.patch_embed.proj", "pretrained.patch_embed.proj", "backbone.embeddings.patch_embeddings.projection"
    for i in range(max(variant.depth for variant in VARIANTS.values())):
        ours, official, theirs = f"encoder.blocks.{i}", f"pretrained.blocks.{i}", f"backbone.encoder.layer.{i}"
        yield f"{ours}.norm1", f"{official}.norm1", f"{theirs}.norm1"
        yield f"{ours}.attn.qkv", f"{official}.attn.qkv", f"{theirs}.attention.qkv"
        yield f"{ours}.attn.proj", f"{official}.attn.proj", f"{theirs}.attention.o_proj"
        yield f"{ours}.ls1.gamma", f"{official}.ls1.gamma", f"{theirs}.layer_scale1.lambda1"
        yield f"{ours}.norm2", f"{official}.norm2", f"{theirs}.norm2"
        yield f"{ours}.mlp.fc1", f"{official}.mlp.fc1", f"{theirs}.mlp.fc1"
        yield f"{ours}.mlp.fc2", f"{official}.mlp.fc2", f"{theirs}.mlp.fc2"
        yield f"{ours}.mlp.w12", f"{official}.mlp.w12", f"{theirs}.mlp.w12"
        yield f"{ours}.mlp.w3", f"{official}.mlp.w3", f"{theirs}.mlp.down_proj"
        yield f"{ours}.ls2.gamma", f"{official}.ls2.gamma", f"{theirs}.layer_scale2.lambda1"
    yield "encoder.norm", "pretrained.norm", "backbone.layernorm"
    for i in range(4):  # fine to coarse
        level = f"neck.reassemble_stage.layers.{i}"
        yield f"head.reassemble.project.{i}", f"depth_head.projects.{i}", f"{level}.projection"
        yield f"head.reassemble.resample.{i}", f"depth_head.resize_layers.{i}", f"{level}.resize"
        yield f"head.adapt.{i}", f"depth_head.scratch.layer{i + 1}_rn", f"neck.convs.{i}"
        # transformers counts these from coarse to fine
        ours, official = f"head.fuse.{i}", f"depth_head.scratch.refinenet{i + 1}"
        theirs = f"neck.fusion_stage.layers.{3 - i}"
        yield f"{ours}.skip.conv1", f"{official}.resConfUnit1.conv1", f"{theirs}.residual_layer1.convolution1"
        yield f"{ours}.skip.conv2", f"{official}.resConfUnit1.conv2", f"{theirs}.residual_layer1.convolution2"
        yield f"{ours}.refine.conv1", f"{official}.resConfUnit2.conv1", f"{theirs}.residual_layer2.convolution1"
        yield f"{ours}.refine.conv2", f"{official}.resConfUnit2.conv2", f"{theirs}.residual_layer2.convolution2"
        yield f"{ours}.out", f"{official}.out_conv", f"{theirs}.projection"
    yield "head.at_half", "depth_head.scratch.output_conv1", "head.conv1"
    yield "head.at_full", "depth_head.scratch.output_conv2.0", "head.conv2"
    yield "head.out", "depth_head.scratch.output_conv2.2", "head.conv3"


def recognise(names: Iterable[str]) -> Layout:
    """The layout of a state dict with these names.

    Raises:
        ValueError: it is none of the known ones.
    """
    names = [name.removeprefix("module.") for name in names]
    for mark, layout in MARKS.items():
        if mark in names:
            return layout
    raise ValueError(f"weights of no known layout, with names such as {_some(names)}")


def to_fathom(state: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """A depth network's state dict of any layout -> fathom's, without what takes no part in the output.

    Raises:
        ValueError: no known layout, or a backbone alone, or names in it that the layout does not have.
    """
    layout = recognise(state)
    state = {name.removeprefix("module."): tensor for name, tensor in state.items()}
    if layout == "fathom":
        return state
    if layout == "dinov2":
        raise ValueError("these are the weights of a DINOv2 backbone alone, which gives no depth yet")
    state = {name: tensor for name, tensor in state.items() if not name.startswith(UNUSED)}
    if layout == "official":
        return _renamed(state, {official: ours for ours, official, _ in table()})
    return _renamed(_joined(state), {theirs: ours for ours, _, theirs in table()})


def to_official(state: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """A ViT depth network's state dict of any layout -> what the reference code loads, its unused entries zeros.

    Raises:
        ValueError: as `to_fathom`; or the network's encoder is no ViT.
    """
    state = to_fathom(state)
    if "encoder.pos_embed" not in state:
        raise ValueError("only networks with a ViT for encoder can be written in the official layout")
    official = _renamed(state, {ours: official for ours, official, _ in table()})
    official["pretrained.mask_token"] = torch.zeros_like(state["encoder.cls_token"][0])  # (1, C)
    unit = "depth_head.scratch.refinenet4.resConfUnit"
    for name in ("conv1.weight", "conv1.bias", "conv2.weight", "conv2.bias"):
        official[f"{unit}1.{name}"] = torch.zeros_like(official[f"{unit}2.{name}"])
    return official


def encoder_from_dinov2(state: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """The state dict of a published DINOv2 backbone -> that of `DINOv2`, a depth network's encoder.

    Raises:
        ValueError: it is something else, or a backbone with register tokens.
    """
    if recognise(state) != "dinov2":
        raise ValueError("these are not the weights of a DINOv2 backbone")
    if "register_tokens" in state:
        raise ValueError("this DINOv2 backbone has register tokens; Depth Anything builds on the one without")
    return {name: tensor for name, tensor in state.items() if name != "mask_token"}


def load_weights(net: DepthNet, state: Mapping[str, Tensor], assign: bool = False) -> None:
    """Load a state dict of any layout into the network, or with `assign` make its tensors the network's own.

    Raises:
        ValueError: as `to_fathom`; or it does not fit, with the names of what is missing, unexpected or mis-shaped.
    """
    state, wanted = to_fathom(state), net.state_dict()
    common = wanted.keys() & state.keys()
    differences = {
        "missing": wanted.keys() - common,
        "unexpected": state.keys() - common,
        "of another shape": {name for name in common if state[name].shape != wanted[name].shape},
    }
    said = [f"{what}: {_some(sorted(names))}" for what, names in differences.items() if names]
    if said:
        raise ValueError(f"the weights do not fit the network ({'; '.join(said)})")
    net.load_state_dict(state, assign=assign)


def _joined(state: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """Weights of transformers under the newer names, and as one matrix what is one in the original."""
    joined = {}
    for name, tensor in state.items():
        for older, newer in OLDER.items():
            name = name.replace(older, newer)
        joined[name] = tensor
    for whole, parts in JOINED.items():
        for first in [name for name in joined if f".{parts[0]}." in name]:
            names = [first.replace(parts[0], part) for part in parts]
            missing = [name for name in names if name not in joined]
            if missing:
                raise ValueError(f"missing in the weights: {_some(missing)}")
            joined[first.replace(parts[0], whole)] = torch.cat([joined.pop(name) for name in names])
    return joined


def _renamed(state: Mapping[str, Tensor], names: Mapping[str, str]) -> dict[str, Tensor]:
    """The state dict with modules and free parameters renamed.

    Raises:
        ValueError: some are not among `names`.
    """
    renamed, unknown = {}, []
    for name, tensor in state.items():
        module, _, parameter = name.rpartition(".")
        if name in names:
            renamed[names[name]] = tensor
        elif module in names:
            renamed[f"{names[module]}.{parameter}"] = tensor
        else:
            unknown.append(name)
    if unknown:
        raise ValueError(f"unexpected in the weights: {_some(unknown)}")
    return renamed


def _some(names: list[str]) -> str:
    return ", ".join(names[:5]) + (f" and {len(names) - 5} more" if len(names) > 5 else "")
