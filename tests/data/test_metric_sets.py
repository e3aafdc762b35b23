"""The measured sets of the metric stage, on files written in their own formats: what is known of each pixel."""

import io
import tracemalloc

import h5py
import numpy as np
import pytest
import scipy.io
from PIL import Image
from published_files import encoded, picture, put

from fathom.bench.registry import open_suite
from fathom.bench.sets.kitti_split import eigen_frames
from fathom.data.pack import write_shards
from fathom.data.sets.kitti import Kitti
from fathom.data.sets.nyu import NYUDepthV2
from fathom.data.shards import Shards
from fathom.data.sources import open_samples
from fathom.intrinsics import Intrinsics

# NYU Depth V2

ROWS, COLUMNS = 480, 640
WINDOW = np.s_[45:471, 41:601]  # what the benchmark scores


def room(seed):
    """A picture without any symmetry, and depth from 1 to 9 m."""
    rng = np.random.default_rng(seed)
    rgb = np.kron(rng.integers(0, 256, (24, 32, 3), np.uint8), np.ones((20, 20, 1), np.uint8))
    depth = np.kron(rng.uniform(1, 9, (24, 32)), np.ones((20, 20)))
    return rgb, depth.astype(np.float32)


def nyu(folder, rooms, train, test):
    """MATLAB holds 480x640x3xN and 480x640xN column by column, which HDF5 has the other way round."""
    with h5py.File(folder / "nyu_depth_v2_labeled.mat", "w", userblock_size=512) as file:
        for name, arrays in {
            "images": np.stack([rgb for rgb, _ in rooms], 3),  # as MATLAB sees them
            "rawDepths": np.stack([depth for _, depth in rooms], 2),
            "depths": np.full((ROWS, COLUMNS, len(rooms)), 5, np.float32),  # painted over: must not be read
        }.items():
            chunk = (1, *arrays.T.shape[1:])
            file.create_dataset(name, data=np.asfortranarray(arrays).T, chunks=chunk, compression=1)
            file[name].attrs["MATLAB_class"] = np.bytes_("uint8" if name == "images" else "single")
    splits = {"trainNdxs": train, "testNdxs": test}
    splits = {name: np.array(numbers, np.uint16)[:, None] for name, numbers in splits.items()}
    scipy.io.savemat(folder / "splits.mat", splits)


def test_nyu_knows_what_the_kinect_measured(tmp_path):
    rooms = [room(seed) for seed in range(4)]
    depth = rooms[2][1]
    depth[100, 200], depth[101, 200], depth[102, 200] = 0, 10, 9.99  # 10 m: cut to it, whatever it was
    nyu(tmp_path, rooms, [3, 1], [2])
    samples = NYUDepthV2(tmp_path)
    assert samples.names == ["labeled/0001", "labeled/0003"]
    assert NYUDepthV2(tmp_path, "validation").names == ["labeled/0002"]
    assert len(NYUDepthV2(tmp_path, "all")) == 3  # the fourth is in neither list
    sample = samples[1]
    assert sample.name == "labeled/0003" and sample.metric
    assert sample.picture.shape == (ROWS, COLUMNS, 3) and (sample.picture == rooms[2][0]).all()
    known = np.zeros((ROWS, COLUMNS), bool)
    known[WINDOW] = True
    known[100:102, 200] = False
    assert (sample.valid == known).all() and not sample.sky.any()
    assert sample.depth[known] == pytest.approx(depth[known], rel=1e-6)
    assert np.isnan(sample.depth[~known]).all() and sample.valid[102, 200]


def test_nyu_camera_is_that_of_its_toolbox(tmp_path):
    nyu(tmp_path, [room(0)], [1], [])
    camera = NYUDepthV2(tmp_path)[0].intrinsics
    toolbox = (5.1885790117450188e02, 5.1946961112127485e02, 3.2558244941119034e02, 2.5373616633400465e02)
    assert (camera.fx, camera.fy, camera.cx - 0.5, camera.cy - 0.5) == pytest.approx(toolbox, abs=1e-4)


def test_nyu_validates_on_what_its_benchmark_scores(tmp_path):
    nyu(tmp_path, [room(seed) for seed in range(3)], [2], [3, 1])
    suite, samples = open_suite(f"nyu:{tmp_path}"), open_samples(f"nyu/validation:{tmp_path}")
    assert [f"labeled/{case.name}" for case in suite.cases] == samples.names
    for case, sample in zip(suite.cases, samples, strict=True):
        truth = suite.read_truth(case)
        assert (case.frames[0].read() == sample.picture).all()
        assert (suite.protocol.scored(truth.depth, truth.valid) == sample.valid).all()


def test_nyu_pictures_become_files_without_loss(tmp_path):
    rooms = [room(seed) for seed in range(2)]
    nyu(tmp_path, rooms, [1, 2], [])
    samples = NYUDepthV2(tmp_path)
    suffix, data = samples.picture_bytes(-1)
    assert suffix == ".png" and (np.asarray(Image.open(io.BytesIO(data))) == rooms[1][0]).all()
    write_shards(samples, tmp_path / "shards")
    packed = Shards(tmp_path / "shards")[1]
    assert (packed.picture == rooms[1][0]).all() and (packed.valid == samples[1].valid).all()
    assert packed.intrinsics == samples[1].intrinsics


def test_nyu_reads_one_picture_and_not_the_file(tmp_path):
    with h5py.File(tmp_path / "nyu_depth_v2_labeled.mat", "w") as file:  # chunks never written take no room on disk
        file.create_dataset("images", (1449, 3, 640, 480), np.uint8, chunks=(1, 3, 640, 480))
        file.create_dataset("rawDepths", (1449, 640, 480), np.float32, chunks=(1, 640, 480), fillvalue=4)
    scipy.io.savemat(tmp_path / "splits.mat", {"trainNdxs": [[1449]], "testNdxs": [[1]]})
    samples = NYUDepthV2(tmp_path)
    tracemalloc.start()
    sample = samples[0]
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert sample.name == "labeled/1449" and sample.valid.sum() == 426 * 560
    assert peak < 20e6  # of 3.1e9


def test_nyu_says_what_is_missing_or_damaged(tmp_path):
    nyu(tmp_path, [room(0)], [1], [])
    assert isinstance(open_samples(str(tmp_path)), NYUDepthV2)  # told by its file
    with pytest.raises(ValueError, match="none of its 1 pictures belongs to the split validation"):
        NYUDepthV2(tmp_path, "validation")
    splits, labeled = tmp_path / "splits.mat", tmp_path / "nyu_depth_v2_labeled.mat"
    whole = splits.read_bytes()
    scipy.io.savemat(splits, {"testNdxs": [[1]]})
    with pytest.raises(ValueError, match=r"splits\.mat: has no trainNdxs, only testNdxs$"):
        NYUDepthV2(tmp_path)
    for wrong in (b"", b"nonsense" * 100, whole[:180]):
        splits.write_bytes(wrong)
        with pytest.raises(ValueError, match=r"splits\.mat: is (not )?a (damaged )?MATLAB 5 file"):
            NYUDepthV2(tmp_path)
    splits.unlink()
    with pytest.raises(ValueError, match=r"nyu_depth_v2_labeled\.mat is here, but not splits\.mat"):
        NYUDepthV2(tmp_path)
    splits.write_bytes(whole)
    samples = NYUDepthV2(tmp_path)
    whole = labeled.read_bytes()
    for wrong in (whole[: len(whole) // 2], b"", b"nonsense" * 100):
        labeled.write_bytes(wrong)
        for attempt in (lambda: NYUDepthV2(tmp_path, rescan=True), lambda: samples[0]):
            with pytest.raises(ValueError, match=r"labeled\.mat: is not an HDF5 file fathom can read"):
                attempt()
    labeled.unlink()
    with pytest.raises(ValueError, match=r"labeled\.mat: is gone since .* was listed"):
        samples[0]
    with pytest.raises(
        ValueError, match=r"no NYU Depth V2 here: expected nyu_depth_v2_labeled.mat .*found splits\.mat$"
    ):
        NYUDepthV2(tmp_path)


def test_nyu_refuses_another_file_of_that_name(tmp_path):
    nyu(tmp_path, [room(0)], [1], [])
    samples = NYUDepthV2(tmp_path)
    with h5py.File(tmp_path / "nyu_depth_v2_labeled.mat", "w") as file:
        file["images"] = np.zeros((1, 480, 640, 3), np.uint8)  # turned the right way by someone
        file["rawDepths"] = np.ones((1, 640, 480), np.float32)
    with pytest.raises(ValueError, match=r"its images are uint8 of shape \(480, 640, 3\)"):
        samples[0]
    with h5py.File(tmp_path / "nyu_depth_v2_labeled.mat", "w") as file:
        file["images"] = np.zeros((1, 3, 640, 480), np.uint8)
    with pytest.raises(ValueError, match=r"labeled\.mat: is not .*rawDepths"):
        samples[0]


# KITTI

TRAINED, HELD, TESTED = "2011_09_26_drive_0001_sync", "2011_09_29_drive_0026_sync", "2011_09_26_drive_0002_sync"
HEIGHT, WIDTH = picture().shape[:2]


def sweep(seed=0):
    """A sparse LiDAR's depth, in 256ths of a metre: two pixels of three are unknown, and the first ten rows."""
    codes = np.random.default_rng(seed).integers(256, 80 * 256, (HEIGHT, WIDTH))
    codes[:10], codes[:, ::3], codes[:, 1::3] = 0, 0, 0
    return codes.astype(np.uint16)


def photo(root, drive, frame, camera=2, kind="PNG"):
    suffix = {"PNG": "png", "JPEG": "jpg"}[kind]
    put(root / f"{drive[:10]}/{drive}/image_{camera:02}/data/{frame:010}.{suffix}", encoded(picture(), kind))


def truth(half, drive, frame, codes, camera=2):
    """Beside the projections of single sweeps, which are not read."""
    for what, values in {"groundtruth": codes, "velodyne_raw": np.full_like(codes, 999)}.items():
        path = half / drive / "proj_depth" / what / f"image_{camera:02}/{frame:010}.png"
        put(path, encoded(values.astype(np.uint16), "PNG"))


def kitti(root, drive=TRAINED, half="train", frame=5, camera=2):
    photo(root, drive, frame, camera)
    truth(root / half, drive, frame, sweep(), camera)


def test_kitti_is_sparse_and_in_256ths_of_a_metre(tmp_path):
    kitti(tmp_path)
    sample = Kitti(tmp_path)[0]
    assert sample.name == f"train/{TRAINED}/image_02/0000000005" and sample.metric
    assert (sample.picture == picture()).all()
    assert (sample.valid == (sweep() > 0)).all() and 0 < sample.valid.mean() < 0.4 and not sample.sky.any()
    assert sample.depth[sample.valid] == pytest.approx(sweep()[sweep() > 0] / 256, rel=1e-6)


@pytest.mark.parametrize("archives", [("", ""), ("raw_data", "data_depth_annotated")])
def test_kitti_has_two_cameras_its_own_split_and_no_drive_of_the_benchmark(tmp_path, archives, capsys):
    raw, annotated = (tmp_path / archive for archive in archives)
    for half, drive in (("train", TRAINED), ("val", HELD), ("val", TESTED), ("train", "2011_09_26_drive_0009_sync")):
        for camera in (2, 3):
            for frame in range(3, 8):
                photo(raw, drive, frame, camera, kind="PNG" if camera == 2 else "JPEG")
            for frame in (5, 6):
                truth(annotated / half, drive, frame, sweep(), camera)
    (annotated / "train/devkit").mkdir()
    for samples in (Kitti(tmp_path), open_samples(str(tmp_path))):
        assert samples.names == [f"train/{TRAINED}/image_0{c}/000000000{f}" for c in (2, 3) for f in (5, 6)]
    held = Kitti(tmp_path, "validation")
    assert held.names == [f"val/{HELD}/image_0{c}/000000000{f}" for c in (2, 3) for f in (5, 6)]
    everything = Kitti(tmp_path, "all")
    assert everything.names == samples.names + held.names
    assert np.abs(everything[-1].picture.astype(int) - picture()).max() <= 8
    assert [everything.picture_bytes(i)[0] for i in (0, -1)] == [".png", ".jpg"]
    assert capsys.readouterr().err == ""  # that the first and last pictures lack depth is as it should be


def test_kitti_leaves_out_every_drive_of_eigens_test(tmp_path):
    drives = {drive for drive, _ in eigen_frames()}
    assert len(drives) == 28
    for drive in sorted(drives | {TRAINED}):
        for folder in (f"{drive[:10]}/{drive}/image_02/data", f"val/{drive}/proj_depth/groundtruth/image_02"):
            put(tmp_path / folder / "0000000005.png", b"")
    assert Kitti(tmp_path, "all").names == [f"val/{TRAINED}/image_02/0000000005"]


def test_kitti_depth_without_its_picture_is_said(tmp_path, capsys):
    kitti(tmp_path)
    truth(tmp_path / "train", TRAINED, 6, sweep())
    assert len(Kitti(tmp_path)) == 1
    assert f"train/{TRAINED}/image_02/0000000006: left out" in capsys.readouterr().err


def test_kitti_cameras_are_the_calibrated_ones_or_the_dates(tmp_path):
    for drive in (TRAINED, HELD, "2012_01_01_drive_0001_sync"):
        for camera in (2, 3):
            kitti(tmp_path, drive, camera=camera)
    lines = [
        "calib_time: 09-Jan-2012 13:57:47",
        "K_02: 9.597910e+02 0.000000e+00 6.960217e+02 0.000000e+00 9.569251e+02 2.241806e+02 0.0 0.0 1.0",
        "P_rect_02: 7.00e+02 0.0e+00 6.00e+02 4.4e+01 0.0e+00 7.10e+02 1.70e+02 2.1e-01 0.0e+00 0.0e+00 1.0e+00 2e-03",
        "P_rect_03: 7.02e+02 0.0e+00 6.01e+02 -3.3e+02 0.0e+00 7.12e+02 1.71e+02 2.1e0 0.0e+00 0.0e+00 1.0e+00 2e-03",
    ]
    calibration = tmp_path / "2011_09_26/calib_cam_to_cam.txt"
    calibration.write_text("\n".join(lines) + "\n")
    assert [sample.intrinsics for sample in Kitti(tmp_path)] == [
        Intrinsics(700, 710, 600.5, 170.5),
        Intrinsics(702, 712, 601.5, 171.5),
        *[Intrinsics(718.3351, 718.3351, 600.8891, 182.0122)] * 2,
        *[None] * 2,
    ]


@pytest.mark.parametrize("wrong", ["", "P_rect_02: 1 2 3\n", "P_rect_02:" + " 1" * 12 + "\nP_rect_03:" + " x" * 12])
def test_kitti_refuses_another_calibration(tmp_path, wrong):
    kitti(tmp_path)
    (tmp_path / "2011_09_26/calib_cam_to_cam.txt").write_text(wrong)
    with pytest.raises(ValueError, match=r"calib_cam_to_cam\.txt: is not a calibration of KITTI"):
        Kitti(tmp_path)[0]


def test_kitti_says_what_is_missing_or_damaged(tmp_path):
    photo(tmp_path, TRAINED, 5)
    with pytest.raises(ValueError, match=r"no KITTI .* here: expected DATE/DRIVE/image_0C/.*, found 2011_09_26$"):
        Kitti(tmp_path)
    truth(tmp_path / "train", TRAINED, 5, sweep())
    samples = Kitti(tmp_path)
    path = tmp_path / "train" / TRAINED / "proj_depth/groundtruth/image_02/0000000005.png"
    eight_bits = encoded(np.zeros((HEIGHT, WIDTH), np.uint8), "PNG")
    for wrong in (path.read_bytes()[:60], b"", eight_bits):
        path.write_bytes(wrong)
        with pytest.raises(ValueError, match=r"groundtruth/image_02/0000000005\.png: is not a 16-bit PNG"):
            samples[0]
    path.write_bytes(encoded(sweep()[1:], "PNG"))
    with pytest.raises(ValueError, match=rf"{TRAINED}/image_02/0000000005: the picture is .*, its depth"):
        samples[0]
    path.unlink()
    with pytest.raises(ValueError, match=r"0000000005\.png: is gone since .* was listed"):
        samples[0]
