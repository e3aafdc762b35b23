"""Stage 2: the teacher labels real photos, as they are, un-augmented."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np

from fathom.data.labels import label_path
from fathom.depth import Depth
from fathom.errors import sentence
from fathom.files import write_whole
from fathom.overlap import overlapped
from fathom.picture import SUFFIXES, read
from fathom.predict import Model
from fathom.progress import progress

AHEAD = 4  # pictures decoded before they are needed


def photos_of(pool: Path, out: Path) -> list[str]:
    """Paths of the pool's pictures, relative to it, sorted; not those in `out`, which may lie inside the pool.

    Raises:
        ValueError: there is none.
    """
    names = sorted(
        path.relative_to(pool).as_posix()
        for path in pool.rglob("*")
        if path.suffix.lower() in SUFFIXES
        and not path.name.startswith(".")
        and not path.absolute().is_relative_to(out.absolute())
    )
    if not names:
        raise ValueError(f"{pool}: holds no pictures to label")
    return names


def affine_normalised(d: np.ndarray) -> np.ndarray:
    """(d - median) / mean absolute deviation: what views of one picture can be averaged in."""
    centred = d - np.median(d)
    return centred / max(float(np.abs(centred).mean()), 1e-6)


def label_of(teacher: Model, picture: np.ndarray) -> Depth:
    """Relative depth of a uint8 (H, W, 3) picture: the mean of what is seen in it and in its mirror image.

    Raises:
        ValueError: the prediction is not finite (the model says so), or has no depth in it.
    """
    straight, mirrored = teacher([picture, np.ascontiguousarray(picture[:, ::-1])])
    if float(np.ptp(straight.values)) < 1e-6:
        raise ValueError("the teacher's prediction is constant")
    mean = (affine_normalised(straight.values) + affine_normalised(mirrored.values[:, ::-1])) / 2
    return Depth(mean, "relative", model=teacher.name)


def label(pool: Path, out: Path, teacher: Model, fingerprint: str) -> tuple[int, int]:
    """Label every photo of `pool` into `out`; labels that are there already are kept. Gives (labels, quarantined).

    Raises:
        ValueError: no photos, a teacher that is not relative, or labels of another teacher in `out`.
    """
    if teacher.kind != "relative":
        raise ValueError(f"{teacher.name} is metric; labels are inverse depth, so the teacher must be a relative model")
    names = photos_of(pool, out)
    about = {"teacher": teacher.name, "fingerprint": fingerprint, "size": teacher.size, "views": ["as is", "mirrored"]}
    manifest = out / "labels.json"
    if manifest.exists():
        before = json.loads(manifest.read_text())
        if before["fingerprint"] != fingerprint or before["size"] != about["size"]:
            raise ValueError(f"{out} holds labels of another teacher ({before['teacher']}): give an empty folder")
    else:
        write_whole(manifest, json.dumps(about, indent=2).encode())

    todo = [name for name in names if not label_path(out, name).exists()]
    quarantined: list[dict[str, str]] = []

    def decoded(name: str) -> tuple[str, np.ndarray | Exception]:
        try:
            return name, read(pool / name).rgb
        except (OSError, ValueError) as error:
            return name, error

    bars = progress("labelling", total=len(names), done=len(names) - len(todo), unit="photo")
    with ThreadPoolExecutor(1) as threads, bars as bar:
        for name, picture in overlapped(threads, decoded, todo, AHEAD):
            made: Depth | Exception
            try:
                made = picture if isinstance(picture, Exception) else label_of(teacher, picture)
            except ValueError as error:
                made = error
            if isinstance(made, Exception):
                quarantined.append({"photo": name, "reason": sentence(made) or str(made)})
            else:
                made.save(label_path(out, name))  # a disk that is full is no fault of the photo: let it be said
            bar.advance()
    write_whole(out / "quarantine.jsonl", "".join(json.dumps(q) + "\n" for q in quarantined).encode())
    return len(names) - len(quarantined), len(quarantined)
