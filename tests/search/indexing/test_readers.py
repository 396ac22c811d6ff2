"""Indexes that are searched: whole, looked at again, and closed."""

from collections.abc import Iterator
from typing import Any

import pytest
import time_machine

from functions.search.collections import pointers
from functions.search.indexing import indexer, readers
from tests.search.indexing.runs import WHALE, always, pointer, runs
from tests.search.people import Person


def test_a_reader_sees_each_publication_whole(ada: Person, collection: dict[str, Any]):
    seen = []
    with time_machine.travel("2026-11-20T12:00:00Z", tick=False) as time:
        for number in range(50):
            ada.stores({"id": f"{number:02}", "title": "Whale"})
            indexer.run(ada.tenant_id, "books", collection["collection_id"], always)
            time.shift(readers.LOOKED_AT_EVERY / 1000)
            seen.append(ada.searches("whale")["found"])

    assert seen == list(range(1, 51))


def test_an_index_is_looked_at_again_after_two_seconds(ada: Person, collection: dict[str, Any]):
    with time_machine.travel("2026-11-20T12:00:00Z", tick=False) as time:
        ada.stores(WHALE)
        runs(ada, collection)
        ada.finds("whale")
        ada.stores({"id": "emma", "title": "Emma"})
        indexer.run(ada.tenant_id, "books", collection["collection_id"], always)
        time.shift(1.9)
        before = ada.finds("emma")
        time.shift(0.1)

        assert (before, ada.finds("emma")) == ([], ["emma"])


def test_a_reader_whose_objects_are_gone_looks_at_the_pointer_again(
    ada: Person, collection: dict[str, Any], monkeypatch: pytest.MonkeyPatch
):
    ada.stores(WHALE)
    runs(ada, collection)
    stale = pointer(collection)
    gone = stale._replace(parts=[part._replace(object="search/gone") for part in stale.parts])
    answers: Iterator[pointers.Pointer] = iter([gone, stale])
    monkeypatch.setattr(pointers, "find", lambda *_, **__: next(answers))

    assert ada.finds("whale") == ["moby"]


def test_a_search_before_the_first_publication_finds_nothing(ada: Person):
    ada.stores(WHALE)

    assert ada.searches("whale") | {"search_time_ms": 0} == {
        "found": 0,
        "out_of": 0,
        "page": 1,
        "hits": [],
        "grouped_hits": [],
        "facet_counts": [],
        "search_time_ms": 0,
    }


def test_indexes_are_closed_when_there_is_no_room_for_more(
    ada: Person, collection: dict[str, Any], monkeypatch: pytest.MonkeyPatch
):
    ada.stores(WHALE)
    runs(ada, collection)
    ada.makes("others")
    ada.stores({"id": "emma", "title": "Emma"}, name="others")
    runs(ada, ada.get("/collections/others").body)
    monkeypatch.setattr(readers, "MAX_BYTES", 10)
    found = [ada.finds(name=name) for name in ("books", "others", "books")]

    assert found == [["moby"], ["emma"], ["moby"]]
    assert len(readers._opened) == 1
