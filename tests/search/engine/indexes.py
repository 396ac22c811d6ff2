"""Indexes in folders, and what is found in them: what an engine must answer, whichever it is."""

import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from functions.search.collections import wording
from functions.search.collections.fields import Field
from functions.search.engine.asked import Found, Search, Searched
from functions.search.engine.embedded.engine import Embedded
from functions.search.engine.ports import Blueprint, Change, Searcher
from functions.search.engine.ports import Engine as Port
from functions.search.filters import filters
from functions.search.queries import orders, terms
from functions.search.queries.vocabularies import Vocabulary
from tests.search.schemas import FIELDS, TAGS, TITLE

COLLECTION_ID = "col_01KAEY3VJ0R8S4T0V6W2X9Y5Z1"
LIVE: Final = os.environ.get("OPENSEARCH_URL")
"""A real OpenSearch that the suite runs on too, where there is one."""
EMBEDDED: Final = Embedded()
Documents = Mapping[str, Mapping[str, Any]]


def index(
    folder: Path,
    documents: Documents,
    *,
    language: str | None = "en",
    removed: Iterable[str] = (),
    port: Port = EMBEDDED,
) -> None:
    """Put documents into the index in a folder, and take some out."""
    puts = [Change(id_, 1, {"title": "", **document}) for id_, document in documents.items()]
    written = port.write(folder, blueprint(language), [*puts, *(Change(id_, 2, None) for id_ in removed)])
    assert not written.refused


def blueprint(language: str | None = "en") -> Blueprint:
    """Return what the index of the suite is made for."""
    return Blueprint(COLLECTION_ID, FIELDS, language)


@dataclass
class Engine:
    """What is found in an index."""

    reader: Searcher
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


def opened(folder: Path, documents: Documents, *, language: str | None = "en", port: Port = EMBEDDED) -> Engine:
    """Return an engine with these documents."""
    index(folder, documents, language=language, port=port)
    return Engine(port.open(folder, blueprint(language)), FIELDS)


Opens = Callable[[Documents], Engine]
