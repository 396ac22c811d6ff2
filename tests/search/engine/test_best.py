"""The best hits alone, step by step, are those of one search of all, in the same order and with the same points."""

import random
from pathlib import Path
from typing import Any

import pytest

from functions.search.collections import wording
from functions.search.engine import points, steps
from functions.search.engine.asked import Search, Searched, Wanted
from functions.search.engine.embedded import reader
from functions.search.filters import filters
from functions.search.queries import terms
from functions.search.queries.vocabularies import Vocabulary
from tests.search.engine.indexes import EMBEDDED, Engine, Opens, blueprint, index
from tests.search.schemas import CODES, FIELDS, TAGS, TITLE

WORDS = ["whale", "whales", "whaler", "while", "white", "whit", "wale", "sea", "seas", "search", "harbour", "harbours"]
SEARCHED = [Searched(TITLE, 1.0), Searched(TAGS, 0.5), Searched(CODES, 1.0)]
QUESTIONS = [
    "whale",
    "wahle",
    "wha",
    "whal",
    "harbour",
    "harbuor",
    "white whale",
    "whale whi",
    "white sea har",
    '"white whale"',
    "whale -sea",
    "whale-1",
    "*",
    "sea harbours whit whale",
]


@pytest.fixture(autouse=True)
def every_word_is_frequent(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let words as they are be looked for first, however few documents have them."""
    monkeypatch.setattr(reader, "_FREQUENT", 1)


def library(size: int) -> dict[str, dict[str, Any]]:
    luck = random.Random(76)  # noqa: S311 - what documents say
    return {
        f"id-{number:04}": {
            "title": " ".join(luck.choices(WORDS, k=luck.randint(1, 6))),
            "tags": luck.choices(WORDS, k=2),
            "codes": luck.choices(WORDS, k=1),
            "pages": luck.randrange(4),
        }
        for number in luck.sample(range(size), size)
    }


@pytest.fixture(scope="module")
def shelves(opens: Opens) -> Engine:
    """Return a library in each of the engines."""
    return opens(library(250))


@pytest.fixture(scope="module", params=[1, 11], ids=["one part", "eleven parts"])
def parts(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Engine:
    """Return a large library in an index of one part, or of several."""
    folder: Path = tmp_path_factory.mktemp("index")
    documents = [*library(900).items()]
    size = -(-len(documents) // request.param)
    for start in range(0, len(documents), size):
        index(folder, dict(documents[start : start + size]))
    return Engine(EMBEDDED.open(folder, blueprint()), FIELDS)


def wanted(q: str, **more: Any) -> Search:
    asked = terms.read(q, prefix=True, num_typos=2)
    assert asked is not None
    return Search(wanted=asked.wanted, unwanted=asked.unwanted, **more)


def assert_best_is_found(engine: Engine, q: str, **more: Any) -> None:
    search = wanted(q, **more)

    assert [*engine.reader.best(search)] == [*engine.reader.search(search).hits]


@pytest.mark.parametrize("q", QUESTIONS)
@pytest.mark.parametrize("limit", [1, 10, 200])
def test_each_engine_finds_the_same(shelves: Engine, q: str, limit: int):
    assert_best_is_found(shelves, q, searched=SEARCHED, limit=limit)


@pytest.mark.parametrize("q", QUESTIONS)
@pytest.mark.parametrize("where", [None, "pages:=[1,3]"])
@pytest.mark.parametrize("searched", [SEARCHED, SEARCHED[:1]], ids=["three fields", "one field"])
def test_in_parts_or_in_one(parts: Engine, q: str, where: str | None, searched: list[Searched]):
    read = None if where is None else filters.read(where, FIELDS)
    for limit in (1, 3, 21, 100, 500):
        assert_best_is_found(parts, q, where=read, searched=searched, limit=limit)


@pytest.mark.parametrize("q", QUESTIONS[:6])
def test_pages_have_every_hit_once(parts: Engine, q: str):
    search = {"searched": SEARCHED, "limit": 40}
    pages = [hit for offset in range(0, 400, 40) for hit in parts.reader.best(wanted(q, offset=offset, **search))]

    assert pages == [*parts.reader.search(wanted(q, searched=SEARCHED, limit=400)).hits]


def test_synonyms_are_found_in_it(parts: Engine):
    sets = [{"root": "whale sea", "synonyms": ["white", "harbour sea"]}]
    said = wording.kept(synonyms=sets, stop_words=[], language_stop_words=False)
    asked = Vocabulary(said, "en").widened(wanted("whale sea har").wanted)
    search = Search(wanted=asked, searched=SEARCHED, limit=30)

    assert [*parts.reader.best(search)] == [*parts.reader.search(search).hits]


@pytest.mark.parametrize("q", QUESTIONS)
def test_no_hit_that_a_step_misses_has_more_points_than_it_says(parts: Engine, q: str):
    search = wanted(q, searched=SEARCHED, limit=1000)
    every = {hit.id: hit.text_match for hit in parts.reader.search(search).hits}
    for step in steps.before(search):
        found = {hit.id: hit.text_match for hit in parts.reader.search(step.search).hits}
        missed = [match for id_, match in every.items() if found.get(id_) != match]

        assert max(missed, default=0) <= step.missed * points.MATCHES


@pytest.mark.parametrize(("q", "count"), [("*", 0), ("whale", 2), ("wha", 1), ("whale 12", 2), ('"white whale"', 0)])
def test_there_are_steps_only_where_something_is_costly(q: str, count: int):
    assert len([*steps.before(wanted(q))]) == count


def test_a_page_that_is_full_looks_for_no_typos(parts: Engine, monkeypatch: pytest.MonkeyPatch):
    asked: list[Wanted] = []
    of = parts.reader._questions.of  # type: ignore[attr-defined]

    def noted(search: Search) -> Any:
        asked.extend(search.wanted)
        return of(search)

    monkeypatch.setattr(parts.reader._questions, "of", noted)  # type: ignore[attr-defined]
    parts.reader.best(wanted("whal", searched=SEARCHED, limit=10))

    assert [(each.is_prefix, each.typos) for each in asked] == [(True, 0)]  # type: ignore[union-attr]
