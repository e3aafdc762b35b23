import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fathom.render.camera import Camera

angles = st.floats(-89, 89)


@settings(deadline=None)
@given(st.floats(-180, 180), angles, st.floats(-180, 180))
def test_axes_are_a_right_handed_frame(yaw, pitch, roll):
    axes = Camera((0, 0, 0), yaw, pitch, roll).axes()
    assert np.allclose(axes @ axes.T, np.eye(3), atol=1e-12)
    assert np.isclose(np.linalg.det(axes), 1)


def test_the_picture_is_upright():
    right, down, forward = Camera((0, 0, 0)).axes()
    assert np.allclose(right, [1, 0, 0]) and np.allclose(down, [0, 0, -1]) and np.allclose(forward, [0, 1, 0])


def test_yaw_turns_left_and_pitch_up():
    assert np.allclose(Camera((0, 0, 0), yaw=90).axes()[2], [-1, 0, 0])
    assert Camera((0, 0, 0), pitch=30).axes()[2][2] == pytest.approx(0.5)


@settings(deadline=None)
@given(st.floats(-5, 5), st.floats(1, 5), st.floats(-5, 5), st.floats(-30, 30))
def test_looking_at_puts_the_target_on_the_axis(x, y, z, roll):
    camera = Camera.looking_at((1, -1, 0.5), (x, y, z), roll=roll)
    target = np.array([x, y, z]) - camera.at
    assert np.allclose(camera.axes() @ target, [0, 0, np.linalg.norm(target)], atol=1e-9)
    assert camera.focus == pytest.approx(np.linalg.norm(target))


def test_directions_agree_with_the_intrinsics():
    camera = Camera((0, 0, 0), 20, 10, 5, fov=70)
    d = camera.directions(32, 24) @ camera.axes().T
    k = camera.intrinsics(32, 24)
    y, x = np.mgrid[:24, :32] + 0.5
    assert np.allclose(d[..., 2], 1)
    assert np.allclose(d[..., 0] * k.fx + k.cx, x) and np.allclose(d[..., 1] * k.fy + k.cy, y)
    left, right = d[0, 0, 0] - 0.5 / k.fx, d[0, -1, 0] + 0.5 / k.fx
    assert np.degrees(np.arctan(right) - np.arctan(left)) == pytest.approx(70)


@pytest.mark.parametrize("target, forward", [((1, 2, -1), [0, 0, -1]), ((1, 2, 9), [0, 0, 1])])
@pytest.mark.parametrize("roll", [0, 90, -30])
def test_looking_straight_down_and_up(target, forward, roll):
    right, down, axis = Camera.looking_at((1, 2, 3), target, roll=roll).axes()
    assert np.allclose(axis, forward)
    turned = np.degrees(np.arctan2(right[1], right[0]))
    assert abs(turned) == pytest.approx(abs(roll)) and abs(right[2]) < 1e-12
    assert np.allclose(np.cross(axis, right), down)


def test_a_camera_does_not_look_at_itself():
    with pytest.raises(ValueError, match="cannot look at where it stands"):
        Camera.looking_at((1, 2, 3), (1.0, 2.0, 3.0))


@pytest.mark.parametrize("width, height", [(40, 30), (30, 40), (35, 35)])
@pytest.mark.parametrize("fov", [30, 75, 110])
def test_the_longer_side_spans_the_field_of_view(width, height, fov):
    k = Camera((0, 0, 0), fov=fov).intrinsics(width, height)
    assert k.fx == k.fy and (k.cx, k.cy) == (width / 2, height / 2)
    assert 2 * np.degrees(np.arctan(max(width, height) / 2 / k.fx)) == pytest.approx(fov)
