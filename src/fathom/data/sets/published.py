"""What the readers of published sets have in common: the folder, its index, the split, and what is said if it fails."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterator, Sequence
from hashlib import sha256
from pathlib import Path
from typing import ClassVar, Literal, get_args

from fathom.data.index import Found, indexed
from fathom.data.sample import Sample
from fathom.errors import UsageError

Split = Literal["train", "validation", "all"]
SPLITS: tuple[str, ...] = get_args(Split)
SHOWN = 4  # entries of a wrong folder that are named


class PublishedSet(Sequence[Sample]):
    """The samples of a set in its published layout, in the order of their names.

    Args:
        root: the folder into which the set was unpacked.
        split: `train` or `validation`, the set's own where its authors made one; `all` is both, and what the authors
            set aside for tests. What is known to be broken is in none.
        rescan: list the folder anew, though nothing seems to have changed.

    Raises:
        ValueError: the folder does not hold this set, or nothing of this split.
    """

    key: ClassVar[str]  # in `key:folder`
    title: ClassVar[str]
    layout: ClassVar[str]  # what is expected, for whoever gave another folder

    def __init__(self, root: str | Path, split: Split = "train", rescan: bool = False):
        refuse_other_split(split)
        self.root = Path(root).expanduser()
        if not self.root.is_dir():
            raise ValueError(f"{self.root}: no such folder")
        self.home = self.find_home()
        found = indexed(self.home, self.key, self.find, rescan)
        if not found:
            raise ValueError(f"{self.root}: no {self.title} here: expected {self.layout}, found {contents(self.root)}")
        splits = ((name, self.split_of(name)) for name in found)
        self.names = [name for name, of in splits if of and split in ("all", of)]
        if not self.names:
            raise ValueError(f"{self.root}: none of its {len(found)} pictures belongs to the split {split}")

    def __len__(self) -> int:
        return len(self.names)

    def __getitem__(self, index):
        """Raises ValueError, naming the file, if it is damaged or gone."""
        try:
            return self.read(self.names[index])
        except FileNotFoundError as error:
            raise ValueError(
                f"{error.filename}: is gone since {self.root} was listed; rescan it, or touch it"
            ) from None

    def picture_bytes(self, index: int) -> tuple[str, bytes]:
        """A sample's picture as it lies on disk: the file's suffix, and what is in it."""
        path = self.picture_path(self.names[index])
        return path.suffix, path.read_bytes()

    def find_home(self) -> Path:
        """The folder whose entries are the set's scenes."""
        return self.root

    @abstractmethod
    def find(self) -> Iterator[Found]:
        """List `home`."""

    @abstractmethod
    def split_of(self, name: str) -> str | None:
        """The split of a sample; None for what no split shall have."""

    @abstractmethod
    def picture_path(self, name: str) -> Path: ...

    @abstractmethod
    def read(self, name: str) -> Sample: ...


def refuse_other_split(split: str) -> None:
    """Raises UsageError for a word that is none of SPLITS."""
    if split not in SPLITS:
        raise UsageError(f"no split is called {split!r}; there are {', '.join(SPLITS)}")


def contents(folder: Path) -> str:
    """A folder's first entries, for a message."""
    names = sorted(entry.name for entry in folder.iterdir())
    more = ", ..." if len(names) > SHOWN else ""
    return ", ".join(names[:SHOWN]) + more if names else "nothing"


def held_out(scene: str, percent: int = 5) -> bool:
    """Whether a scene is for validation, where the authors made no split: the same about `percent` of all, always."""
    return int.from_bytes(sha256(scene.encode()).digest()[:8], "big") % 100 < percent
