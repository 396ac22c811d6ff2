"""Objects of the bucket that are gone, or are to go: an index that is lost, replaced, or came to nothing."""

from typing import Any

import pytest
import time_machine

from functions.search.collections import collections, growth, pointers, rebuilds
from functions.search.documents import documents
from functions.search.indexing import indexer
from shared.storage import table
from tests.search.indexing.building import answers, book, grows, keeps, loses_its_index, state
from tests.search.indexing.runs import WHALE, kept, pointer, runs
from tests.search.people import Person


def test_an_index_that_was_deleted_from_the_bucket_and_is_built_anew_answers_as_before(
    ada: Person, collection: dict[str, Any]
):
    keeps(ada, *map(book, range(30)), *(book(number, "Typee") for number in range(30, 40)))
    runs(ada, collection)
    before = answers(ada)
    loses_its_index()
    unanswered = ada.asks(q="*")
    growth.rebuild(ada.tenant_id, "books")
    runs(ada, collection)

    assert unanswered.status == 503
    assert answers(ada) == before
    assert state(collection) == rebuilds.COMPLETED


def test_an_index_whose_objects_are_gone_is_built_anew_when_a_document_changes(ada: Person, collection: dict[str, Any]):
    keeps(ada, *map(book, range(30)))
    runs(ada, collection)
    loses_its_index()
    ada.stores(WHALE)
    runs(ada, collection)

    assert ada.searches()["found"] == 31
    assert "moby" in ada.finds("whale", per_page=50)
    assert documents.pending(collection["collection_id"], limit=10) == []


def test_a_change_of_the_schema_goes_with_an_index_whose_objects_are_gone(ada: Person, collection: dict[str, Any]):
    keeps(ada, *map(book, range(10)), {"id": "odd", "title": "Odd", "publisher": 1})
    runs(ada, collection)
    loses_its_index()
    grows(ada)
    ada.rest("POST", "/documents/sync", {"operation": "delete", "collection_name": "books", "document": {"id": "000"}})
    runs(ada, collection)

    assert ada.searches()["found"] == 10
    assert len(ada.get("/collections/books").body["fields"]) == 7


def test_objects_of_the_old_index_are_removed_an_hour_later(ada: Person, collection: dict[str, Any]):
    with time_machine.travel("2026-11-20T12:00:00Z", tick=False) as time:
        ada.stores(WHALE)
        runs(ada, collection)
        old = pointers.objects(pointer(collection))
        growth.rebuild(ada.tenant_id, "books")
        runs(ada, collection)
        assert old <= kept()
        time.shift(60 * 60 + 1)
        ada.stores({"id": "emma", "title": "Emma"})
        runs(ada, collection)

        assert not old & kept()
        assert sorted(ada.finds()) == ["emma", "moby"]


@pytest.mark.usefixtures("pieces")
def test_objects_of_an_index_that_came_to_nothing_are_removed_an_hour_later(ada: Person, collection: dict[str, Any]):
    with time_machine.travel("2026-11-20T12:00:00Z", tick=False) as time:
        keeps(ada, *map(book, range(30)))
        runs(ada, collection)
        grows(ada)
        turns = iter([True, True, False])
        indexer.run(ada.tenant_id, "books", collection["collection_id"], lambda: next(turns))
        built = pointers.objects(rebuilds.find(collection["collection_id"])[0])
        nothing = kept() - built
        # A request that began before the change.
        item = documents.find(collection["collection_id"], "029", consistent=True)
        assert item is not None
        there = collections.find(ada.tenant_id, "books")
        other = item._replace(content='{"id":"029","title":"x","publisher":1}', version=2)
        wrong = documents.changed(there, other, at=0)
        table.transact([documents.written(item, wrong)])
        runs(ada, collection)
        assert state(collection) == rebuilds.REFUSED
        assert nothing <= kept()
        for _ in range(2):
            time.shift(60 * 60 + 1)
            ada.stores(WHALE)
            runs(ada, collection)

        assert nothing != set()
        assert not nothing & kept()
        assert ada.searches()["found"] == 31
