"""Procedural textures: float32 (TEXTURE, TEXTURE, 3), linear reflectance in [0, 1]. They repeat without a seam."""

from __future__ import annotations

import cv2
import numpy as np

from fathom.render.scene import TEXTURE

N = TEXTURE


def colour(rng: np.random.Generator, saturation: tuple[float, float] = (0.0, 0.8), value=(0.08, 0.8)) -> np.ndarray:
    """A random linear colour (3,). More than half are browns, ochres and other warm ones, as in most photos."""
    warm = rng.random() < 0.55
    h, s, v = (rng.normal(0.5, 0.22) % 6 if warm else rng.random() * 6), rng.uniform(*saturation), rng.uniform(*value)
    k = (np.array([5.0, 3.0, 1.0]) + h) % 6
    return (v - v * s * np.clip(np.minimum(k, 4 - k), 0, 1)).astype(np.float32)


def fbm(rng: np.random.Generator, scale: int = 4, octaves: int = 5, gain: float = 0.5, stretch: int = 1) -> np.ndarray:
    """(N, N) cloudy noise in [0, 1]; `scale` lumps across, `stretch` times fewer of them along the columns."""
    total = np.zeros((N, N), np.float32)
    weight = 1.0
    for _ in range(octaves):
        rows, columns = min(max(scale // stretch, 1), N), min(scale, N)
        small = np.pad(rng.random((rows, columns), dtype=np.float32), 2, mode="wrap")
        big = cv2.resize(small, None, fx=N / columns, fy=N / rows, interpolation=cv2.INTER_CUBIC)
        oy, ox = int(2 * N / rows), int(2 * N / columns)
        total += weight * big[oy : oy + N, ox : ox + N]
        weight, scale = weight * gain, scale * 2
    low, high = total.min(), total.max()
    return (total - low) / max(high - low, 1e-6)


def mix(mask: np.ndarray, a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Colour or texture `a` where the mask (N, N) is 0, `b` where it is 1."""
    return (a + (b - a) * mask[..., None]).astype(np.float32)


def grain(rng: np.random.Generator, texture: np.ndarray, amount: float = 0.1) -> np.ndarray:
    """A little dirt and unevenness."""
    dirt = fbm(rng, int(rng.integers(2, 8)), 5, 0.6)
    return np.clip(texture * (1 - amount + 2 * amount * dirt[..., None]), 0, 1).astype(np.float32)


def plain(rng: np.random.Generator, base: np.ndarray | None = None, amount: float = 0.08) -> np.ndarray:
    """Paint, plaster: one colour, nearly."""
    base = colour(rng) if base is None else base
    return grain(rng, np.broadcast_to(np.asarray(base, np.float32), (N, N, 3)), amount)


def mottled(
    rng: np.random.Generator, a: np.ndarray | None = None, b: np.ndarray | None = None, scale: int = 6
) -> np.ndarray:
    """Two colours in clouds: soil, moss, stone, suede."""
    a = colour(rng) if a is None else a
    b = np.clip(a * rng.uniform(0.4, 1.8) * rng.uniform(0.85, 1.15, 3), 0.02, 0.9) if b is None else b
    return mix(fbm(rng, scale, 6, 0.65), np.asarray(a), np.asarray(b))


def wood(rng: np.random.Generator, planks: int | None = None) -> np.ndarray:
    """Wood with its grain along v; with planks, a floor."""
    base = np.array([0.32, 0.18, 0.08]) * rng.uniform(0.35, 1.9) * rng.uniform(0.85, 1.15, 3)
    base = np.clip(base, 0.02, 0.75)
    lines = fbm(rng, 32, 4, 0.7, stretch=16) * 0.6 + 0.4 * np.sin(40 * fbm(rng, 4, 3, 0.5, stretch=4)) ** 2
    texture = mix(lines, base * 0.6, base * 1.25)
    planks = int(rng.choice([0, 4, 6, 8])) if planks is None else planks
    if planks:
        column = np.arange(N) * planks // N
        tone = rng.uniform(0.75, 1.2, planks)[column]
        texture = texture * tone[None, :, None]
        gap = (np.arange(N) * planks % N) < planks * 1.5
        texture[:, gap] *= 0.35
        for plank in range(planks):
            row = int(rng.integers(N))
            texture[row : row + 2, column == plank] *= 0.35
    return np.clip(texture, 0, 1).astype(np.float32)


def bricks(rng: np.random.Generator, rows: int | None = None) -> np.ndarray:
    """Brick or block masonry; a repetition is `rows` courses."""
    rows = int(rng.choice([8, 12, 16])) if rows is None else rows
    columns = rows // 2
    y = np.arange(N) * rows / N
    x = np.arange(N)[None] * columns / N + 0.5 * (np.floor(y)[:, None] % 2)
    fy, fx = (y % 1)[:, None], x % 1
    mortar = (np.broadcast_to(fy, fx.shape) < 0.12) | (fx < 0.06)
    tones = rng.uniform(0.65, 1.25, (rows, columns))
    tone = tones[np.floor(y).astype(int)[:, None], np.floor(x).astype(int) % columns]
    base = (
        np.array([0.42, 0.15, 0.09]) * rng.uniform(0.5, 1.5, 3)
        if rng.random() < 0.6
        else colour(rng, (0, 0.4), (0.2, 0.7))
    )
    body = np.clip(base * tone[..., None], 0.02, 0.9)
    return grain(rng, mix(mortar.astype(np.float32), body, np.full(3, rng.uniform(0.15, 0.6))), 0.2)


def tiles(rng: np.random.Generator, count: int | None = None) -> np.ndarray:
    """Square tiles with joints, in one colour, two, or many."""
    count = int(rng.choice([2, 4, 8])) if count is None else count
    cell = np.arange(N) * count // N
    joint = (np.arange(N) * count % N) < count * rng.uniform(1, 3)
    style, a, b = rng.random(), colour(rng, (0, 0.5)), colour(rng, (0, 0.5))
    if style < 0.4:
        tone = rng.uniform(0.9, 1.1, (count, count))[cell[:, None], cell]
        body = a * tone[..., None]
    elif style < 0.8:
        body = mix(((cell[:, None] + cell) % 2).astype(np.float32), a, b)
    else:
        body = np.stack([colour(rng, (0, 0.5)) for _ in range(count**2)]).reshape(count, count, 3)[cell[:, None], cell]
    grid = (joint[:, None] | joint).astype(np.float32)
    return grain(rng, mix(grid, body, np.full(3, rng.uniform(0.05, 0.6))), 0.12)


def stripes(rng: np.random.Generator) -> np.ndarray:
    """Stripes of up to four colours along v."""
    edges = np.sort(rng.integers(0, N, 2 * int(rng.integers(2, 9))))
    index = np.searchsorted(edges, np.arange(N)) % int(rng.integers(2, 5))
    body = np.stack([colour(rng) for _ in range(4)])[index]
    return grain(rng, np.broadcast_to(body, (N, N, 3)), 0.08)


def checker(rng: np.random.Generator) -> np.ndarray:
    """Checks or tartan."""
    count = int(rng.choice([4, 8, 16]))
    cell = np.arange(N) * count // N % 2
    mask = (cell[:, None] ^ cell) if rng.random() < 0.5 else (cell[:, None] + cell) / 2
    return grain(rng, mix(mask.astype(np.float32), colour(rng), colour(rng)), 0.08)


def marble(rng: np.random.Generator) -> np.ndarray:
    veins = np.abs(np.sin(6.28 * (fbm(rng, 3, 5, 0.55) * 2 + np.linspace(0, 1, N, endpoint=False)[None]))) ** 0.4
    a = colour(rng, (0, 0.3), (0.03, 0.8))
    return mix(veins.astype(np.float32), np.clip(a * rng.uniform(0.2, 2), 0.02, 0.85), a)


def concrete(rng: np.random.Generator) -> np.ndarray:
    base = np.full(3, rng.uniform(0.12, 0.5)) * rng.uniform(0.92, 1.08, 3)
    texture = mix(fbm(rng, 4, 6, 0.7), base * 0.7, base * 1.2)
    return np.clip(texture + rng.normal(0, 0.02, (N, N, 1)), 0, 1).astype(np.float32)


def weave(rng: np.random.Generator) -> np.ndarray:
    """Cloth."""
    t = np.sin(np.arange(N) * 2 * np.pi * int(rng.choice([16, 32])) / N)
    threads = 0.5 + 0.25 * (t[:, None] + t[None])
    return grain(rng, mix(threads, colour(rng) * 0.7, colour(rng)), 0.15)


def dots(rng: np.random.Generator) -> np.ndarray:
    image = np.broadcast_to(colour(rng), (N, N, 3)).astype(np.float32).copy()
    for _ in range(int(rng.integers(10, 60))):
        centre = tuple(int(v) for v in rng.integers(0, N, 2))
        cv2.circle(image, centre, int(rng.integers(3, 26)), [float(v) for v in colour(rng)], -1, cv2.LINE_AA)
    return image


def gravel(rng: np.random.Generator) -> np.ndarray:
    noise = fbm(rng, 64, 3, 0.8)
    base = colour(rng, (0, 0.35), (0.15, 0.6))
    return grain(rng, mix(np.clip(noise * 3 - 1, 0, 1), base * 0.3, base), 0.2)


def grass(rng: np.random.Generator) -> np.ndarray:
    green = np.array([0.085, 0.13, 0.04]) * rng.uniform(0.5, 1.5) * rng.uniform(0.8, 1.2, 3)
    fine = fbm(rng, 48, 3, 0.9, stretch=2)
    return mix(fbm(rng, 4, 5, 0.6), green, green * [1.9, 1.3, 1.1]) * (0.5 + fine[..., None])


def marks(rng: np.random.Generator) -> np.ndarray:
    """A label or page: a ground colour, a band, a blotch and rows of text-like strokes."""
    ground = colour(rng)
    image = np.broadcast_to(ground, (N, N, 3)).astype(np.float32).copy()
    for _ in range(int(rng.integers(1, 4))):
        c = [float(v) for v in colour(rng, (0.2, 1.0))]
        x, y = (int(v) for v in rng.integers(0, N, 2))
        w, h = (int(v) for v in rng.integers(20, N, 2))
        if rng.random() < 0.5:
            cv2.rectangle(image, (x - w // 2, y - h // 2), (x + w // 2, y + h // 2), c, -1)
        else:
            cv2.ellipse(image, (x, y), (w // 2, h // 2), float(rng.uniform(0, 180)), 0, 360, c, -1, cv2.LINE_AA)
    ink = [float(v) for v in colour(rng, (0, 1), (0.0, 0.9))]
    y = int(rng.integers(10, N // 2))
    while y < N - 14 and rng.random() < 0.93:
        height = int(rng.choice([3, 5, 8, 20, 30], p=[0.3, 0.3, 0.2, 0.1, 0.1]))
        x, end = int(rng.integers(8, 60)), int(rng.integers(N // 2, N - 8))
        while x < end:
            w = int(rng.integers(2, 4 + height))
            cv2.rectangle(image, (x, y), (x + w, y + height), ink, -1)
            x += w + int(rng.integers(2, 4 + height // 2))
        y += height + int(rng.integers(4, 14))
    return np.clip(image, 0, 1)


def picture(rng: np.random.Generator) -> np.ndarray:
    """A picture to hang on a wall: a view, shapes, or an abstract."""
    style = rng.random()
    if style < 0.35:
        sky, land = colour(rng, (0.1, 0.7), (0.3, 0.9)), colour(rng, (0.2, 0.8), (0.05, 0.5))
        ridge = (0.3 + 0.4 * fbm(rng, 3, 4)[0] + 0.1 * rng.random()) * N
        mask = (np.arange(N)[:, None] > ridge[None]).astype(np.float32)
        return grain(rng, mix(mask, sky * np.linspace(0.7, 1.2, N)[:, None, None], land), 0.35)
    if style < 0.6:
        return marks(rng)
    if style < 0.8:
        return dots(rng)
    return mix((fbm(rng, 3, 4) > 0.5).astype(np.float32), mottled(rng), mottled(rng))


ANY = (plain, mottled, wood, bricks, tiles, stripes, checker, marble, concrete, weave, dots, gravel, marks)


def any_texture(rng: np.random.Generator) -> np.ndarray:
    return ANY[int(rng.integers(len(ANY)))](rng)


def atlas(pictures: list[np.ndarray], cells: int) -> np.ndarray:
    """Many textures as a cells x cells mosaic of one; cell k is at row k // cells, column k % cells."""
    size = N // cells
    image = np.zeros((N, N, 3), np.float32)
    for k, p in enumerate(pictures[: cells**2]):
        r, c = divmod(k, cells)
        small = cv2.resize(p, (size, size), interpolation=cv2.INTER_AREA)
        image[r * size : (r + 1) * size, c * size : (c + 1) * size] = small
    return image
