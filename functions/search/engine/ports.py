"""What indexing and queries need of an engine, whichever it is: changes are written, and what is found is answered.

An index has a folder on the disk of the instance, in which `META` says what it is. The embedded engine keeps the index
itself there; of one that runs elsewhere there is nothing but its name.
"""

from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Final, NamedTuple, Protocol

from functions.search.collections.fields import Field
from functions.search.engine.asked import Found, Hit, Indexed, Search
from functions.search.engine.stems import Stemmer

META: Final = "meta.json"
MOST_SORTED: Final = 10_000
"""How many hits can be grouped, or sorted by several orders."""


class EngineBroken(Exception):
    """The engine failed, or refused what it should take. What it was asked is not in the message."""


class TooManySorted(Exception):
    """More hits than can be looked at are to be sorted by several fields, or grouped."""


class IndexGone(Exception):
    """The index is not there any more: the pointer of the collection names another one by now."""


class Blueprint(NamedTuple):
    """What an index is made for: the documents of a collection with these fields, in a language."""

    collection_id: str
    fields: Sequence[Field]
    language: str | None


class Change(NamedTuple):
    """A document as it is to be in an index, at a version that grows with each change; without a content it is not."""

    id: str
    version: int
    content: Indexed | None


class Written(NamedTuple):
    """What came of changes: how many documents the index has, and which of the changed ones it could not take.

    `holds_erased` says whether it holds words of documents that were deleted or replaced; None for what it did before.
    """

    documents: int
    refused: frozenset[str]
    holds_erased: bool | None = None


class Searcher(Protocol):
    """An index that is searched."""

    stemmer: Stemmer

    @property
    def documents(self) -> int:
        """Return how many documents the index has."""

    def search(self, search: Search) -> Found:
        """Return what is found. Raises TooManySorted, IndexGone, EngineBroken, Unavailable."""

    def best(self, search: Search) -> Sequence[Hit]:
        """Return the hits that `search` finds, in the same order, and count nothing.

        The search has no orders, facets or groups. Raises IndexGone, EngineBroken, Unavailable.
        """


class Engine(Protocol):
    """Writes and opens indexes."""

    def write(self, folder: Path, blueprint: Blueprint, changes: Sequence[Change]) -> Written:
        """Bring changes into the index in a folder, or into a new one in an empty folder; all are found after it.

        What an index could not take is not in it, also not as it was before. Raises EngineBroken, Unavailable.
        """

    def unite(self, folder: Path, blueprint: Blueprint, changes: Sequence[Change]) -> Written:
        """Bring changes into the index in a folder, and make it one part, if the engine has parts and can do so.

        The changes are of a few documents of the index, as they are now. Raises EngineBroken, Unavailable.
        """

    def open(self, folder: Path, blueprint: Blueprint) -> Searcher:
        """Return what searches the index in a folder. Raises EngineBroken."""

    def knows(self, meta: str) -> bool:
        """Return whether an index with this meta is one of this engine, and not of one that the stage had before."""

    def parts(self, meta: str) -> int:
        """Return how many parts an index has that are searched one after the other, 0 if another engine made it."""

    def sweep(self, collection_id: str, kept: Collection[str]) -> None:
        """Remove what the engine itself keeps of a collection, without the indexes of these metas. Raises Unavailable.

        Whoever searches a removed index is answered IndexGone.
        """
