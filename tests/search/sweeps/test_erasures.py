"""What was deleted leaves the files of indexes by itself: no object holds a word of it after thirty days."""

from collections.abc import Iterator
from typing import Any

import pytest
import time_machine

from functions.search.collections import growth, pointers, tenant_index
from functions.search.indexing import indexer
from functions.search.sweeps import erasures as sweep
from shared.storage import table
from tests.aws.emf import counted
from tests.platform.held import stored
from tests.search.indexing.runs import kept, pointer, runs
from tests.search.people import Backbone, Person
from tests.search.sweeps.erasing import building, erased, in_objects, in_words, known, sweeps, told

DAY = 24 * 60 * 60
HOUR = 60 * 60
SECRET = {"id": "secret", "title": "Zanzibar", "author": "Quintessenz Wyrm"}
OTHERS = [{"id": f"{number}", "title": "The White Whale", "author": "Melville"} for number in range(5)]


@pytest.fixture
def time() -> Iterator[time_machine.Traveller]:
    with time_machine.travel("2026-11-20T12:00:00Z", tick=False) as traveller:
        yield traveller


def test_no_object_holds_a_word_of_what_was_deleted_once_the_sweep_has_come(
    ada: Person, collection: dict[str, Any], backbone: Backbone, time: time_machine.Traveller
):
    ada.stores(SECRET, *OTHERS)
    backbone.runs()
    ada.delete("/collections/books/documents/secret")
    backbone.runs()
    indexed = known(ada, collection)
    deleted = pointer(collection)
    held = in_objects("Quintessenz"), in_words(indexed, deleted, "zanzibar")
    time.shift(12 * DAY - 1)
    early = sweeps()
    time.shift(1)
    begun = sweeps()
    backbone.runs()
    built = pointer(collection)
    time.shift(HOUR)
    sweeps("remove_orphans")

    assert held == (True, True)
    assert (early, begun, sweeps()) == (0, 1, 0)
    assert not in_objects("Quintessenz")
    assert [in_words(indexed, each, "zanzibar") for each in (deleted, built)] == [False, False]
    assert kept() == pointers.objects(built)
    assert (built.erased_since, erased(collection)) == (None, None)
    assert (ada.finds("whale"), ada.finds("zanzibar")) == ([each["id"] for each in OTHERS], [])
    assert in_words(indexed, built, "whale")


def test_a_text_that_was_replaced_is_erased_as_one_that_was_deleted(
    ada: Person, collection: dict[str, Any], backbone: Backbone, time: time_machine.Traveller
):
    ada.stores(SECRET, *OTHERS)
    backbone.runs()
    ada.stores({**SECRET, "title": "Emma", "author": "Austen"})
    backbone.runs()
    held = in_objects("Quintessenz")
    time.shift(12 * DAY)
    sweeps()
    backbone.runs()
    time.shift(HOUR)
    sweeps("remove_orphans")

    assert (held, in_objects("Quintessenz"), in_objects("Austen")) == (True, False, True)
    assert ada.finds("emma") == ["secret"]


def test_the_index_of_the_search_of_milepost_is_erased_too(
    ada: Person, backbone: Backbone, time: time_machine.Traveller
):
    tenant = {"name": tenant_index.NAME, "collection_id": tenant_index.id_of(ada.tenant_id)}
    for number in range(5):
        told(ada, f"goal_{number}", 1, "Paint the house")
    told(ada, "goal_secret", 1, "Zanzibar")
    backbone.runs()
    told(ada, "goal_secret", 2, None)
    backbone.runs()
    deleted = pointer(tenant)
    time.shift(12 * DAY)
    begun = sweeps()
    backbone.runs()
    built = pointer(tenant)
    time.shift(HOUR)
    held = in_words(tenant_index.of(ada.tenant_id), deleted, "zanzibar")
    sweeps("remove_orphans")

    assert (begun, held) == (1, True)
    assert [in_words(tenant_index.of(ada.tenant_id), each, "zanzibar") for each in (deleted, built)] == [False, False]
    assert in_words(tenant_index.of(ada.tenant_id), built, "house")


def test_an_index_that_only_grows_owes_nothing(ada: Person, collection: dict[str, Any], time: time_machine.Traveller):
    for each in [SECRET, *OTHERS]:
        ada.stores(each)
        runs(ada, collection)
    time.shift(30 * DAY)

    assert (pointer(collection).erased_since, erased(collection), sweeps()) == (None, None, 0)


def test_a_merge_that_leaves_out_what_was_deleted_pays_what_the_index_owes(
    ada: Person, collection: dict[str, Any], time: time_machine.Traveller
):
    ada.stores(SECRET, *OTHERS)
    runs(ada, collection)
    ada.delete("/collections/books/documents/secret")
    runs(ada, collection)
    owed = erased(collection)["since"]
    time.shift(DAY)
    for number in range(10):
        ada.stores({"id": f"more{number}", "title": "Typee"})
        runs(ada, collection)

    assert owed == "2026-11-20T12:00:00.000Z"
    assert (pointer(collection).erased_since, erased(collection)) == (None, None)
    assert not in_words(known(ada, collection), pointer(collection), "zanzibar")


def test_what_an_index_owes_is_as_old_as_the_first_that_was_deleted(
    ada: Person, collection: dict[str, Any], time: time_machine.Traveller
):
    ada.stores(SECRET, *OTHERS)
    runs(ada, collection)
    for document_id in ("secret", "0"):
        ada.delete(f"/collections/books/documents/{document_id}")
        runs(ada, collection)
        time.shift(7 * DAY)

    assert erased(collection)["since"] == "2026-11-20T12:00:00.000Z"
    assert sweeps() == 1


def test_what_is_deleted_while_the_index_is_built_is_owed_by_the_new_one(
    ada: Person, collection: dict[str, Any], backbone: Backbone, time: time_machine.Traveller
):
    ada.stores(SECRET, *OTHERS)
    runs(ada, collection)
    ada.delete("/collections/books/documents/0")
    runs(ada, collection)
    time.shift(12 * DAY)
    sweeps()
    asked = iter([True, False])
    indexer.run(ada.tenant_id, "books", collection["collection_id"], lambda: next(asked))
    ada.delete("/collections/books/documents/secret")
    backbone.runs()

    assert erased(collection)["since"] == "2026-12-02T12:00:00.000Z"
    time.shift(12 * DAY)
    assert sweeps() == 1
    backbone.runs()
    assert erased(collection) is None


def test_a_new_index_for_more_fields_pays_what_the_old_one_owes(
    ada: Person, collection: dict[str, Any], backbone: Backbone, time: time_machine.Traveller
):
    ada.stores(SECRET, *OTHERS)
    runs(ada, collection)
    ada.delete("/collections/books/documents/secret")
    runs(ada, collection)
    ada.rest("PATCH", "/collections/books", {"fields": [{"name": "isbn", "type": "string", "optional": True}]})
    backbone.runs()
    time.shift(12 * DAY)

    assert (erased(collection), sweeps()) == (None, 0)


def test_an_index_that_is_being_built_is_not_begun_again(
    ada: Person, collection: dict[str, Any], time: time_machine.Traveller
):
    ada.stores(SECRET, *OTHERS)
    runs(ada, collection)
    ada.delete("/collections/books/documents/secret")
    runs(ada, collection)
    time.shift(12 * DAY)

    assert [sweeps(), sweeps()] == [1, 0]


def test_a_sweep_begins_so_many_the_one_that_owes_longest_first(
    ada: Person, eve: Person, time: time_machine.Traveller, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(sweep, "MOST_BEGUN", 1)
    made = []
    for person in (eve, ada):
        made.append(person.makes())
        person.stores(SECRET, *OTHERS)
        runs(person, made[-1])
        person.delete("/collections/books/documents/secret")
        runs(person, made[-1])
        time.shift(HOUR)
    time.shift(12 * DAY)
    begun = [sweeps(), building(made[0]), building(made[1])]

    assert begun == [1, True, False]
    assert [sweeps(), building(made[1]), sweeps()] == [1, True, 0]


def test_how_long_the_oldest_is_owed_is_measured_once_it_is_due(
    ada: Person, collection: dict[str, Any], time: time_machine.Traveller, capsys: pytest.CaptureFixture[str]
):
    ada.stores(SECRET, *OTHERS)
    runs(ada, collection)
    ada.delete("/collections/books/documents/secret")
    runs(ada, collection)
    sweeps()
    before = counted(capsys, "ErasureAge")
    time.shift(15 * DAY)
    sweeps()
    (after,) = counted(capsys, "ErasureAge")

    assert (before, [*after.numbers]) == ([], [15 * DAY * 1000])


def test_a_sweep_without_time_begins_nothing(ada: Person, collection: dict[str, Any], time: time_machine.Traveller):
    ada.stores(SECRET, *OTHERS)
    runs(ada, collection)
    ada.delete("/collections/books/documents/secret")
    runs(ada, collection)
    time.shift(12 * DAY)

    assert sweep.run(lambda: False) == 0
    assert not building(collection)


def test_a_deleted_collection_whose_removal_was_lost_is_removed(
    ada: Person, collection: dict[str, Any], backbone: Backbone, time: time_machine.Traveller
):
    ada.stores(SECRET, *OTHERS)
    backbone.runs()
    ada.delete("/collections/books")
    backbone.seen |= {each["event_id"] for each in table.query_all(f"TENANT#{ada.tenant_id}", "EVENT#")}
    time.shift(HOUR - 1)
    early = sweeps()
    time.shift(1)
    begun = sweeps()
    backbone.indexes()

    assert (early, begun, sweeps()) == (0, 1, 0)
    assert kept() == set()
    assert [place for place in stored() if collection["collection_id"] in place[0]] == []


def test_a_new_index_that_nobody_works_at_is_woken_up(
    ada: Person, collection: dict[str, Any], backbone: Backbone, time: time_machine.Traveller
):
    ada.stores(SECRET, *OTHERS)
    runs(ada, collection)
    growth.rebuild(ada.tenant_id, "books")
    asked = iter([True, False])
    time.shift(300)
    indexer.run(ada.tenant_id, "books", collection["collection_id"], lambda: next(asked))
    time.shift(119)
    early = sweeps("wake")
    time.shift(1)
    woken = sweeps("wake")
    backbone.indexes()

    assert (early, woken, sweeps("wake")) == (0, 1, 0)
    assert not building(collection)
