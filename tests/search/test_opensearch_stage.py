"""The whole way on a stage with a domain of OpenSearch: the same requests, replies and limits."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine

from functions.search import indexing_consumers
from functions.search.collections import pointers
from functions.search.collections.pointers import Pointer
from functions.search.engine import engines
from functions.search.indexing import readers
from functions.search.sweeps import consumers as sweeps
from tests.aws.entries import Context
from tests.search.indexing.runs import breaking, runs
from tests.search.opensearch.loopback import Loopback, serving
from tests.search.people import BOOKS, Backbone, Person, woken

MOBY = {"id": "moby", "title": "Moby-Dick; or, The Whale", "pages": 635, "tags": ["sea"], "author": "Melville"}
TYPEE = {"id": "typee", "title": "Typee: A Peep at Polynesian Life", "pages": 325, "author": "Melville"}


@pytest.fixture
def loopback(search_stage: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[Loopback]:
    monkeypatch.setattr("shared.pauses.after", lambda *_, **__: None)
    with serving() as loopback:
        monkeypatch.setenv("OPENSEARCH_ENDPOINT", loopback.url)
        engines.of_stage.cache_clear()
        yield loopback
    engines.of_stage.cache_clear()


@pytest.fixture
def ada(loopback: Loopback, ada: Person, backbone: Backbone) -> Person:
    """Somebody whose documents are in the domain."""
    ada.makes()
    ada.stores(MOBY, TYPEE)
    backbone.runs()
    return ada


def test_what_was_stored_is_found_filtered_counted_grouped_and_marked(ada: Person, backbone: Backbone):
    found = ada.searches("wahle", query_by="title", filter_by="pages:>100", facet_by="author")
    grouped = ada.searches(group_by="author", sort_by="pages:asc")

    assert (found["found"], found["out_of"]) == (1, 2)
    assert found["hits"][0]["document"] == MOBY
    assert found["hits"][0]["highlights"][0]["snippet"] == "Moby-Dick; or, The <mark>Whale</mark>"
    assert found["facet_counts"] == [{"field_name": "author", "counts": [{"value": "Melville", "count": 1}]}]
    assert [(each["group_key"], len(each["hits"])) for each in grouped["grouped_hits"]] == [("Melville", 2)]
    assert ada.get("/collections/books").body["num_documents"] == 2
    assert ada.get("/collections/books/documents/moby").body["index"] == {"state": "indexed", "version": 1}
    assert backbone.failed == []


def test_a_change_and_a_deletion_are_found_as_they_are(ada: Person, backbone: Backbone):
    ada.stores({**MOBY, "title": "The White Whale"})
    ada.delete("/collections/books/documents/typee")
    backbone.runs()

    assert (ada.finds("white"), ada.finds("moby dick"), ada.finds()) == (["moby"], [], ["moby"])


def test_a_document_that_the_domain_does_not_take_says_so(ada: Person, backbone: Backbone, loopback: Loopback):
    loopback.refused_items["emma"] = [400]
    ada.stores({"id": "emma", "title": "Emma"})
    backbone.runs()

    assert ada.get("/collections/books/documents/emma").body["index"]["state"] == "refused"
    assert (ada.finds("emma"), backbone.failed) == ([], [])


def test_a_busy_domain_is_503_and_what_waits_is_indexed_later(ada: Person, loopback: Loopback):
    loopback.next_statuses = [503] * 4
    refused = ada.asks(q="*")
    ada.stores({"id": "emma", "title": "Emma"})
    message = woken(ada.get("/collections/books").body, ada)
    loopback.next_statuses = [429] * 4
    first, second = (indexing_consumers.handler(message, Context()) for _ in range(2))

    assert (refused.status, refused.code) == (503, "Unavailable")
    assert [len(each["batchItemFailures"]) for each in (first, second)] == [1, 0]
    assert ada.finds("emma") == ["emma"]


def test_a_deleted_collection_leaves_nothing_in_the_domain(ada: Person, backbone: Backbone, loopback: Loopback):
    ada.delete("/collections/books")
    backbone.runs()

    assert loopback.indexes == {}


def test_an_index_that_a_writer_left_behind_is_removed_by_the_next_one(loopback: Loopback, eve: Person):
    eve.makes()
    eve.stores(MOBY)
    collection = eve.get("/collections/books").body
    with breaking("functions.search.indexing.leases.plan", before=True):
        runs(eve, collection)
    of_eve = collection["collection_id"].lower()
    left = [name for name in loopback.indexes if name.startswith(of_eve)]
    done = runs(eve, collection)
    there = [name for name in loopback.indexes if name.startswith(of_eve)]

    assert (len(left), len(there), done) == (1, 1, True)
    assert left != there
    assert eve.finds() == ["moby"]


def test_an_index_that_is_gone_is_503_until_it_is_built_anew(ada: Person, loopback: Loopback):
    loopback.indexes.clear()

    assert ada.asks(q="*").status == 503


def test_an_index_of_the_engine_before_is_not_asked_and_is_built_anew_with_the_next_change(
    ada: Person, backbone: Backbone, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.delenv("OPENSEARCH_ENDPOINT")
    engines.of_stage.cache_clear()
    readers.forget()
    before = ada.asks(q="*").status
    ada.stores({"id": "emma", "title": "Emma"})
    backbone.runs()

    assert before == 503
    assert sorted(ada.finds()) == ["emma", "moby", "typee"]
    assert backbone.failed == []


def test_a_collection_has_an_index_of_its_own(ada: Person, backbone: Backbone, loopback: Loopback):
    fields: list[dict[str, Any]] = BOOKS[:1]
    ada.makes("others", fields=fields)
    ada.stores({"id": "emma", "title": "Emma"}, name="others")
    backbone.runs()

    assert len(loopback.indexes) == 2
    assert (ada.finds(), ada.finds(name="others")) == (["moby", "typee"], ["emma"])


def test_an_index_that_holds_what_was_deleted_is_built_anew_and_the_old_one_is_removed(
    ada: Person, backbone: Backbone, loopback: Loopback
):
    collection_id = ada.get("/collections/books").body["collection_id"]
    grown = _pointer(collection_id).erased_since
    ada.delete("/collections/books/documents/typee")
    backbone.runs()
    owed, old = _pointer(collection_id).erased_since, [*loopback.indexes]
    with time_machine.travel(datetime.now(UTC) + timedelta(days=12, minutes=1)):
        begun = sweeps.handler({"action": "erase"}, Context())["found"]
        backbone.runs()

    assert (grown, begun) == (None, 1)
    assert owed is not None
    assert _pointer(collection_id).erased_since is None
    assert len(loopback.indexes) == 1
    assert {*old}.isdisjoint(loopback.indexes)
    assert ada.finds() == ["moby"]


def test_a_change_that_was_sent_twice_counts_as_one_that_replaced_something(ada: Person, loopback: Loopback):
    collection = ada.get("/collections/books").body
    ada.stores({"id": "emma", "title": "Emma"})
    with breaking("functions.search.indexing.publication.record", before=True):
        runs(ada, collection)
    runs(ada, collection)

    assert _pointer(collection["collection_id"]).erased_since is not None


def _pointer(collection_id: str) -> Pointer:
    found = pointers.find(collection_id, consistent=True)
    assert found is not None
    return found
