"""Indexes in folders, and what is found in them: what an engine must answer, whichever it is."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from functions.search.collections import wording
from functions.search.collections.fields import Field
from functions.search.engine.asked import Found, Search, Searched
from functions.search.engine.embedded.reader import Reader
from functions.search.engine.embedded.writer import Writer
from functions.search.filters import filters
from functions.search.queries import orders, terms
from functions.search.queries.vocabularies import Vocabulary
from tests.search.schemas import FIELDS, TAGS, TITLE

Documents = Mapping[str, Mapping[str, Any]]


def index(folder: Path, documents: Documents, *, language: str | None = "en", removed: Iterable[str] = ()) -> None:
    """Put documents into the index in a folder, and take some out."""
    writer = Writer(folder, FIELDS, language)
    for id_, document in documents.items():
        writer.put(id_, {"title": "", **document})
    for id_ in removed:
        writer.remove(id_)
    writer.commit()


@dataclass
class Engine:
    """What is found in an index."""

    reader: Reader
    fields: Sequence[Field]

    def search(self, q: str = "*", where: str | None = None, sort: str | None = None, **more: Any) -> Found:
        asked = terms.read(q, prefix=more.pop("prefix", True), num_typos=more.pop("num_typos", 2))
        assert asked is not None
        vocabulary = Vocabulary(more.pop("wording", wording.NONE), "en")
        return self.reader.search(
            Search(
                wanted=vocabulary.widened(vocabulary.without_stop_words(asked.wanted)),
                unwanted=asked.unwanted,
                searched=more.pop("searched", [Searched(TITLE, 1.0), Searched(TAGS, 0.5)]),
                where=None if where is None else filters.read(where, self.fields),
                orders=[] if sort is None else orders.read(sort, self.fields),
                **more,
            )
        )

    def finds(self, q: str = "*", where: str | None = None, sort: str | None = None, **more: Any) -> list[str]:
        return [hit.id for hit in self.search(q, where, sort, **more).hits]


def opened(folder: Path, documents: Documents, *, language: str | None = "en") -> Engine:
    """Return an engine with these documents."""
    index(folder, documents, language=language)
    return Engine(Reader(folder, FIELDS, language), FIELDS)
