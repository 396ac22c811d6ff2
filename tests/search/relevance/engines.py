"""What is measured with the judged texts: our engine, and SQLite FTS5 beside it."""

import sqlite3
from collections.abc import Callable, Mapping
from contextlib import closing
from pathlib import Path
from typing import Final

from functions.search.collections import fields
from functions.search.engine.asked import Search, Searched
from functions.search.engine.embedded.reader import Reader
from functions.search.engine.embedded.writer import Writer
from functions.search.queries import terms
from tests.search.relevance.judged import LOOKED_AT, Query, ndcg

FIELDS: Final = fields.read([{"name": "text", "type": "string"}])

Finds = Callable[[str], list[str]]


def embedded(folder: Path, texts: Mapping[str, str]) -> Finds:
    """Return what searches texts with our engine, as a caller who says nothing but `q` does."""
    writer = Writer(folder, FIELDS, "en")
    for id_, text in texts.items():
        writer.put(id_, {"text": text})
    writer.commit()
    reader = Reader(folder, FIELDS, "en")

    def finds(q: str) -> list[str]:
        asked = terms.read(q, prefix=True, num_typos=2)
        assert asked is not None
        search = Search(wanted=asked.wanted, searched=[Searched(0, 1.0)], limit=LOOKED_AT)
        return [hit.id for hit in reader.search(search).hits]

    return finds


def fts5(texts: Mapping[str, str]) -> Finds:
    """Return what searches texts with SQLite, which knows stems and BM25."""
    database = sqlite3.connect(":memory:")
    with closing(database.cursor()) as cursor:
        cursor.execute("CREATE VIRTUAL TABLE texts USING fts5(id UNINDEXED, text, tokenize = 'porter unicode61')")
        cursor.executemany("INSERT INTO texts VALUES (?, ?)", texts.items())

    def finds(q: str) -> list[str]:
        match = " ".join(f'"{word}"' for word in q.split())
        asked = "SELECT id FROM texts WHERE texts MATCH ? ORDER BY bm25(texts), id LIMIT ?"
        return [id_ for (id_,) in database.execute(asked, (match, LOOKED_AT))]

    return finds


def mean(finds: Finds, queries: list[Query], *, held_out: bool) -> float:
    """Return the mean nDCG@10 of the queries that were held out, or of those that were not."""
    found = [ndcg(finds(each.q), each.grades) for each in queries if each.is_held_out == held_out]
    return sum(found) / len(found)
