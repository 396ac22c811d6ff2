"""What a search takes in the engine, beside SQLite FTS5 on the same documents, and how large its index is.

The time of the processor for this thread, so that what else the machine does counts for little.
"""

import dataclasses
import itertools
import random
import sqlite3
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from statistics import median
from typing import Final

from functions.search.collections import fields
from functions.search.engine.asked import Search, Searched, Whole
from functions.search.engine.embedded.reader import Reader
from functions.search.engine.embedded.writer import Writer
from functions.search.queries import terms
from tests.bench.figures import Figure

DOCUMENTS: Final = 5000
WORDS: Final = 30
FIELDS: Final = fields.read(
    [{"name": "title", "type": "string"}, {"name": "readers", "type": "string[]", "facet": True}]
)
# Twice what was measured: 5.4, 0.3 and 0.8. SQLite knows no typos, and the engine looks for them in every word.
LIMITS: Final = {"a word": 11.0, "the beginning of a word": 0.6, "the beginning of a word, of 100 readers": 1.6}
LARGEST_BYTES: Final = 400

Times = Mapping[str, Sequence[float]]


def measure() -> list[Figure]:
    """Return how many times as long as SQLite the engine takes, and how many bytes of index a document has."""
    luck = random.Random(15)  # noqa: S311 - a model
    vocabulary = _vocabulary(luck)
    weights = [*itertools.accumulate(1 / (place + 3) for place in range(len(vocabulary)))]
    titles = [" ".join(luck.choices(vocabulary, cum_weights=weights, k=WORDS)) for _ in range(DOCUMENTS)]
    asked = luck.choices(vocabulary, cum_weights=weights, k=200)
    with tempfile.TemporaryDirectory() as folder:
        reader = _indexed(Path(folder), titles, luck)
        size = sum(path.stat().st_size for path in Path(folder).iterdir())
        beginnings = [word[:4] for word in asked]
        readers = Whole(1, [f"user:{number}" for number in range(100)])
        took = {
            "a word": _times(asked, lambda q: _search(reader, q, prefix=False)),
            "the beginning of a word": _times(beginnings, lambda q: _search(reader, q)),
            "the beginning of a word, of 100 readers": _times(beginnings, lambda q: _best(reader, q, readers)),
        }
    database = _in_sqlite(titles)
    beside = {name: _times(asked if name == "a word" else beginnings, _sqlite(database, name)) for name in took}
    return judged(took, beside, size)


def judged(took: Times, beside: Times, size: int) -> list[Figure]:
    """Return the figures: the median of what each kind of search takes, to that of SQLite."""
    ratios = {name: median(took[name]) / median(beside[name]) for name in took}
    return [
        *(Figure(f"{name}, to SQLite FTS5", ratio, "times", LIMITS[name]) for name, ratio in ratios.items()),
        *(Figure(f"{name}: median", median(each) * 1000, "ms") for name, each in took.items()),
        Figure("index of a document", size / DOCUMENTS, "bytes", LARGEST_BYTES),
    ]


def _vocabulary(luck: random.Random) -> list[str]:
    syllables = [first + second for first in "bcdfghklmnprstvw" for second in "aeiou"]
    return sorted({"".join(luck.choices(syllables, k=luck.randint(2, 5))) for _ in range(20_000)}, key=_mixed)


def _mixed(word: str) -> tuple[str, str]:
    return word[::-1], word


def _indexed(folder: Path, titles: Sequence[str], luck: random.Random) -> Reader:
    writer = Writer(folder, FIELDS, "en")
    for number, title in enumerate(titles):
        readers = [f"user:{each}" for each in luck.sample(range(2000), 3)]
        writer.put(f"d{number:05}", {"title": title, "readers": readers})
    writer.commit()
    return Reader(folder, FIELDS, "en")


def _search(reader: Reader, q: str, *, prefix: bool = True) -> None:
    """Search as in a collection."""
    reader.search(_asked(q, prefix=prefix))


def _best(reader: Reader, q: str, readers: Whole) -> None:
    """Search as in the search of Milepost."""
    reader.best(dataclasses.replace(_asked(q, prefix=True), where=readers))


def _asked(q: str, *, prefix: bool) -> Search:
    asked = terms.read(q, prefix=prefix, num_typos=2)
    assert asked is not None
    return Search(wanted=asked.wanted, searched=[Searched(0, 1.0)])


def _in_sqlite(titles: Sequence[str]) -> sqlite3.Connection:
    database = sqlite3.connect(":memory:")
    database.execute("CREATE VIRTUAL TABLE titles USING fts5(title, tokenize = 'porter unicode61')")
    database.executemany("INSERT INTO titles VALUES (?)", [(title,) for title in titles])
    return database


def _sqlite(database: sqlite3.Connection, name: str) -> Callable[[str], None]:
    sign = "" if name == "a word" else "*"
    counted = "SELECT count(*) FROM titles WHERE titles MATCH ?"
    ordered = "SELECT rowid FROM titles WHERE titles MATCH ? ORDER BY bm25(titles) LIMIT 10"

    def search(q: str) -> None:
        for statement in (counted, ordered):
            database.execute(statement, (f"{q}{sign}",)).fetchall()

    return search


def _times(asked: Sequence[str], search: Callable[[str], None]) -> list[float]:
    found = []
    for q in asked:
        begun = time.thread_time()
        search(q)
        found.append(time.thread_time() - begun)
    return found
