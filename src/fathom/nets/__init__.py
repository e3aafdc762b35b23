"""torch modules: encoders, the DPT head, their assembly. They know nothing of files, pictures or training."""

from fathom.nets.depth_net import ARCHITECTURES, DepthNet, build, pretrained_encoder

__all__ = ["ARCHITECTURES", "DepthNet", "build", "pretrained_encoder"]
