import pytest
from small_scenes import H, W

from fathom.render import tracer
from fathom.render.plugins import Builder


@pytest.fixture(scope="module")
def mitsuba():
    return tracer.load_mitsuba()


@pytest.fixture(scope="module")
def trace(mitsuba):
    """Makes a `Tracer` of a scene; one at a time, because they share a builder. All trace as many rays: one kernel."""
    builder = Builder(mitsuba)
    return lambda scene: tracer.Tracer(mitsuba, scene, W * H, builder)
