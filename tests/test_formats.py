import json
import struct

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays
from PIL import Image

from fathom import Depth, Intrinsics
from fathom.errors import UsageError
from fathom.formats import FORMATS

FLOATS = ["npy", "npz", "exr", "pfm", "tiff"]
SAYS_ITS_KIND = ["npz", "exr", "tiff", "png16"]
shapes = array_shapes(min_dims=2, max_dims=2, max_side=7)
cameras = st.none() | st.builds(Intrinsics, *[st.floats(0.1, 1e4)] * 4)


@st.composite
def depths(draw, elements=None):
    shape = draw(shapes)
    values = draw(arrays(np.float32, shape, elements=elements or st.floats(width=32)))
    valid = draw(st.none() | arrays(bool, shape))
    return Depth(values, draw(st.sampled_from(["relative", "metric"])), valid, draw(cameras), draw(st.text(max_size=9)))


def round_trip(depth: Depth, name: str, folder) -> Depth:
    path = folder / f"map{FORMATS[name].endings[0]}"
    depth.save(path)
    return Depth.load(path, **({} if name in SAYS_ITS_KIND else {"kind": depth.kind}))


@pytest.mark.parametrize("name", FLOATS)
@settings(max_examples=40, deadline=None)
@given(depth=depths())
def test_float_formats_give_back_every_value_and_what_it_means(name, depth, tmp_path_factory):
    back = round_trip(depth, name, tmp_path_factory.getbasetemp())
    known = ~np.isnan(depth.values) if depth.valid is None else depth.valid
    if name != "npz":
        known = known & ~np.isnan(depth.values)
    assert back.kind == depth.kind
    assert np.array_equal(back.values[known], depth.values[known], equal_nan=True)
    assert np.array_equal(known, np.ones_like(known) if back.valid is None else back.valid)
    if name in SAYS_ITS_KIND:
        assert (back.intrinsics, back.model) == (depth.intrinsics, depth.model)


@settings(max_examples=150, deadline=None)
@given(depth=depths())
def test_png_gives_back_every_value_to_half_a_step(depth, tmp_path_factory):
    path = tmp_path_factory.getbasetemp() / "map.depth16.png"
    depth.save(path)
    back = Depth.load(path)
    scale = json.loads(Image.open(path).info["fathom"])["scale"]
    known = ~(np.isnan(depth.values) | np.isneginf(depth.values))
    if depth.valid is not None:
        known &= depth.valid
    if depth.kind == "metric":
        known &= depth.values > 0
    assert (back.kind, back.intrinsics, back.model) == (depth.kind, depth.intrinsics, depth.model)
    assert np.array_equal(known, np.ones_like(known) if back.valid is None else back.valid)
    assert np.array_equal(np.isinf(back.values[known]), np.isinf(depth.values[known]))
    finite = known & np.isfinite(depth.values)
    if depth.kind == "metric":
        finite &= (
            depth.values >= scale / 2
        )  # nothing positive becomes "not valid", so less than half a step is one step
    ours, theirs = depth.values[finite].astype(np.float64), back.values[finite].astype(np.float64)
    assert (np.abs(ours - theirs) <= scale / 2 * (1 + 1e-6) + np.abs(ours) * 2**-23).all()


def test_png_of_metres_is_in_millimetres_while_they_fit(tmp_path):
    Depth(np.array([[1.234, 65.534]]), "metric").save(tmp_path / "a.png")
    assert np.asarray(Image.open(tmp_path / "a.png")).tolist() == [[1234, 65534]]
    Depth(np.array([[1, 80]]), "metric").save(tmp_path / "b.png")
    assert np.asarray(Image.open(tmp_path / "b.png"))[0, 1] == 65534


def test_png_of_a_constant_map(tmp_path):
    Depth(np.full((2, 3), 0.7), "relative").save(tmp_path / "a.png")
    assert np.allclose(Depth.load(tmp_path / "a.png").values, 0.7)


def test_exr_names_its_channel_for_what_it_is(tmp_path):
    import OpenEXR

    for kind, channel in (("metric", "Z"), ("relative", "disparity")):
        Depth(np.ones((2, 3)), kind).save(tmp_path / "a.exr")
        with OpenEXR.File(str(tmp_path / "a.exr"), separate_channels=True) as file:
            assert list(file.channels()) == [channel]


def test_pfm_runs_from_the_bottom_up_in_either_byte_order(tmp_path):
    path = tmp_path / "a.pfm"
    Depth(np.array([[1, 2], [3, 4]]), "metric").save(path)
    assert path.read_bytes() == b"Pf\n2 2\n-1.0\n" + struct.pack("<4f", 3, 4, 1, 2)
    path.write_bytes(b"Pf\n2 2\n1.0\n" + struct.pack(">4f", 3, 4, 1, 2))
    assert Depth.load(path, "metric").values.tolist() == [[1, 2], [3, 4]]


@pytest.mark.parametrize("name", ["npy", "pfm"])
def test_a_file_that_does_not_say_its_kind_is_asked_for_it(name, tmp_path):
    path = tmp_path / f"a.{name}"
    Depth(np.ones((2, 3)), "metric").save(path)
    with pytest.raises(ValueError, match="kind='relative' or kind='metric'"):
        Depth.load(path)


@pytest.mark.parametrize("name", SAYS_ITS_KIND)
def test_a_kind_is_never_turned_into_the_other(name, tmp_path):
    path = tmp_path / f"a{FORMATS[name].endings[0]}"
    Depth(np.ones((2, 3)), "relative").save(path)
    with pytest.raises(ValueError, match="is relative, not metric"):
        Depth.load(path, "metric")


def test_endings(tmp_path):
    depth = Depth(np.arange(6).reshape(2, 3), "relative")
    depth.save(tmp_path / "A.TIF")
    assert Depth.load(tmp_path / "A.TIF").kind == "relative"
    depth.save(tmp_path / "a.colour.png")
    assert Image.open(tmp_path / "a.colour.png").mode == "RGB"
    with pytest.raises(ValueError, match="to look at"):
        Depth.load(tmp_path / "a.colour.png")
    with pytest.raises(UsageError, match=r"\.exr"):
        depth.save(tmp_path / "a.jpg")


@pytest.mark.parametrize("name", [*FLOATS, "png16"])
@pytest.mark.parametrize("keep", [0, 0.5])
def test_damaged_files_are_refused_in_a_sentence(name, keep, tmp_path):
    path = tmp_path / f"a{FORMATS[name].endings[0]}"
    Depth(np.random.default_rng(0).random((40, 40)), "relative").save(path)
    data = path.read_bytes()
    path.write_bytes(data[: int(len(data) * keep)])
    with pytest.raises(ValueError, match="is not a depth map fathom can read"):
        Depth.load(path, "relative")


def test_other_peoples_png_is_no_depth_map(tmp_path):
    Image.fromarray(np.ones((2, 3), np.uint16)).save(tmp_path / "a.png")
    with pytest.raises(ValueError, match="what the codes mean"):
        Depth.load(tmp_path / "a.png", "metric")


def test_nothing_half_written_on_a_full_disk(tmp_path, monkeypatch):
    import errno

    def full(_):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("fathom.files.os.fsync", full)
    with pytest.raises(OSError):
        Depth(np.ones((2, 3)), "relative").save(tmp_path / "a.npy")
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("said", [[], {"kind": "banana"}, {"kind": "metric", "intrinsics": 3}])
def test_a_file_that_says_nonsense_is_named(said, tmp_path):
    np.savez(tmp_path / "a.npz", values=np.ones((2, 3)), about=np.array(json.dumps(said)))
    with pytest.raises(ValueError, match=r"a\.npz: is not a depth map"):
        Depth.load(tmp_path / "a.npz")


@pytest.mark.parametrize("values", [np.ones((2, 3, 4)), np.array([["a"]])])
def test_values_that_are_no_map_are_refused_by_name(values, tmp_path):
    np.savez(tmp_path / "a.npz", values=values, about=np.array(json.dumps({"kind": "metric"})))
    with pytest.raises(ValueError, match=r"a\.npz: is not a depth map"):
        Depth.load(tmp_path / "a.npz")


def test_encoding_a_large_map_takes_little_more_memory_than_the_map():
    import tracemalloc

    from fathom.formats import encode_png16

    depth = Depth(np.random.default_rng(0).random((2000, 3000), np.float32), "relative")
    tracemalloc.start()
    encode_png16(depth)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 2.5 * depth.values.nbytes
