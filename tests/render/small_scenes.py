"""Scenes of a few shapes, and the size at which they are looked at."""

import numpy as np

from fathom.render.materials import textured
from fathom.render.scene import TEXTURE, Scene

W, H = 64, 48
GREY = textured(np.full((TEXTURE, TEXTURE, 3), 0.5, np.float32))


def scene_of(*parts):
    scene = Scene("test", np.ones((16, 32, 3), np.float32))
    for mesh, material in parts:
        scene.add(mesh, material)
    return scene
