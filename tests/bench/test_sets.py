"""Each reader on files in its own set's format."""

import json
from collections import Counter

import numpy as np
import pytest
import sets_on_disk as disk

from fathom.bench.registry import open_suite
from fathom.bench.sets.kitti_split import eigen_frames
from fathom.bench.sets.matlab5 import read_matlab5
from fathom.data.folder import write_sample
from fathom.data.sample import Sample

RNG = np.random.default_rng(8)


def read(suite, index=0):
    case = suite.cases[index]
    return case, case.frames[0].read(), suite.read_truth(case)


def perfect(suite, index=0):
    """Metrics of the ground truth as a prediction: what a reader mixes up would show."""
    case, _, truth = read(suite, index)
    return suite.score(case, [np.where(truth.valid, truth.depth, 1)], "metric").metrics


# NYU


@pytest.mark.parametrize("compressed", [False, True])
def test_nyu_mat(tmp_path, compressed):
    pictures = RNG.integers(0, 256, (3, 480, 640, 3), dtype=np.uint8)
    depths = RNG.uniform(0.5, 12, (3, 480, 640)).astype(np.float32)
    depths[1, 100] = 0
    disk.nyu_mat(tmp_path, pictures, depths, [3, 2], compressed)
    suite = open_suite(f"nyu:{tmp_path}")
    assert [case.name for case in suite.cases] == ["0002", "0003"]
    _, rgb, truth = read(suite)
    assert (rgb == pictures[1]).all()
    assert (truth.depth == depths[1]).all()
    assert (truth.valid == (depths[1] > 0)).all()
    scored = suite.protocol.scored(truth.depth, truth.valid)
    inside = (depths[1] > 1e-3) & (depths[1] < 10)
    assert scored.sum() == inside[45:471, 41:601].sum()
    assert perfect(suite)["delta1"] == 1
    assert open_suite(str(tmp_path)).cases[0].name == "0002"  # told by its file


def test_nyu_without_its_split_and_cut_short(tmp_path):
    (tmp_path / "nyu_depth_v2_labeled.mat").write_bytes(b"MATLAB 7.3 MAT-file" + bytes(600))
    with pytest.raises(ValueError, match=r"not splits\.mat.*indoor_seg_sup"):
        open_suite(f"nyu:{tmp_path}")
    (tmp_path / "splits.mat").write_bytes(b"no")
    with pytest.raises(ValueError, match="not a MATLAB 5 file"):
        open_suite(f"nyu:{tmp_path}")
    disk.scipy.io.savemat(tmp_path / "splits.mat", {"trainNdxs": np.array([[1]], np.uint16)})
    with pytest.raises(ValueError, match="has no testNdxs"):
        open_suite(f"nyu:{tmp_path}")
    disk.scipy.io.savemat(tmp_path / "splits.mat", {"testNdxs": np.array([[1]], np.uint16)})
    with pytest.raises(ValueError, match="damaged or cut short"):
        open_suite(f"nyu:{tmp_path}")


@pytest.mark.parametrize(("pair", "encode"), [("sync_depth", disk.jpeg), ("depth", disk.png)])
def test_nyu_extracted(tmp_path, pair, encode):
    rgb, depth = disk.smooth_picture(480, 640), RNG.uniform(0.5, 9, (480, 640))
    code = (depth * 1000).astype(np.uint16)
    suffix = "jpg" if encode is disk.jpeg else "png"
    for half in ("test", "train"):
        name = f"{half}/kitchen_0004"
        disk.write(tmp_path, {f"{name}/rgb_0001.{suffix}": encode(rgb), f"{name}/{pair}_0001.png": disk.png(code)})
    disk.write(tmp_path, {"test/kitchen_0004/filled_0001.png": disk.png(code + 1)})
    with pytest.raises(ValueError, match=r"653 of the 654 pictures of NYU-D v2.*653 in test.*add --partial"):
        open_suite(f"nyu:{tmp_path}")
    suite = open_suite(f"nyu:{tmp_path}", partial=True)
    assert "PARTIAL, 1 of 654" in suite.protocol.describe()
    case, found, truth = read(suite)
    assert case.name == case.frames[0].name == "test/kitchen_0004/rgb_0001"
    assert np.abs(found.astype(int) - rgb).max() <= (8 if suffix == "jpg" else 0)
    np.testing.assert_allclose(truth.depth, code / 1000, rtol=1e-6)


def test_matlab5_arrays(tmp_path):
    arrays = {"a": np.arange(12, dtype=np.int16).reshape(3, 4), "long_name": np.array([[1.5]]), "text": "no number"}
    disk.scipy.io.savemat(tmp_path / "x.mat", arrays)
    data = (tmp_path / "x.mat").read_bytes()
    found = read_matlab5(data)
    assert (found["a"] == arrays["a"]).all() and found["long_name"] == 1.5
    with pytest.raises(ValueError, match="damaged"):
        read_matlab5(data[:180])


# KITTI


def test_kitti_split():
    frames = eigen_frames()
    assert len(frames) == len(set(frames)) == 652
    assert len({drive for drive, _ in frames}) == 28
    assert max(Counter(drive for drive, _ in frames).values()) <= 25
    for frame in (69, 54, 6, 63):
        assert ("2011_09_26_drive_0002_sync", frame) in frames
    assert ("2011_09_26_drive_0002_sync", 66) not in frames


@pytest.mark.parametrize("layout", ["folders", "zip"])
def test_kitti(tmp_path, layout):
    height, width = 375, 1242
    depth = RNG.integers(256, 90 * 256, (height, width)) / 256
    depth[::2] = 0
    for i, (drive, frame) in enumerate([("2011_09_26_drive_0002_sync", 69), ("2011_09_26_drive_0009_sync", 16)]):
        rgb = disk.picture(height, width)
        pictures, truths = disk.kitti_frame(drive, frame, rgb, depth)
        half = ("val", "train")[i]
        truths = {f"{half}/{name}": data for name, data in truths.items()}
        disk.write(tmp_path, pictures)
        if layout == "zip":
            disk.write_zip(tmp_path / f"data_depth_annotated_{half}.zip", truths)
        else:
            disk.write(tmp_path / "data_depth_annotated", truths)
    with pytest.raises(ValueError, match=r"650 of the 652.*drive_0002_sync/image_02/data/0000000006\.png.*cvlibs"):
        open_suite(f"kitti:{tmp_path}")
    suite = open_suite(f"kitti:{tmp_path}", partial=True)
    assert [case.name for case in suite.cases] == [
        "2011_09_26_drive_0002_sync/0000000069",
        "2011_09_26_drive_0009_sync/0000000016",
    ]
    _, found, truth = read(suite, 1)
    assert (found == rgb).all()
    assert (truth.depth == depth).all() and (truth.valid == (depth > 0)).all()
    expected = np.zeros((height, width), bool)
    expected[153:371, 44:1197] = True
    assert (suite.protocol.scored(truth.depth, truth.valid) == expected & (depth > 0) & (depth < 80)).all()
    assert perfect(suite)["abs_rel"] == 0


# Sintel


@pytest.mark.parametrize("layout", ["folders", "zips"])
def test_sintel(tmp_path, layout):
    rgb = disk.picture(20, 30)
    depth = RNG.uniform(1, 90, (20, 30)).astype(np.float32)
    depth[0, 0], depth[0, 1] = 70, np.nextafter(np.float32(70), np.float32(71))
    pictures = {"training/final/alley_1/frame_0001.png": disk.png(rgb)}
    depths = {"training/depth/alley_1/frame_0001.dpt": disk.dpt(depth)}
    if layout == "zips":
        disk.write_zip(tmp_path / "MPI-Sintel-complete.zip", pictures)
        disk.write_zip(tmp_path / "MPI-Sintel-depth-training-20150305.zip", depths)
    else:
        disk.write(tmp_path, pictures | depths)
    with pytest.raises(ValueError, match=r"1063 of the 1064 pictures of Sintel.*frame_0002\.png.*sintel\.is\.tue"):
        open_suite(str(tmp_path))
    suite = open_suite(str(tmp_path), partial=True)
    _, found, truth = read(suite)
    assert (found == rgb).all() and (truth.depth == depth).all()
    assert (suite.protocol.scored(truth.depth, truth.valid) == (depth <= 70)).all()
    assert perfect(suite)["delta1"] == 1


def test_sintel_depth_that_is_damaged(tmp_path):
    good = disk.dpt(np.ones((4, 5), np.float32))
    for data, words in [(good[:-4], "is damaged"), (b"\0" * 40, "is not one of Sintel's"), (b"", "is not one")]:
        files = {"training/final/alley_1/frame_0001.png": disk.png(disk.picture(4, 5))}
        disk.write(tmp_path, files | {"training/depth/alley_1/frame_0001.dpt": data})
        suite = open_suite(f"sintel:{tmp_path}", partial=True)
        with pytest.raises(ValueError, match=words):
            suite.read_truth(suite.cases[0])


# ETH3D


@pytest.mark.parametrize("prefix", ["", "courtyard_dslr_depth/"])
def test_eth3d(tmp_path, prefix):
    rgb = disk.picture(24, 36)
    depth = RNG.uniform(1, 100, (24, 36)).astype(np.float32)
    depth[3] = np.inf
    files = {
        "courtyard/images/dslr_images/DSC_0286.JPG": disk.jpeg(rgb),
        f"{prefix}courtyard/ground_truth_depth/dslr_images/DSC_0286.JPG": disk.eth3d_depth(depth),
    }
    disk.write(tmp_path, files)
    with pytest.raises(
        ValueError, match=r"453 of the 454.*37 in courtyard/images/dslr_images, 44 in delivery_area.*7z x"
    ):
        open_suite(str(tmp_path))
    suite = open_suite(str(tmp_path), partial=True)
    case, found, truth = read(suite)
    assert case.name == "courtyard/DSC_0286" and found.shape == rgb.shape
    assert (truth.depth == depth).all() and (truth.valid == np.isfinite(depth)).all()
    assert (suite.protocol.scored(truth.depth, truth.valid) == (depth < 72)).all()
    assert perfect(suite)["order"] == 1
    disk.write(tmp_path, {f"{prefix}courtyard/ground_truth_depth/dslr_images/DSC_0286.JPG": b"\0" * 40})
    with pytest.raises(ValueError, match="has 40 bytes, but float32 depth of 24x36 has 3456"):
        suite.read_truth(case)


# DIODE


@pytest.mark.parametrize("top", ["", "val/"])
def test_diode(tmp_path, top):
    depth = RNG.uniform(0.1, 400, (12, 16, 1)).astype(np.float32)
    mask = RNG.random((12, 16)) < 0.7
    rgb = disk.picture(12, 16)
    for half, scene in [("indoors", "00019"), ("outdoor", "00022")]:
        base = f"{top}{half}/scene_{scene}/scan_00183/{scene}_00183_{half}_000_010"
        files = {
            f"{base}.png": disk.png(rgb),
            f"{base}_depth.npy": disk.npy(depth),
            f"{base}_depth_mask.npy": disk.npy(mask.astype(np.float64)),
        }
        disk.write(tmp_path, files)
    with pytest.raises(
        ValueError, match=r"769 of the 771 pictures of DIODE.*324 in indoors, 445 in outdoor.*val\.tar\.gz"
    ):
        open_suite(f"diode:{tmp_path}")
    suite = open_suite(str(tmp_path), partial=True)
    assert [case.source for case in suite.cases] == ["indoors", "outdoor"]
    _, found, truth = read(suite)
    assert (found == rgb).all() and (truth.depth == depth[..., 0]).all()
    expected = mask & (depth[..., 0] >= 0.6) & (depth[..., 0] <= 350)
    assert (suite.protocol.scored(truth.depth, truth.valid) == expected).all()
    (tmp_path / f"{base}_depth_mask.npy").unlink()
    with pytest.raises(ValueError, match=r"770 of the 771.*_depth_mask\.npy"):
        open_suite(f"diode:{tmp_path}")


# DA-2K


@pytest.mark.parametrize("layout", ["folder", "zip"])
def test_da2k(tmp_path, layout):
    """Rows come first: a gradient from top to bottom answers as the points lie in it."""
    pairs = {
        "images/indoor/one.jpg": [((5, 0), (1, 9)), ((1, 9), (5, 0))],
        "images/transparent_reflective/two.png": [((7, 2), (0, 3))],
    }
    files = {"annotations.json": disk.da2k(pairs)}
    files |= {path: disk.png(disk.picture(8, 12)) for path in pairs}
    if layout == "zip":
        disk.write_zip(tmp_path / "DA-2K.zip", {f"DA-2K/{name}": data for name, data in files.items()})
    else:
        disk.write(tmp_path, files)
    suite = open_suite(str(tmp_path))
    rows = np.repeat(np.arange(8.0)[:, None], 12, axis=1)
    scores = {case.source: suite.score(case, [rows], "relative") for case in suite.cases}
    assert {source: (s.metrics["accuracy"], s.weight) for source, s in scores.items()} == {
        "indoor": (0.5, 2),
        "transparent_reflective": (1, 1),
    }
    assert suite.cases[0].frames[0].read().shape == (8, 12, 3)
    assert suite.cases[0].frames[0].name == "images/indoor/one"


@pytest.mark.parametrize(
    ("annotations", "words"),
    [
        (b"{", "is not JSON"),
        (json.dumps({"images/indoor/a.png": [{"point1": [1, 2]}]}).encode(), r"expected point1, point2 as \[row"),
        (disk.da2k({"images/nowhere/a.png": [((0, 0), (1, 1))]}), "names none of the scenes"),
        (disk.da2k({"images/indoor/a.png": [((0, 0), (1, 1))]}), r"1 of the 1 pictures of DA-2K.*huggingface"),
    ],
)
def test_da2k_that_is_not_right(tmp_path, annotations, words):
    (tmp_path / "annotations.json").write_bytes(annotations)
    with pytest.raises(ValueError, match=words):
        open_suite(f"da2k:{tmp_path}")


def test_da2k_takes_the_nearer_point_that_the_annotation_names(tmp_path):
    entry = {"point1": [1, 1], "point2": [3, 3], "closer_point": "point2"}
    files = {"annotations.json": json.dumps({"images/object/a.png": [entry]}).encode()}
    disk.write(tmp_path, files | {"images/object/a.png": disk.png(disk.picture(5, 5))})
    assert open_suite(f"da2k:{tmp_path}").pairs["images/object/a.png"][0].nearer == (3, 3)


# Clips


def clip_files(n=3):
    depths = [RNG.uniform(1, 4, (12, 16)).round(3) for _ in range(n)]
    depths[0][2, 3], depths[1][0, 0] = np.nan, 0
    poses = [np.eye(4) + np.eye(4, k=3) * 0.1 * i for i in range(n)]
    k = [[20, 0, 8], [0, 22, 6], [0, 0, 1]]
    names = [f"{200 + i:06d}" for i in range(n)]
    return disk.clip(names, [disk.picture(12, 16) for _ in range(n)], depths, poses, k), depths, poses


@pytest.mark.parametrize("folder", ["", "clip_a"])
def test_clip(tmp_path, folder):
    files, depths, poses = clip_files()
    disk.write(tmp_path / folder, files)
    suite = open_suite(str(tmp_path))
    assert len(suite.cases) == 1 and len(suite.cases[0].frames) == 3
    assert suite.cases[0].frames[0].name.endswith("/000200")
    truth = suite.read_truth(suite.cases[0])
    assert not truth.frames[0].valid[2, 3] and not truth.frames[1].valid[0, 0]
    assert sum(frame.valid.sum() for frame in truth.frames) == 3 * 12 * 16 - 2
    for frame, depth in zip(truth.frames, depths, strict=True):
        np.testing.assert_allclose(frame.depth[frame.valid], depth[frame.valid], rtol=1e-6)
    np.testing.assert_allclose(truth.poses, poses, rtol=1e-6)
    assert (truth.intrinsics.fx, truth.intrinsics.fy, truth.intrinsics.cx, truth.intrinsics.cy) == (20, 22, 8, 6)
    predictions = [frame.depth for frame in truth.frames]
    assert suite.score(suite.cases[0], predictions, "metric").metrics["abs_rel"] == pytest.approx(0, abs=1e-6)


def test_clip_that_is_not_right(tmp_path):
    with pytest.raises(ValueError, match=r"no camera-intrinsics\.txt"):
        open_suite(f"clip:{tmp_path}")
    files, _, _ = clip_files()
    disk.write(tmp_path, {name: data for name, data in files.items() if name != "pose/000201.txt"})
    with pytest.raises(ValueError, match=r"1 of 3 frames lack depth or pose: pose/000201\.txt"):
        open_suite(f"clip:{tmp_path}")
    disk.write(tmp_path, {"pose/000201.txt": b"1 2 3"})
    suite = open_suite(f"clip:{tmp_path}")
    with pytest.raises(ValueError, match=r"000201\.txt: expected 4x4 numbers"):
        suite.read_truth(suite.cases[0])


# Folders of one's own


def index_files():
    disparity = RNG.integers(1, 200, (10, 14)).astype(np.uint8)
    disparity[0, 0] = 0
    metres = RNG.integers(500, 9000, (10, 14)).astype(np.uint16)
    metres[0, :2] = 0, 65535
    real = RNG.uniform(1, 5, (10, 14)).astype(np.float32)
    files = {f"{name}.png": disk.png(disk.picture(10, 14)) for name in ("one", "two", "three")}
    files |= {"one_gt.png": disk.png(disparity), "two_gt.png": disk.png(metres), "three_gt.npy": disk.npy(real)}
    files["glass.png"] = disk.png((np.arange(14) < 7) * np.full((10, 1), 255, np.uint8))
    common = {"dataset": "a", "invalid": [0]}
    index = [
        {**common, "name": "one", "rgb": "one.png", "gt": "one_gt.png", "kind": "disparity", "scale": 0.25},
        {**common, "name": "two", "rgb": "two.png", "gt": "two_gt.png", "kind": "metric_depth", "scale": 0.001},
        {"dataset": "b", "name": "three", "rgb": "three.png", "gt": "three_gt.npy", "kind": "metric_depth_sparse",
         "scale": 1.0, "regions": {"glass": "glass.png"}},
    ]  # fmt: skip
    index[1]["invalid"] = [0, 65535]
    return files, index, disparity, metres, real


def test_indexed_folder(tmp_path):
    files, index, disparity, metres, real = index_files()
    disk.write(tmp_path, files | {"index.json": json.dumps(index).encode()})
    suite = open_suite(str(tmp_path))
    assert [(case.source, case.name) for case in suite.cases] == [("a", "a/one"), ("a", "a/two"), ("b", "b/three")]
    one, two, three = (suite.read_truth(case) for case in suite.cases)
    assert not one.metric and two.metric and three.metric
    assert not one.valid[0, 0] and one.valid.sum() == 139 and two.valid.sum() == 138
    np.testing.assert_allclose(one.depth[one.valid], 4 / disparity[one.valid])
    np.testing.assert_allclose(two.depth[two.valid], metres[two.valid] / 1000)
    np.testing.assert_allclose(three.depth, real)
    assert three.regions["glass"].sum() == 70
    # A missing offset of the disparity is taken up by the fit; the cap costs the farthest thousandth a little.
    score = suite.score(suite.cases[0], [disparity * 3.0 + 50], "relative")
    assert score.metrics["abs_rel"] == pytest.approx(0, abs=2e-3) and score.metrics["delta1"] == 1
    assert perfect(suite, 1)["abs_rel"] < 1e-4
    assert "delta1@glass" in perfect(suite, 2)


def test_indexed_folder_that_is_not_right(tmp_path):
    files, index, *_ = index_files()
    disk.write(tmp_path, files)

    def refused(records):
        (tmp_path / "index.json").write_text(json.dumps(records) if not isinstance(records, str) else records)
        with pytest.raises(ValueError) as error:
            open_suite(str(tmp_path))
        return str(error.value)

    assert "is not JSON" in refused("[")
    assert "list of records" in refused([])
    assert "record 0 has no gt, scale" in refused([{k: v for k, v in index[0].items() if k not in ("gt", "scale")}])
    assert "there are metric_depth" in refused([{**index[0], "kind": "depth"}])
    assert "a/one is there twice" in refused([index[0], index[0]])
    assert "names gone.png, which is not in" in refused([{**index[0], "rgb": "gone.png"}])
    (tmp_path / "index.json").write_text(json.dumps([*index, {**index[0], "name": "x", "rgb": "gone.png"}]))
    assert len(open_suite(str(tmp_path), partial=True).cases) == 3


def test_fathom_folder(tmp_path):
    disparity = RNG.uniform(0.1, 1, (10, 14)).astype(np.float32)
    disparity[0] = 0  # sky
    valid = np.ones((10, 14), bool)
    valid[1] = False
    write_sample(tmp_path, Sample("scenes/room", disk.picture(10, 14), disparity, valid))
    suite = open_suite(f"folder:{tmp_path}")
    case, rgb, truth = read(suite)
    assert (case.name, case.source, rgb.shape) == ("scenes/room", "scenes", (10, 14, 3))
    assert truth.valid.sum() == 8 * 14  # neither the sky nor the unknown
    np.testing.assert_allclose(truth.depth[truth.valid], 1 / disparity[truth.valid], rtol=1e-5)
    assert suite.score(case, [disparity], "relative").metrics["delta1"] == 1


# What is asked for


def test_names_and_places(tmp_path):
    for asked, words in [
        (str(tmp_path / "gone"), "no such folder, and no such suite: there are nyu, kitti"),
        ("kitti", "say kitti:FOLDER"),
        (f"kitti:{tmp_path / 'gone'}", "no such folder or archive"),
        (str(tmp_path), "say NAME:"),
    ]:
        with pytest.raises(ValueError, match=words):
            open_suite(asked)


def test_an_archive_that_is_cut_short(tmp_path):
    disk.write_zip(tmp_path / "DA-2K.zip", {"DA-2K/annotations.json": b"{}"})
    (tmp_path / "DA-2K.zip").write_bytes((tmp_path / "DA-2K.zip").read_bytes()[:-30])
    with pytest.raises(ValueError, match=r"not a whole \.zip archive"):
        open_suite(str(tmp_path))
