import base64
import io
import zlib

import numpy as np
import pytest
import tifffile
from PIL import Image, ImageOps

from fathom.picture import FILM_DIAGONAL, read

RNG = np.random.default_rng(0)
RGB = RNG.integers(0, 256, (6, 9, 3), np.uint8)

# 64x32, black, red in the top left quarter, blue in the bottom right one; EXIF orientation 6 (to be turned clockwise).
HEIC = zlib.decompress(
    base64.b64decode(
        "eNpdUUsoBWEUPv+djJFnHoWke0sSC4+EZHHjsrNVNhj/nememnH/5k66ViiP7JSyvis7yS15bFxWylp2knQJCzsSjfPPHZLT/HPO+c53/sd3AKDJ"
        "dBdEwkAOZDaa3TK2UTcB2IVtuDoULJKIW04Qg0Duwj/rRSvpbxKLQgiYjNhLwZMNEkYWav1FWmgNIM6ZfiardZQYPo04iXneDX9AJimjafTpFQJd"
        "GwImK0bhCIrzKHiS/Dz1jjBFQps+qfkVPr/e3wEqlRnqqI+yMuZ5kqBIhiK/5pNQVKdi+zBj/yqZ8HLR9tP9zvGRlugKE6TIH0Rmia7G2Fkqt0GH"
        "1PCk5cxxK01oOahLBNViShjBc6PBauOWLoJYShEOvC+C53m3gRhVAtMoQUXTNHIl6CRdug80oLB/hsKAqcshpWhljZJGdAwzKFTweIr7Y5B7m3Zc"
        "l/Pqa2N7DUtvK6v93l3PaT48/ZzJHnrXYwdXu4vZxdudS6+1Q53a+pjM7HdOnA/drOdKHx+cHHWqBeXHx6GdMg0Yq5biSAEKB34DIgpzjg=="
    )
)


def file_of(image: Image.Image, format: str = "PNG", **options) -> bytes:
    file = io.BytesIO()
    image.save(file, format, **options)
    return file.getvalue()


def test_a_path_bytes_an_image_and_an_array_are_one_picture(tmp_path):
    image = Image.fromarray(RGB)
    path = tmp_path / "a.png"
    image.save(path)
    for source in (path, str(path), path.read_bytes(), image, RGB):
        assert np.array_equal(read(source).rgb, RGB)
    assert read(path).name == str(path)


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("format", ["PNG", "JPEG", "WEBP", "TIFF"])
def test_exif_orientation_is_applied_once(orientation, format):
    exif = Image.Exif()
    exif[0x0112] = orientation
    data = file_of(Image.fromarray(RGB), format, exif=exif)
    wanted = np.asarray(ImageOps.exif_transpose(Image.open(io.BytesIO(data))))
    assert np.array_equal(read(data).rgb, wanted)
    assert np.array_equal(read(Image.open(io.BytesIO(data))).rgb, wanted)
    assert np.array_equal(read(Image.fromarray(read(data).rgb)).rgb, wanted)
    if orientation == 6 and format == "PNG":
        assert np.array_equal(wanted, np.rot90(RGB, -1))


def test_heic_is_turned_once():
    pytest.importorskip("pi_heif")
    rgb = read(HEIC).rgb.astype(int)
    assert rgb.shape == (64, 32, 3)
    assert np.abs(rgb[8, -8] - [255, 0, 0]).max() < 10
    assert np.abs(rgb[-8, 8] - [0, 0, 255]).max() < 10


def test_heic_without_its_package(monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "pi_heif", None)
    with pytest.raises(ValueError, match=r"phone\.heic: .*pip install 'fathom-depth\[heif\]'"):
        read(HEIC, "phone.heic")


def test_focal_length_of_exif_becomes_intrinsics():
    exif = Image.Exif()
    exif[0x0112] = 6
    exif.get_ifd(0x8769)[0xA405] = 26
    camera = read(file_of(Image.new("RGB", (400, 300)), exif=exif)).intrinsics
    assert camera is not None
    assert (camera.cx, camera.cy) == (150, 200)  # of the upright picture
    assert camera.fx == camera.fy == pytest.approx(26 / FILM_DIAGONAL * 500)
    assert read(file_of(Image.new("RGB", (4, 3)))).intrinsics is None


def test_damaged_exif_does_not_spoil_the_picture():
    picture = read(file_of(Image.fromarray(RGB), exif=b"Exif\0\0XX\0*\0\0\0\x08\xff\xff\0\0"))
    assert np.array_equal(picture.rgb, RGB)
    assert picture.notes == ("has EXIF data that cannot be read, so neither orientation nor focal length is known",)


GREY16 = np.array([[0, 32768, 65535]], np.uint16)


@pytest.mark.parametrize(
    "data, wanted",
    [
        (file_of(Image.fromarray(RGB).convert("CMYK"), "TIFF"), np.asarray(Image.fromarray(RGB))),
        (file_of(Image.fromarray(RGB[..., 0])), RGB[..., :1].repeat(3, axis=2)),
        (file_of(Image.fromarray(np.array([[0, 255]], np.uint8)).convert("1")), [[[0] * 3, [255] * 3]]),
        (file_of(Image.fromarray(GREY16)), [[[0] * 3, [128] * 3, [255] * 3]]),
        (file_of(Image.fromarray(GREY16), "TIFF"), [[[0] * 3, [128] * 3, [255] * 3]]),
        (file_of(Image.fromarray(GREY16.astype(np.float32) - 9), "TIFF"), [[[0] * 3, [128] * 3, [255] * 3]]),
        (file_of(Image.fromarray(RGB).quantize(200)), np.asarray(Image.fromarray(RGB).quantize(200).convert("RGB"))),
    ],
    ids=["CMYK", "grey", "1 bit", "16-bit PNG", "16-bit TIFF", "float", "palette"],
)
def test_colour_modes(data, wanted):
    rgb = read(data).rgb
    assert rgb.dtype == np.uint8
    assert np.array_equal(rgb, wanted)


def tiff_of(values: np.ndarray, **options) -> bytes:
    file = io.BytesIO()
    tifffile.imwrite(file, values, **options)
    return file.getvalue()


@pytest.mark.parametrize("byteorder", "<>")
@pytest.mark.parametrize("compression", [None, "zlib"])
def test_colour_of_16_bits(byteorder, compression):
    deep = RNG.integers(0, 65536, (6, 9, 3), np.uint16)
    options = {"photometric": "rgb", "byteorder": byteorder, "compression": compression}
    assert np.array_equal(read(tiff_of(deep, **options)).rgb, deep >> 8)
    planes = np.ascontiguousarray(deep.transpose(2, 0, 1))
    assert np.array_equal(read(tiff_of(planes, planarconfig="separate", **options)).rgb, deep >> 8)


def test_planes_of_16_bits_are_turned_and_shown_on_white_as_any_picture():
    planes = RNG.integers(0, 65536, (4, 6, 9), np.uint16)
    planes[3] = 65535
    planes[3, 0, 0] = 0
    options = {"photometric": "rgb", "planarconfig": "separate", "extrasamples": ["unassalpha"]}
    picture = read(tiff_of(planes, **options, extratags=[(0x0112, "H", 1, 6, True)]))
    wanted = np.rot90(planes[:3].transpose(1, 2, 0) >> 8, -1).copy()
    wanted[0, -1] = 255
    assert np.array_equal(picture.rgb, wanted)
    assert "white" in picture.notes[0]


def test_planes_of_16_bits_cut_short():
    data = tiff_of(RNG.integers(0, 65536, (3, 60, 90), np.uint16), photometric="rgb", planarconfig="separate")
    with pytest.raises(ValueError, match=r"^holiday\.tiff: "):
        read(data[: len(data) // 2], "holiday.tiff")


@pytest.mark.parametrize(
    "values",
    [
        np.array([[0, 50, 100]], np.int32),  # would all be black as 16 bits
        np.array([[-50, 0, 50]], np.int32),
        np.array([[0, 2_000_000_000, 4_000_000_000]], np.uint32),  # more than fits int32
    ],
)
def test_grey_of_32_bits_is_stretched(values):
    picture = read(tiff_of(values, photometric="minisblack"))
    assert picture.rgb[0, :, 0].tolist() == [0, 128, 255]
    assert "stretched" in picture.notes[0]


@pytest.mark.parametrize("mode", ["RGBA", "LA", "PA"])
def test_transparent_parts_are_white(mode):
    image = Image.new("RGBA", (2, 1), (0, 0, 0, 255))
    image.putpixel((1, 0), (0, 0, 0, 0))
    picture = read(file_of(image.convert(mode), "TIFF" if mode == "PA" else "PNG"))
    assert picture.rgb.tolist() == [[[0, 0, 0], [255, 255, 255]]]
    assert "white" in picture.notes[0]
    opaque = read(file_of(Image.new("RGBA", (2, 1), (10, 20, 30, 255))))
    assert opaque.rgb[0, 0].tolist() == [10, 20, 30]
    assert not opaque.notes


@pytest.mark.parametrize("format", ["GIF", "WEBP", "TIFF", "PNG"])
def test_of_an_animation_the_first_frame_and_it_is_said(format):
    frames = [Image.new("RGB", (8, 8), colour) for colour in ("red", "blue")]
    options = {"lossless": True} if format == "WEBP" else {}
    picture = read(file_of(frames[0], format, save_all=True, append_images=frames[1:], **options))
    assert picture.rgb[4, 4].tolist() == [255, 0, 0]
    assert "first one" in picture.notes[0]


def bomb() -> bytes:
    """A PNG whose header says 50000 x 50000."""
    data = bytearray(file_of(Image.new("L", (1, 1))))
    data[16:24] = (50000).to_bytes(4, "big") * 2
    data[29:33] = zlib.crc32(data[12:29]).to_bytes(4, "big")
    return bytes(data)


JPEG = file_of(Image.fromarray(RNG.integers(0, 256, (64, 64, 3), np.uint8)), "JPEG")
EPS = b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n%%EndComments\nshowpage\n%%EOF\n"
BAD = {
    "empty": (b"", "the file is empty"),
    "text": (b"hello there", "is not a picture"),
    "truncated JPEG": (JPEG[: len(JPEG) // 2], "damaged or cut short"),
    "truncated PNG": (file_of(Image.fromarray(RGB))[:-60], "damaged or cut short"),
    "truncated WebP": (file_of(Image.fromarray(RGB), "WEBP")[:40], "damaged|not a picture"),
    "truncated TIFF": (file_of(Image.fromarray(RGB), "TIFF")[:60], "damaged|not a"),
    "truncated HEIC": (HEIC[:300], "damaged or cut short"),
    "header only": (JPEG[:4], "damaged|not a picture"),
    "EPS, which Pillow would give to Ghostscript": (EPS, "is not a picture in a format fathom can read"),
    "bomb": (bomb(), "larger than 178 megapixels"),
}


@pytest.mark.parametrize("data, words", BAD.values(), ids=BAD)
def test_bad_files_are_refused_in_a_sentence_that_names_them(data, words):
    with pytest.raises(ValueError, match=f"^holiday.jpg: .*({words})") as error:
        read(data, "holiday.jpg")
    assert "\n" not in str(error.value)


@pytest.mark.parametrize(
    "source, words",
    [
        (np.zeros((4, 4), np.uint8), "uint8 of shape"),
        (np.zeros((4, 4, 4), np.uint8), "uint8 of shape"),
        (np.zeros((4, 4, 3), np.float32), "float32"),
        (np.zeros((0, 4, 3), np.uint8), "no pixels"),
        (3, "not int"),
    ],
)
def test_bad_arrays_are_refused(source, words):
    with pytest.raises(ValueError, match=words):
        read(source)


def test_a_folder_and_a_missing_file_are_refused(tmp_path):
    with pytest.raises(ValueError, match="is a folder"):
        read(tmp_path)
    with pytest.raises(FileNotFoundError):
        read(tmp_path / "missing.jpg")
