"""Hits that are equal come in the order of their ids, from an index of many parts too, which changes all the time."""

import random
from pathlib import Path
from typing import Any

import pytest
from tantivy import Index

from functions.search.engine.embedded import reader, schema
from functions.search.engine.embedded.writer import is_in_order
from tests.search.engine.indexes import EMBEDDED, Engine, blueprint, index
from tests.search.schemas import FIELDS

TITLES = ("whale", "whales", "whale whale", "white whale", "whaling", "whalebone")


@pytest.fixture
def looks_at_few(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the reader look at so few hits at first that it must look again for those that are equal."""
    monkeypatch.setattr(reader, "_AHEAD", 3)


@pytest.fixture(scope="module", params=[False, True], ids=["as it is made now", "as it was made before"])
def changed(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Engine, dict[str, dict[str, Any]]]:
    """Return an index that was changed often, and the documents in it; one kept its order, one never had any."""
    folder = tmp_path_factory.mktemp("index")
    if request.param:
        Index(schema.of(FIELDS), path=str(folder))
    luck = random.Random(84)  # noqa: S311 - what documents say
    there: dict[str, dict[str, Any]] = {}
    for _ in range(13):
        ids = luck.sample(range(500), 30)
        documents = {f"id-{each:03}": {"title": luck.choice(TITLES), "pages": luck.randrange(3)} for each in ids}
        removed = [id_ for id_ in luck.sample(sorted(there), min(5, len(there))) if id_ not in documents]
        index(folder, documents, removed=removed)
        there = {id_: document for id_, document in (there | documents).items() if id_ not in removed}
    assert is_in_order(folder) != request.param
    return Engine(EMBEDDED.open(folder, blueprint()), FIELDS), there


@pytest.mark.usefixtures("looks_at_few")
@pytest.mark.parametrize("q", ["whale", "wha", "wahle", "white whale", "*"])
def test_equal_hits_are_in_the_order_of_their_ids(changed: tuple[Engine, dict[str, dict[str, Any]]], q: str):
    engine, _ = changed
    found = engine.search(q, limit=250)
    pages = [hit for offset in range(0, 250, 25) for hit in engine.search(q, limit=25, offset=offset).hits]

    assert [*found.hits] == sorted(found.hits, key=lambda hit: (-hit.text_match, hit.id)) == pages
    assert len({hit.text_match for hit in found.hits}) < len(found.hits) == found.found


@pytest.mark.usefixtures("looks_at_few")
@pytest.mark.parametrize("direction", ["asc", "desc"])
def test_equal_values_are_in_the_order_of_their_ids(changed: tuple[Engine, dict[str, dict[str, Any]]], direction: str):
    engine, there = changed
    sign = 1 if direction == "asc" else -1
    expected = sorted(there, key=lambda id_: (sign * there[id_]["pages"], id_))

    assert engine.finds(sort=f"pages:{direction}", limit=250) == expected
    assert [
        id_ for offset in range(0, 250, 25) for id_ in engine.finds(sort=f"pages:{direction}", limit=25, offset=offset)
    ] == expected


@pytest.mark.usefixtures("looks_at_few")
@pytest.mark.parametrize(("q", "sort"), [("whale", None), ("*", "pages:asc")])
def test_equal_hits_of_later_parts_are_found_however_many_come_before_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, q: str, sort: str | None
):
    monkeypatch.setattr("functions.search.engine.ports.MOST_SORTED", 40)
    for start in range(200, -1, -100):
        index(tmp_path, {f"id-{number:03}": {"title": "Whale", "pages": 1} for number in range(start, start + 100)})
    engine = Engine(EMBEDDED.open(tmp_path, blueprint()), FIELDS)
    pages = [id_ for offset in range(0, 300, 20) for id_ in engine.finds(q, sort=sort, limit=20, offset=offset)]

    assert pages == [f"id-{number:03}" for number in range(300)]


def test_of_many_equal_hits_no_more_ids_are_read_than_a_page_and_the_parts_have(tmp_path: Path):
    for start in range(3):
        index(tmp_path, {f"id-{number:04}": {"title": "Whale"} for number in range(start, 1500, 3)})
    opened = EMBEDDED.open(tmp_path, blueprint())

    assert Engine(opened, FIELDS).finds("whale", limit=20) == [f"id-{number:04}" for number in range(20)]
    assert len(opened._ids) <= 20 + 3
