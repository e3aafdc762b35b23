import cv2
import numpy as np
import pytest
from PIL import Image

import fathom
from fathom.enlarge import enlarge, enlarge_guided
from fathom.errors import UsageError
from fathom.predict import Model, network_size, prepare, shown
from fathom.zoo.checkpoint import Card
from fathom.zoo.records import INPUTS, Input

RNG = np.random.default_rng(0)
IMAGENET = Input(14, (0.485, 0.456, 0.406), (0.229, 0.224, 0.225), antialias=False)


@pytest.fixture(scope="module")
def nano() -> Model:
    return fathom.load("nano")


def noise(height: int, width: int) -> np.ndarray:
    return RNG.integers(0, 256, (height, width, 3), np.uint8)


@pytest.mark.parametrize(
    "picture, size, multiple, wanted",
    [
        ((480, 640), 518, 14, (518, 686)),  # 690.7 is nearest to 49 x 14
        ((640, 480), 518, 14, (686, 518)),
        ((1000, 1000), 518, 14, (518, 518)),
        ((375, 1242), 518, 14, (518, 1722)),
        ((480, 640), 224, 32, (224, 288)),
        ((480, 640), 230, 32, (256, 320)),  # never less than asked for
        ((480, 640), 1, 32, (32, 32)),
        ((1, 1), 224, 32, (224, 224)),
        ((40, 20000), 224, 32, (224, 1792)),
        ((20000, 40), 518, 14, (4144, 518)),
    ],
)
def test_network_size(picture, size, multiple, wanted):
    assert network_size(*picture, size, multiple) == wanted


def test_input_of_the_reference():
    """RGB / 255, cubic without antialiasing, mean and std; the reference does it in float64."""
    import cv2

    flat = prepare(np.full((30, 40, 3), (255, 0, 51), np.uint8), (28, 42), IMAGENET)
    assert flat.shape == (3, 28, 42) and flat.dtype == np.float32 and flat.flags.c_contiguous
    assert np.allclose(flat[:, 3, 3], [(1 - 0.485) / 0.229, -0.456 / 0.224, (0.2 - 0.406) / 0.225], atol=1e-6)
    rgb = noise(90, 70)
    wanted = cv2.resize(rgb / 255.0, (28, 42), interpolation=cv2.INTER_CUBIC)
    wanted = (wanted - IMAGENET.mean) / IMAGENET.std
    assert np.allclose(prepare(rgb, (42, 28), IMAGENET), wanted.transpose(2, 0, 1), atol=1e-4)


def test_antialiased_input_averages():
    stripes = np.zeros((320, 320, 3), np.uint8)
    stripes[:, ::2] = 254
    x = prepare(stripes, (32, 32), INPUTS["lite0"])
    assert np.allclose(x, 0, atol=1e-6)  # 127 is the Lite networks' zero


def test_inputs_are_what_the_networks_say():
    torch, nets = pytest.importorskip("torch"), pytest.importorskip("fathom.nets")
    for architecture, wanted in INPUTS.items():
        with torch.device("meta"):  # its constants are real all the same
            net = nets.build(architecture)
        assert net.multiple == wanted.multiple
        assert np.allclose(net.mean.flatten(), wanted.mean) and np.allclose(net.std.flatten(), wanted.std)


def test_edges_are_the_pictures_or_the_networks(nano):
    rgb = cv2.GaussianBlur(noise(90, 120), (0, 0), 5)
    x = prepare(rgb, network_size(90, 120, nano.size, 32), nano.input)
    values = nano.run([x])[0]
    of_network = Model("n", nano.card, nano.runtime, edges="network")(rgb).values
    assert np.array_equal(of_network, enlarge(values, 90, 120))
    of_picture = Model("n", nano.card, nano.runtime, edges="picture")(rgb).values
    small = cv2.resize(rgb, x.shape[:0:-1], interpolation=cv2.INTER_CUBIC).astype(np.float32) / 255
    assert np.abs(of_picture - enlarge_guided(values, rgb, small)).max() < 0.02 * np.ptp(values)
    assert np.abs(of_picture - of_network).max() > 0.01 * np.ptp(values)
    assert np.array_equal(nano(rgb).values, of_picture)  # as its edges are soft


def test_a_shown_input_is_the_picture():
    rgb = noise(28, 42)
    for wanted in INPUTS.values():
        assert np.abs(shown(prepare(rgb, (28, 42), wanted), wanted) * 255 - rgb).max() < 1e-3


def test_no_such_edges():
    with pytest.raises(UsageError, match="no way to find edges is called 'photo'; there are auto, picture, network"):
        fathom.load("nano", edges="photo")


def test_a_depth_map_has_the_pictures_own_size(nano, tmp_path):
    rgb = noise(50, 70)
    depth = nano(rgb)
    assert depth.values.shape == (50, 70) and depth.values.dtype == np.float32
    assert (depth.kind, depth.model, depth.valid) == ("relative", "nano", None)
    Image.fromarray(rgb).save(tmp_path / "a.png")
    for source in (tmp_path / "a.png", Image.fromarray(rgb)):
        assert np.array_equal(nano(source).values, depth.values)


def test_the_camera_of_exif_goes_with_it(nano):
    image, exif = Image.new("RGB", (40, 30)), Image.Exif()
    exif.get_ifd(0x8769)[0xA405] = 26
    image.info["exif"] = exif.tobytes()
    assert nano(image).intrinsics.cx == 20


@pytest.mark.parametrize("runtime", ["openvino", "torch"])
def test_a_list_gives_what_each_picture_gives(runtime):
    if runtime == "torch":
        pytest.importorskip("torch")
    model = fathom.load("nano", runtime=runtime, size=64)
    model.runtime.batch = 3
    pictures = [noise(*shape) for shape in [(40, 60), (80, 50), (80, 120), (41, 60), (40, 61), (50, 50), (40, 60)]]
    together = model(pictures)
    for picture, depth in zip(pictures, together, strict=True):
        alone = model(picture).values
        assert np.abs(alone - depth.values).max() <= 1e-4 * np.ptp(alone)
    assert model([]) == []


def test_runs_of_one_shape_go_together():
    shapes = []

    class Recorder:
        batch = 2

        def __call__(self, x):
            shapes.append(x.shape)
            return x[:, 0]

    model = Model("recorder", Card("lite0", "relative", 32), Recorder())
    model([noise(32, 32), noise(32, 64), noise(32, 32), noise(64, 64)])
    assert sorted(shapes) == [(1, 3, 32, 32), (1, 3, 32, 64), (2, 3, 32, 32)]


@pytest.mark.parametrize("shape", [(1, 1), (1, 50), (3000, 6), (2, 2)])
def test_odd_shapes_work(nano, shape):
    depth = nano(noise(*shape))
    assert depth.values.shape == shape and np.isfinite(depth.values).all()


def test_a_network_that_gives_nan_is_caught():
    class Broken:
        batch = 1

        def __call__(self, x):
            return np.full_like(x[:, 0], np.nan)

    with pytest.raises(ValueError, match="not finite"):
        Model("broken", Card("lite0", "relative", 32), Broken())(noise(32, 32))


@pytest.mark.parametrize("size", [0, -5, 100_000])
def test_a_size_out_of_range_is_refused(size):
    with pytest.raises(UsageError, match="size"):
        fathom.load("nano", size=size)


def test_size_changes_the_networks_input():
    model = fathom.load("nano", size=64)
    assert model.size == 64
    assert model(noise(100, 100)).values.shape == (100, 100)


def test_tiles_of_a_model_are_those_of_the_function(nano):
    from fathom.tiles import tiled

    picture = noise(700, 900)
    whole = nano(picture).values
    wanted = tiled(picture, lambda crops: [depth.values for depth in nano(list(crops))], whole, 2, nano.size)
    found = nano(picture, tiles=2)
    assert np.array_equal(found.values, wanted) and not np.array_equal(wanted, whole)
    assert found.kind == "relative"
    with pytest.raises(UsageError, match="at least 1 tile"):
        nano(picture, tiles=0)


@pytest.mark.parametrize("antialias", [True, False])
def test_a_large_picture_is_never_in_float32_as_a_whole(antialias):
    import tracemalloc

    picture = np.zeros((3000, 4000, 3), np.uint8)
    wanted = Input(14, (0.5,) * 3, (0.5,) * 3, antialias)
    tracemalloc.start()
    prepare(picture, (252, 336), wanted)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < picture.nbytes  # a copy in float32 would take four times that
