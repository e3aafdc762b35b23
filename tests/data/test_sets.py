"""Each reader, on files written in the set's own format: what the values mean, and what is wrong with some of them."""

import numpy as np
import published_files as disk
import pytest
from published_files import HEIGHT, WIDTH

from fathom.data.sets.blendedmvs import BlendedMVS
from fathom.data.sets.hypersim import Hypersim, axis_share, pinhole
from fathom.data.sets.irs import IRS
from fathom.data.sets.tartanair import TartanAir
from fathom.data.sets.virtual_kitti import VirtualKitti2
from fathom.intrinsics import Intrinsics

FLAT = np.full((HEIGHT, WIDTH), 2.0)


def is_the_picture(sample):
    return np.abs(sample.picture.astype(int) - disk.picture()).max() <= 8


# Hypersim


def test_hypersim_turns_distance_into_depth(tmp_path):
    f = WIDTH / 2 / np.tan(np.pi / 6)  # the same 60 degrees as 886.81 pixels at a width of 1024
    depth, distance = disk.plane((0.2, -0.3, 1), 3, disk.rays(f, WIDTH / 2, HEIGHT / 2))
    disk.hypersim(tmp_path, "ai_001_001", "cam_00", 7, distance, dtype=np.float32)
    sample = Hypersim(tmp_path, "all")[0]
    assert sample.name == "ai_001_001/cam_00/0007" and sample.metric and is_the_picture(sample)
    assert np.abs(sample.depth / depth - 1).max() < 1e-5
    k = sample.intrinsics
    assert (k.fx, k.fy, k.cx, k.cy) == pytest.approx((f, f, WIDTH / 2, HEIGHT / 2))
    assert pinhole((np.tan(np.pi / 6), 0, 0, 0, 0.75 * np.tan(np.pi / 6), 0, 0, 0, -1), 768, 1024).fx == pytest.approx(
        886.81, abs=0.01
    )


def test_hypersim_uses_the_cameras_of_its_scenes(tmp_path):
    fx, fy, cx, cy = 25.0, 27.0, 19.0, 9.0
    y, x = np.mgrid[:HEIGHT, :WIDTH] + 0.5
    rays = np.stack([(x - cx) / fx, (y - cy) / fy, np.ones_like(x)], 2)
    depth, distance = disk.plane((0.1, 0.4, 1), 2, rays)
    # u = 2x/W - 1 and v = 1 - 2y/H, y up: X/Z = (W/2 (u + 1) - cx) / fx, Y/Z = -(H/2 (1 - v) - cy) / fy
    m = [[WIDTH / 2 / fx, 0, (WIDTH / 2 - cx) / fx], [0, HEIGHT / 2 / fy, (cy - HEIGHT / 2) / fy], [0, 0, -1]]
    disk.hypersim(tmp_path / "evermotion_dataset/scenes", "ai_009_002", "cam_01", 0, distance, dtype=np.float32)
    disk.hypersim_cameras(tmp_path / "contrib/mikeroberts3000/metadata_camera_parameters.csv", {"ai_009_002": m})
    sample = Hypersim(tmp_path, "all")[0]
    assert np.abs(sample.depth / depth - 1).max() < 1e-5
    k = sample.intrinsics
    assert (k.fx, k.fy, k.cx, k.cy) == pytest.approx((fx, fy, cx, cy))


def test_the_rays_of_a_tilted_camera_agree_with_its_projection():
    """Of ai_037_002: the published tables give both matrices."""
    uv = (0.579607251426182, 0, -0.06955286861651404, 0, 0.4346865334657201, 0.09273312506660672)
    uv += (0, 0.004054126980668954, -1.003909173803896)
    projection = np.array(
        [
            [1.7253062268275619, 0.001113868662274642, -0.11942983282195321],
            [0, 2.2985281393428907, 0.21231970279458348],
            [0, 0.009282239059762895, -0.9952486290951505],  # the row of w
        ]
    )
    share = axis_share(uv, 48, 64)
    for row, column in ((0, 0), (0, 63), (47, 0), (47, 63), (20, 30)):
        u, v = (column + 0.5) / 32 - 1, 1 - (row + 0.5) / 24
        ray = np.cross(projection[0] - u * projection[2], projection[1] - v * projection[2])
        assert share[row, column] == pytest.approx(abs(ray[2]) / np.linalg.norm(ray), rel=1e-5)
    assert pinhole(uv, 48, 64) is None


def test_hypersim_knows_nothing_where_nothing_was_hit(tmp_path):
    distance = FLAT.copy()
    distance[0, 0], distance[0, 1], distance[0, 2] = np.nan, np.inf, 0
    disk.hypersim(tmp_path, "ai_001_001", "cam_00", 0, distance)
    sample = Hypersim(tmp_path, "all")[0]
    assert not sample.valid[0, :3].any() and sample.valid.sum() == FLAT.size - 3 and not sample.sky.any()
    assert np.isfinite(sample.disparity).all()


def test_hypersim_splits_as_its_authors_do_and_leaves_out_what_is_broken(tmp_path):
    for scene, camera in (("ai_001_001", "cam_00"), ("ai_001_002", "cam_00"), ("ai_004_009", "cam_01")):
        for frame in range(2):
            disk.hypersim(tmp_path, scene, camera, frame, FLAT)
    disk.hypersim(tmp_path, "ai_001_003", "cam_00", 0, FLAT)
    without = Hypersim(tmp_path, "all").names
    assert len(without) == 5 and not any(name.startswith("ai_004_009/cam_01") for name in without)
    disk.hypersim_split(
        tmp_path / "metadata_images_split_scene_v1.csv",
        [
            ("ai_001_001", "cam_00", 0, True, "train"),
            ("ai_001_001", "cam_00", 1, False, ""),
            ("ai_001_002", "cam_00", 0, True, "val"),
            ("ai_001_002", "cam_00", 1, True, "val"),
            ("ai_001_003", "cam_00", 0, True, "test"),
            ("ai_004_009", "cam_01", 0, True, "train"),
            ("ai_004_009", "cam_01", 1, True, "train"),
        ],
    )
    assert Hypersim(tmp_path).names == ["ai_001_001/cam_00/0000"]
    assert Hypersim(tmp_path, "validation").names == ["ai_001_002/cam_00/0000", "ai_001_002/cam_00/0001"]
    assert len(Hypersim(tmp_path, "all")) == 4


def test_tables_that_are_others_are_said(tmp_path):
    disk.hypersim(tmp_path, "ai_001_001", "cam_00", 0, FLAT)
    (tmp_path / "metadata_camera_parameters.csv").write_text("a,b\n1,2\n")
    with pytest.raises(ValueError, match=r"metadata_camera_parameters\.csv: is not the table"):
        Hypersim(tmp_path, "all")


# Virtual KITTI 2


def test_vkitti2_is_in_centimetres_and_its_largest_code_is_sky(tmp_path):
    code = np.full((HEIGHT, WIDTH), 1234)
    code[0], code[1, 0], code[2, 0] = 65535, 0, 65534
    disk.vkitti2(tmp_path, tmp_path, "Scene01/clone", 0, 3, code)
    sample = VirtualKitti2(tmp_path)[0]
    assert sample.name == "Scene01/clone/Camera_0/00003" and sample.metric and is_the_picture(sample)
    assert sample.sky[0].all() and sample.sky.sum() == WIDTH and (sample.disparity[0] == 0).all()
    assert not sample.valid[1, 0] and sample.valid.sum() == FLAT.size - 1
    assert sample.depth[5, 5] == pytest.approx(12.34) and sample.depth[2, 0] == pytest.approx(655.34)
    assert sample.intrinsics == Intrinsics(725.0087, 725.0087, 621, 187.5)  # a corner at (0, 0), not a centre


@pytest.mark.parametrize("apart", [False, True])
def test_vkitti2_reads_both_cameras_of_all_variations_merged_or_as_unpacked(tmp_path, apart):
    rgb, depth, text = (tmp_path / f"vkitti_2.0.3_{k}" if apart else tmp_path for k in ("rgb", "depth", "textgt"))
    for drive in ("Scene02/clone", "Scene20/15-deg-left", "Scene20/fog"):
        for camera in (0, 1):
            disk.vkitti2(rgb, depth, drive, camera, 0, FLAT * 100)
    disk.put(
        text / "Scene20/fog/intrinsic.txt",
        b"frame cameraID K[0,0] K[1,1] K[0,2] K[1,2]\n0 0 725.0087 725.0087 620.5 187\n0 1 700 701 600 180\n",
    )
    samples = VirtualKitti2(tmp_path)
    assert samples.names == [f"Scene20/{v}/Camera_{c}/00000" for v in ("15-deg-left", "fog") for c in (0, 1)]
    assert samples[3].intrinsics == Intrinsics(700, 701, 600.5, 180.5)
    assert samples[0].intrinsics.fx == 725.0087
    assert [n.split("/")[0] for n in VirtualKitti2(tmp_path, "validation").names] == ["Scene02", "Scene02"]


# TartanAir


def test_tartanair_has_metres_a_far_sky_and_one_world_that_does_not(tmp_path):
    depth = FLAT.copy()
    depth[0], depth[1, 0], depth[1, 1], depth[2, 0] = 10000, 0, np.nan, 9999
    disk.tartanair(tmp_path / "oldtown", "Hard/P001", 12, depth)
    disk.tartanair(tmp_path / "amusement", "Easy/P001", 0, FLAT)
    disk.tartanair(tmp_path / "westerndesert", "Easy/P002", 0, FLAT)
    disk.tartanair(tmp_path / "office/office", "Easy/P000", 0, FLAT)
    disk.tartanair(tmp_path / "office/office", "Easy/P000", 0, FLAT, side="right")
    samples = TartanAir(tmp_path)
    assert samples.names == [
        "office/Easy/P000/left/000000",
        "office/Easy/P000/right/000000",
        "oldtown/Hard/P001/left/000012",
    ]
    sample = samples[2]
    assert is_the_picture(sample) and sample.intrinsics == Intrinsics(320, 320, 320, 240)
    assert sample.sky.sum() == WIDTH and sample.sky[0].all() and sample.valid.sum() == FLAT.size - 2
    assert sample.depth[3, 3] == 2 and sample.depth[2, 0] == pytest.approx(9999)
    assert TartanAir(tmp_path, "validation").names == ["westerndesert/Easy/P002/left/000000"]
    assert len(TartanAir(tmp_path, "all")) == 4


# IRS


@pytest.mark.parametrize(("dtype", "channels"), [(np.float16, ("G",)), (np.float32, ("R", "G", "B"))])
def test_irs_has_disparity_of_a_rig_of_ten_centimetres(tmp_path, dtype, channels):
    disparity = np.full((HEIGHT, WIDTH), 24.0)
    disparity[0] = np.arange(WIDTH) + 1  # the first row is the upper one
    disparity[1, 0], disparity[1, 1], disparity[1, 2] = 0, -3, np.inf
    disk.irs(tmp_path / "Home/Kitchen", "00007", disparity, dtype, channels)
    sample = IRS(tmp_path, "all")[0]
    assert sample.name == "Home/Kitchen/00007" and sample.metric and is_the_picture(sample)
    assert sample.valid.sum() == FLAT.size - 3 and not sample.sky.any()
    assert sample.depth[5, 5] == pytest.approx(2)  # 480 px * 0.1 m / 24 px
    assert sample.depth[0] == pytest.approx(48 / (np.arange(WIDTH) + 1))
    assert sample.intrinsics == Intrinsics(480, 480, WIDTH / 2, HEIGHT / 2)


def test_irs_follows_the_lists_of_its_authors(tmp_path):
    for frame in ("1", "2", "3", "4"):
        disk.irs(tmp_path / "IRSDataset/Store/Shop_Dark", frame, FLAT)
    line = "{0}Store/Shop_Dark/l_{1}.png {0}Store/Shop_Dark/r_{1}.png {0}Store/Shop_Dark/d_{1}.exr"
    disk.put(tmp_path / "lists/IRSDataset_TEST.list", line.format("IRSDataset/", 2).encode())
    assert IRS(tmp_path, "validation").names == ["Store/Shop_Dark/2"]
    assert len(IRS(tmp_path)) == 3
    disk.put(tmp_path / "lists/IRSDataset_TRAIN.list", "\n".join(line.format("", i) for i in (1, 4)).encode())
    assert IRS(tmp_path).names == ["Store/Shop_Dark/1", "Store/Shop_Dark/4"]  # 3 is one of those for debugging
    assert len(IRS(tmp_path, "all")) == 3


def test_scenes_without_a_list_are_held_out_with_all_their_lights(tmp_path):
    for number in range(40):
        for light in ("", "_Dark", "_Night"):
            for file in ("l_1.png", "d_1.exr"):
                disk.put(tmp_path / f"Office/Room{number}{light}/{file}", b"")
    held = IRS(tmp_path, "validation").names
    assert 0 < len(held) < 30 and len(held) % 3 == 0
    assert not set(held) & set(IRS(tmp_path).names) and len(held) + len(IRS(tmp_path)) == 120


def test_frames_of_another_size_are_refused(tmp_path):
    disk.irs(tmp_path / "Home/Kitchen", "1", FLAT[:10])
    with pytest.raises(ValueError, match=r"Home/Kitchen/1: the picture is \(24, 32\), its disparity \(10, 32\)"):
        IRS(tmp_path, "all")[0]


# BlendedMVS


def test_blendedmvs_is_bottom_up_and_of_unknown_scale(tmp_path):
    depth = np.arange(1, HEIGHT * WIDTH + 1, dtype=float).reshape(HEIGHT, WIDTH)
    depth[0, :5] = 0
    depth[1, 0] = -1
    disk.blendedmvs(tmp_path / "5a0271884e62597cdee0d0eb", 3, depth, [[570, 0, 380.5], [0, 571, 290.25], [0, 0, 1]])
    disk.blendedmvs(tmp_path / "5b7a3890fc8fcf6781e2593a", 0, depth)
    samples = BlendedMVS(tmp_path)
    assert samples.names == ["5a0271884e62597cdee0d0eb/00000003"]
    sample = samples[0]
    assert not sample.metric and is_the_picture(sample) and not sample.sky.any()
    assert sample.valid.sum() == depth.size - 6 and not sample.valid[0, :5].any()
    assert sample.disparity[sample.valid] == pytest.approx(1 / depth[sample.valid])
    assert (sample.disparity[~sample.valid] == 0).all()
    assert sample.intrinsics == Intrinsics(570, 571, 380.5, 290.25)
    held = BlendedMVS(tmp_path, "validation")
    assert held.names == ["5b7a3890fc8fcf6781e2593a/00000000"] and held[0].intrinsics is None
    (tmp_path / "validation_list.txt").write_text("5a0271884e62597cdee0d0eb\n")
    assert BlendedMVS(tmp_path, "validation").names == samples.names


def test_a_map_without_any_depth_is_a_sample_without_any(tmp_path):
    disk.blendedmvs(tmp_path / "5a0271884e62597cdee0d0eb", 0, np.zeros((HEIGHT, WIDTH)))
    assert not BlendedMVS(tmp_path)[0].valid.any()


# All of them

WRITERS = {
    Hypersim: lambda root, n: disk.hypersim(root, "ai_001_001", "cam_00", n, FLAT),
    VirtualKitti2: lambda root, n: disk.vkitti2(root, root, "Scene01/clone", 0, n, FLAT * 100),
    TartanAir: lambda root, n: disk.tartanair(root / "oldtown", "Easy/P000", n, FLAT),
    IRS: lambda root, n: disk.irs(root / "Home/Kitchen", f"{n:05d}", 24 * FLAT),
    BlendedMVS: lambda root, n: disk.blendedmvs(root / "5a0271884e62597cdee0d0eb", n, FLAT),
}
DEPTH = {Hypersim: "*.hdf5", VirtualKitti2: "depth_*.png", TartanAir: "*.npy", IRS: "*.exr", BlendedMVS: "*.pfm"}


@pytest.mark.parametrize("kind", WRITERS)
def test_a_wrong_folder_is_said_in_one_sentence(tmp_path, kind):
    with pytest.raises(ValueError, match=r"no .+ here: expected .+, found nothing$"):
        kind(tmp_path)
    for name in ("rgb", "depth"):
        (tmp_path / name).mkdir()
    (tmp_path / "README").touch()
    with pytest.raises(ValueError, match=r"no .+ here: expected .+, found README, depth, rgb$"):
        kind(tmp_path)
    with pytest.raises(ValueError, match="no such folder"):
        kind(tmp_path / "nowhere")
    with pytest.raises(ValueError, match="there are train, validation, all"):
        kind(tmp_path, "valid")


@pytest.mark.parametrize("kind", WRITERS)
def test_half_a_pair_is_left_out_and_said(tmp_path, kind, capsys):
    for n in range(3):
        WRITERS[kind](tmp_path, n)
    sorted(tmp_path.rglob(DEPTH[kind]))[1].unlink()
    samples = kind(tmp_path, "all")
    assert len(samples) == 2
    assert f"{samples.names[0][:-1]}1: left out" in capsys.readouterr().err


@pytest.mark.parametrize("kind", WRITERS)
def test_a_damaged_file_is_named(tmp_path, kind):
    WRITERS[kind](tmp_path, 0)
    samples = kind(tmp_path, "all")
    for path in (next(tmp_path.rglob(DEPTH[kind])), samples.picture_path(samples.names[0])):
        whole = path.read_bytes()
        for damaged in (whole[: len(whole) * 2 // 3], b"", b"nonsense" * 100):
            path.write_bytes(damaged)
            with pytest.raises(ValueError, match=path.name):
                samples[0]
        path.write_bytes(whole)
    assert samples[0].valid.all()


@pytest.mark.parametrize("kind", WRITERS)
def test_a_file_that_has_gone_is_said(tmp_path, kind):
    for n in range(2):
        WRITERS[kind](tmp_path, n)
    samples = kind(tmp_path, "all")
    path = sorted(tmp_path.rglob(DEPTH[kind]))[0]
    path.unlink()
    with pytest.raises(ValueError, match=rf"{path.name}: is gone since .* was listed"):
        samples[0]
    assert len(kind(tmp_path, "all")) == 2  # only the folder's own entries are looked at
    assert len(kind(tmp_path, "all", rescan=True)) == 1
