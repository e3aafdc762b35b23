"""Pools of photos, sound and poisoned, and a teacher that sees the red channel."""

import io
import struct
import tarfile
import zlib
from pathlib import Path

import numpy as np
from PIL import Image

from fathom.data.shards import key_of
from fathom.recipe.labelling.stages import Teacher
from fathom.zoo.records import Input

PLAIN = Input(1, (0.0, 0.0, 0.0), (1.0, 1.0, 1.0), antialias=True)


def red_teacher(
    sizes: tuple[int, ...] = (48,), fingerprint: str = "f1", seconds: float = 0.0, asked: Path | None = None
) -> Teacher:
    """Its class is made in here, so that it goes to other processes by value.

    Args:
        seconds: that each call takes.
        asked: a file that gets a line for each call, with the number of inputs.
    """

    class Red:
        def run(self, inputs):
            import time

            if asked is not None:
                with asked.open("a") as log:
                    log.write(f"{len(inputs)}\n")
            time.sleep(seconds)
            for x in inputs:
                if x[0].max() > 0.99 and x[0].min() < 0.01 and x[1].min() > 0.99:  # what `not_finite` paints
                    from fathom.data.label_codec import LabelMap, encode_map

                    encode_map(LabelMap(np.full((1, 1), np.nan, np.float32), (1, 1)))  # raises as a model does
            return [x[0].copy() for x in inputs]

    return Teacher("red", fingerprint, sizes, PLAIN, (Red,))


def photo(seed: int, height: int = 40, width: int = 60) -> Image.Image:
    rng = np.random.default_rng(seed)
    coarse = Image.fromarray(rng.integers(0, 256, (6, 8, 3), dtype=np.uint8))
    return coarse.resize((width, height), Image.Resampling.BICUBIC)


def write_pool(folder: Path, count: int) -> Path:
    (folder / "sub").mkdir(parents=True)
    for i in range(count):
        height, width = ((40, 60), (60, 40), (72, 96))[i % 3]
        photo(i, height, width).save(folder / ("sub" if i % 2 else ".") / f"{i:03d}.{'png' if i % 4 else 'jpg'}")
    return folder


def write_picture_shards(pool: Path, out: Path, per_shard: int) -> Path:
    """The photos of a pool as other programs pack them, with a member that is no picture beside each."""
    out.mkdir()
    photos = sorted(p.relative_to(pool).as_posix() for p in pool.rglob("*") if p.is_file())
    for start in range(0, len(photos), per_shard):
        with tarfile.open(out / f"pictures-{start // per_shard:04d}.tar", "w") as tar:
            for name in photos[start : start + per_shard]:
                for suffix, data in ((name.rsplit(".")[-1], (pool / name).read_bytes()), ("json", b"{}")):
                    info = tarfile.TarInfo(f"{key_of(name)}.{suffix}")
                    info.size = len(data)
                    tar.addfile(info, io.BytesIO(data))
    return out


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def write_poison(folder: Path) -> dict[str, str]:
    """What must be quarantined: name and what its reason begins with."""
    folder.mkdir(parents=True, exist_ok=True)
    buffer = io.BytesIO()
    photo(1, 200, 300).save(buffer, "JPEG")
    (folder / "truncated.jpg").write_bytes(buffer.getvalue()[: buffer.tell() // 2])
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", 30000, 30000, 8, 2, 0, 0, 0))
    bomb = b"\x89PNG\r\n\x1a\n" + header + chunk(b"IDAT", zlib.compress(bytes(1000))) + chunk(b"IEND", b"")
    (folder / "bomb.png").write_bytes(bomb)
    (folder / "text.jpg").write_text("not a picture")
    (folder / "empty.png").write_bytes(b"")
    Image.new("RGB", (1, 1), (9, 200, 9)).save(folder / "dot.png")
    Image.new("RGB", (64, 48), (9, 200, 9)).save(folder / "flat.jpg")
    (folder / "gone.jpg").symlink_to(folder / "nowhere.jpg")
    Image.fromarray(np.stack([np.full((48, 64), 80), *np.indices((48, 64))], -1).astype(np.uint8)).save(
        folder / "no_red.png"
    )
    ramp = np.full((48, 64, 3), 255, np.uint8)
    ramp[..., 0] = np.linspace(0, 255, 64)
    Image.fromarray(ramp).save(folder / "not_finite.png")
    return {
        "truncated.jpg": "unreadable: is damaged or cut short",
        "bomb.png": "unreadable: is larger than 178 megapixels",
        "text.jpg": "unreadable: is not a picture",
        "empty.png": "unreadable: the file is empty",
        "dot.png": "tiny: 1x1 pixels",
        "flat.jpg": "flat: ",
        "gone.jpg": "unreadable: no such file",
        "no_red.png": "constant: ",
        "not_finite.png": "not finite: ",
    }


def write_odd(folder: Path) -> list[str]:
    """What is unusual but sound."""
    folder.mkdir(parents=True, exist_ok=True)
    photo(2).convert("CMYK").save(folder / "cmyk.jpg")
    photo(3).convert("P").save(folder / "palette.png")
    deep = np.asarray(photo(4).convert("L")).astype(np.uint16) * 257
    Image.fromarray(deep).save(folder / "deep.png")
    photo(5).convert("P").save(folder / "moving.gif", save_all=True, append_images=[photo(6).convert("P")])
    turned = photo(7)
    exif = turned.getexif()
    exif[0x0112] = 6
    turned.save(folder / "turned.jpg", exif=exif)
    return ["cmyk.jpg", "palette.png", "deep.png", "moving.gif", "turned.jpg"]


def contents(store: Path) -> dict[str, bytes]:
    return {p.relative_to(store).as_posix(): p.read_bytes() for p in store.rglob("*") if p.is_file()}
