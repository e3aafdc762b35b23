"""What the engines have in common: the stages of a run, and what comes of each piece."""

from __future__ import annotations

from dataclasses import dataclass

from fathom.data.label_codec import BITS
from fathom.data.shards import Shard
from fathom.recipe.labelling.stages import Decoder, Encoder, Gatherer, Looker, Reader, Teacher


@dataclass(frozen=True)
class Work:
    """A pool, a teacher, a store: from these, every stage. May be sent to other machines."""

    pool: str  # folder or address of the pictures
    store: str
    teacher: Teacher
    bits: int = BITS

    def reader(self) -> Reader:
        return Reader(self.pool)

    def decoder(self) -> Decoder:
        return Decoder(self.teacher.sizes, self.teacher.input, self.teacher.detail, self.teacher.guided)

    def looker(self) -> Looker:
        return Looker(self.teacher)

    def encoder(self) -> Encoder:
        return Encoder(self.bits)

    def gatherer(self) -> Gatherer:
        return Gatherer(self.store)


@dataclass(frozen=True)
class Outcome:
    """A piece is done, or a shard cannot be."""

    pictures: int = 0
    shard: Shard | None = None  # the record of the piece's shard, if it is whole with it
    failure: str = ""  # a shard of pictures that cannot be read: which, and why
