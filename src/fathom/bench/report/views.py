"""Pictures that show how a prediction differs from the ground truth."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from functools import cache

import cv2
import numpy as np

from fathom.bench.alignment import Kind
from fathom.bench.pairs import PairSuite, both_orders
from fathom.bench.protocol import Protocol
from fathom.bench.scoring import align_picture
from fathom.bench.suite import Case, DepthSuite, Suite
from fathom.bench.truth import GroundTruth
from fathom.bench.video import ClipSuite
from fathom.display import colour_table

WIDTH = 360  # pixels of a shown picture
UNKNOWN = (60, 60, 60)
FULL_ERROR = np.log(1.5)  # the error at which the error map is fully red or blue
View = tuple[str, np.ndarray]  # a caption, and uint8 RGB (h, w, 3)


def views(suite: Suite, case: Case, predictions: Sequence[np.ndarray], kind: Kind) -> list[View]:
    """What to show of one case: the picture first, then what was known and what was predicted."""
    if isinstance(suite, DepthSuite):
        return depth_views(case, suite.read_truth(case), predictions[0], kind, suite.protocol)
    if isinstance(suite, PairSuite):
        return pair_views(suite, case, predictions[0], kind)
    if isinstance(suite, ClipSuite):
        return clip_views(suite, case, predictions, kind)
    return [("picture", case.frames[0].read())]


def depth_views(case: Case, truth: GroundTruth, prediction: np.ndarray, kind: Kind, protocol: Protocol) -> list[View]:
    aligned = align_picture(prediction, kind, truth, protocol)
    scored, known = aligned.scored, thickened(aligned.scored)
    inverse_truth = 1 / filled(truth.depth, scored)
    limits = range_of(inverse_truth[scored])
    error = np.where(scored, np.log(filled(aligned.depth, scored) / filled(truth.depth, scored)), 0)
    return [
        ("picture", case.frames[0].read()),
        ("ground truth, inverse depth", coloured(dense(inverse_truth, scored), limits, known)),
        ("prediction, aligned", coloured(1 / aligned.depth, limits, np.isfinite(aligned.depth))),
        (
            "error: red too far, blue too near, full at a factor 1.5",
            diverging(dense(error, scored) / FULL_ERROR, known),
        ),
    ]


def pair_views(suite: PairSuite, case: Case, prediction: np.ndarray, kind: Kind) -> list[View]:
    picture = case.frames[0].read().copy()  # to draw on
    radius = max(3, picture.shape[1] // 60)
    nearness = prediction if kind == "relative" else -prediction
    finite = np.isfinite(nearness)
    shown = coloured(nearness, range_of(nearness[finite]), finite)
    for image in (picture, shown):
        for pair in suite.pairs[case.name]:
            good = both_orders(prediction, pair, kind) == 1
            ink = (60, 220, 60) if good else (255, 50, 50)
            near, far = (point[::-1] for point in (pair.nearer, pair.farther))
            cv2.line(image, near, far, ink, max(1, radius // 3), cv2.LINE_AA)
            cv2.circle(image, near, radius, ink, -1, cv2.LINE_AA)
            cv2.circle(image, far, radius, ink, max(1, radius // 3), cv2.LINE_AA)
    return [("picture; the full dot is the nearer one", picture), ("prediction; green right, red wrong", shown)]


def clip_views(suite: ClipSuite, case: Case, predictions: Sequence[np.ndarray], kind: Kind) -> list[View]:
    """The middle frame, and the middle row of every frame over time: what flickers shows as stripes."""
    truth = suite.read_truth(case)
    middle = len(predictions) // 2
    row = predictions[0].shape[0] // 2
    near = [p[row] if kind == "relative" else 1 / np.maximum(p[row], 1e-6) for p in predictions]
    known = np.stack([f.valid[row] for f in truth.frames])
    inverse = np.stack([1 / np.where(f.valid[row], f.depth[row], np.inf) for f in truth.frames])
    stacked = np.stack(near)
    tall = max(1, WIDTH // 2 // len(predictions))

    def slices(values: np.ndarray, known: np.ndarray) -> np.ndarray:
        image = coloured(values, range_of(values[known]), known)
        return np.repeat(image, tall * values.shape[1] // WIDTH or 1, axis=0)

    return [
        (f"frame {middle + 1} of {len(predictions)}", case.frames[middle].read()),
        ("ground truth: middle row, time runs down", slices(inverse, known)),
        ("prediction: middle row, time runs down", slices(stacked, np.isfinite(stacked))),
    ]


def filled(values: np.ndarray, known: np.ndarray) -> np.ndarray:
    return np.where(known, values, 1.0)


def thickened(mask: np.ndarray) -> np.ndarray:
    """Sparse points as dots that survive being made smaller; dense masks as they are."""
    if mask.mean() > 0.2:
        return mask
    return cv2.dilate(mask.astype(np.uint8), np.ones((_dot(mask),) * 2, np.uint8)).astype(bool)


def dense(values: np.ndarray, known: np.ndarray) -> np.ndarray:
    """The values with those of sparse points spread over their dots."""
    if known.mean() > 0.2:
        return values
    kernel = np.ones((_dot(known),) * 2, np.uint8)
    largest = cv2.dilate(np.where(known, values, -np.inf).astype(np.float32), kernel)
    smallest = cv2.erode(np.where(known, values, np.inf).astype(np.float32), kernel)
    return np.where(np.abs(largest) > np.abs(smallest), largest, smallest)


def _dot(mask: np.ndarray) -> int:
    return max(3, mask.shape[1] // 150) | 1


def range_of(values: np.ndarray) -> tuple[float, float]:
    """The 1st and 99th percentile of values (N,): what is shown from dark to bright."""
    low, high = np.percentile(values, (1, 99)) if values.size else (0, 1)
    return float(low), float(high)


def coloured(values: np.ndarray, limits: tuple[float, float], known: np.ndarray) -> np.ndarray:
    """uint8 RGB of values (H, W), low is dark; grey where not `known`."""
    low, high = limits
    shown = np.clip((np.where(known, values, low) - low) / ((high - low) or 1), 0, 1)
    image = _table()[np.rint(shown * 255).astype(np.uint8)]
    image[~known] = UNKNOWN
    return image


def diverging(values: np.ndarray, known: np.ndarray) -> np.ndarray:
    """uint8 RGB of values (H, W) in -1..1: blue, white, red; grey where not `known` or not finite."""
    known = known & np.isfinite(values)
    v = np.clip(np.where(known, values, 0), -1, 1)[..., None]
    red, blue = np.array([178, 24, 43]), np.array([33, 102, 172])
    image = 255 + np.abs(v) * (np.where(v > 0, red, blue) - 255)
    image = np.rint(image).astype(np.uint8)
    image[~known] = UNKNOWN
    return image


@cache
def _table() -> np.ndarray:
    return colour_table("inferno")


def data_uri(rgb: np.ndarray) -> str:
    """A JPEG of at most WIDTH pixels' width, in the form that a page can hold inside itself."""
    if rgb.shape[1] > WIDTH:
        height = max(1, round(rgb.shape[0] * WIDTH / rgb.shape[1]))
        rgb = cv2.resize(rgb, (WIDTH, height), interpolation=cv2.INTER_AREA)
    encoded = cv2.imencode(".jpg", rgb[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, 85])[1]
    return "data:image/jpeg;base64," + base64.b64encode(encoded.tobytes()).decode()
