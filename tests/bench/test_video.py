"""TAE against plain loops and against scenes whose motion is known."""

import math

import numpy as np
import pytest

from fathom.bench.protocols.clip import PROTOCOL
from fathom.bench.truth import GroundTruth
from fathom.bench.video import ClipTruth, reproject, score_clip, temporal_alignment_error
from fathom.intrinsics import Intrinsics

RNG = np.random.default_rng(4)
CAMERA = Intrinsics(20, 22, 8, 6)
SIZE = (12, 16)
EVERYWHERE = np.ones(SIZE, bool)


def pose(x=0.0, y=0.0, z=0.0, turn=0.0):
    """Camera to world: turned about the vertical axis by `turn` radians, then moved."""
    matrix = np.eye(4)
    matrix[:3, 3] = x, y, z
    matrix[0, 0] = matrix[2, 2] = math.cos(turn)
    matrix[0, 2], matrix[2, 0] = math.sin(turn), -math.sin(turn)
    return matrix


def slow_reproject(depth, valid, motion, k):
    height, width = depth.shape
    carried = np.full((height, width), np.inf)
    for row in range(height):
        for column in range(width):
            if not valid[row, column]:
                continue
            z = depth[row, column]
            point = [(column + 0.5 - k.cx) / k.fx * z, (row + 0.5 - k.cy) / k.fy * z, z]
            x, y, z = (sum(motion[i, j] * point[j] for j in range(3)) + motion[i, 3] for i in range(3))
            if z <= 0:
                continue
            u, v = math.floor(k.fx * x / z + k.cx), math.floor(k.fy * y / z + k.cy)
            if 0 <= u < width and 0 <= v < height:
                carried[v, u] = min(carried[v, u], z)
    return carried


def slow_tae(depths, valids, poses, k):
    total = count = 0
    for i in range(len(depths) - 1):
        for a, b in ((i, i + 1), (i + 1, i)):
            carried = slow_reproject(depths[a], valids[a], np.linalg.inv(poses[b]) @ poses[a], k)
            errors = [
                abs(carried[r, c] - depths[b][r, c]) / depths[b][r, c]
                for r, c in np.ndindex(carried.shape)
                if math.isfinite(carried[r, c]) and valids[b][r, c]
            ]
            total, count = total + sum(errors) / len(errors), count + 1
    return 100 * total / count


def test_reprojection_and_tae_are_the_slow_ones():
    depths = [RNG.uniform(0.5, 4, SIZE) for _ in range(3)]
    valids = [RNG.random(SIZE) < 0.8 for _ in range(3)]
    poses = np.stack([pose(), pose(0.1, -0.05, 0.7, 0.1), pose(0.2, 0.05, 1.0, -0.1)])
    motion = np.linalg.inv(poses[1]) @ poses[0]
    np.testing.assert_allclose(
        reproject(depths[0], valids[0], motion, CAMERA), slow_reproject(depths[0], valids[0], motion, CAMERA)
    )
    assert temporal_alignment_error(depths, valids, poses, CAMERA) == pytest.approx(
        slow_tae(depths, valids, poses, CAMERA)
    )


def test_a_camera_that_stands_still():
    depth = RNG.uniform(1, 4, SIZE)
    poses = np.stack([pose(1, 2, 3, 0.4)] * 2)
    assert temporal_alignment_error([depth, depth], [EVERYWHERE] * 2, poses, CAMERA) == pytest.approx(0, abs=1e-6)
    # One frame a tenth farther: |d - 1.1 d| / 1.1 d one way, |1.1 d - d| / d the other.
    error = temporal_alignment_error([depth, 1.1 * depth], [EVERYWHERE] * 2, poses, CAMERA)
    assert error == pytest.approx(100 * (0.1 / 1.1 + 0.1) / 2)


def test_a_wall_comes_nearer_as_the_camera_moves():
    """A wall at 3 m seen from 3 m and from 2.5 m: right depths have no error, unmoved ones have."""
    poses = np.stack([pose(), pose(z=0.5)])
    right = [np.full(SIZE, 3.0), np.full(SIZE, 2.5)]
    assert temporal_alignment_error(right, [EVERYWHERE] * 2, poses, CAMERA) == pytest.approx(0, abs=1e-6)
    frozen = [np.full(SIZE, 3.0)] * 2
    error = temporal_alignment_error(frozen, [EVERYWHERE] * 2, poses, CAMERA)
    assert error == pytest.approx(100 * (0.5 / 3 + 0.5 / 3) / 2)


def test_the_nearest_point_wins_whatever_the_order():
    """Moving back and to the side, a near post and the far wall fall on the same pixels."""
    depth = np.full(SIZE, 5.0)
    depth[:, 8] = 1.0
    for flipped in (depth, depth[:, ::-1]):
        carried = reproject(flipped, EVERYWHERE, np.linalg.inv(pose(z=-2.0)), CAMERA)
        column = 8 if flipped is depth else 7
        assert np.isclose(carried[:, column], 3.0).any()
        assert not np.isclose(carried[4:8, column], 7.0).any()


def test_points_behind_the_camera_are_dropped():
    carried = reproject(np.full(SIZE, 1.0), EVERYWHERE, np.linalg.inv(pose(z=2.0)), CAMERA)
    assert np.isinf(carried).all()


def test_lost_cameras_are_left_out():
    depth = RNG.uniform(1, 4, SIZE)
    poses = np.stack([pose(), np.full((4, 4), np.nan), pose(), pose()])
    error = temporal_alignment_error([depth, 9 * depth, depth, 1.1 * depth], [EVERYWHERE] * 4, poses, CAMERA)
    assert error == pytest.approx(100 * (0.1 / 1.1 + 0.1) / 2)
    assert np.isnan(temporal_alignment_error([depth] * 2, [EVERYWHERE] * 2, np.full((2, 4, 4), np.nan), CAMERA))


def clip(depths, poses):
    return ClipTruth([GroundTruth(d, EVERYWHERE) for d in depths], np.stack(poses), CAMERA)


def test_a_clip_has_one_scale_and_shift():
    depths = [np.full(SIZE, 3.0), np.full(SIZE, 2.5), np.full(SIZE, 2.0)]
    for d in depths:
        d[:, :5] += 1
    truth = clip(depths, [pose(z=z) for z in (0, 0.5, 1)])
    steady = score_clip([2 / d - 0.1 for d in depths], "relative", truth, PROTOCOL)
    assert steady.metrics["abs_rel"] == pytest.approx(0, abs=1e-6)
    assert steady.metrics["tae"] == pytest.approx(steady.metrics["tae_truth"], abs=1e-4)
    flickering = score_clip([2 / depths[0], 3 / depths[1], 2 / depths[2]], "relative", truth, PROTOCOL)
    assert flickering.metrics["tae"] > 10 * steady.metrics["tae_truth"] + 1
    assert score_clip([d for d in depths], "metric", truth, PROTOCOL).metrics["abs_rel"] == 0


def test_bad_clips_are_reported_as_what_they_are():
    depths = [RNG.uniform(1, 4, SIZE) for _ in range(2)]
    truth = clip(depths, [pose(), pose()])
    assert score_clip([np.ones(SIZE)] * 2, "relative", truth, PROTOCOL).remarks == ("constant",)
    assert "upside down" in score_clip([-1 / d for d in depths], "relative", truth, PROTOCOL).remarks[0]
    broken = score_clip([np.full(SIZE, np.nan), 1 / depths[1]], "relative", truth, PROTOCOL)
    assert "not finite: 0.5" in broken.remarks[0] and np.isnan(broken.metrics["tae"])
    with pytest.raises(ValueError, match="the prediction is"):
        score_clip([np.ones((3, 3))] * 2, "relative", truth, PROTOCOL)
