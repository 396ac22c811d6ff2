"""An index is one part when it was built anew, and becomes one again, once in a day, when it has grown by changes."""

import json
import random
from typing import Any

import pytest
import time_machine

from functions.search.collections import growth, pointers
from functions.search.engine import engines
from functions.search.indexing import indexer, uniting
from functions.search.indexing.leases import LeaseLost
from shared.storage import table
from tests.search.indexing.building import answers, book, grows, keeps, loses_its_index, state
from tests.search.indexing.runs import always, breaking, kept, pointer, runs
from tests.search.people import Person

DAY = 24 * 60 * 60


def parts(collection: dict[str, Any]) -> int:
    return engines.of_stage().parts(pointer(collection).meta)


@pytest.fixture
def crowded(ada: Person, collection: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """A collection whose index has more parts than it may have."""
    monkeypatch.setattr(uniting, "MOST_PARTS", 3)
    for start in range(0, 12, 3):
        keeps(ada, *map(book, range(start, start + 3)))
        if start < 9:
            runs(ada, collection)
    return collection


@pytest.mark.usefixtures("pieces")
def test_an_index_that_was_built_anew_is_one_part(ada: Person, collection: dict[str, Any]):
    keeps(ada, *map(book, range(20)))
    runs(ada, collection)
    before = answers(ada)
    growth.rebuild(ada.tenant_id, "books")
    runs(ada, collection)

    assert parts(collection) == 1
    assert answers(ada) == before
    now = pointer(collection)
    assert pointers.objects(now) <= kept() == pointers.objects(now) | {each.object for each in now.discarded}


@pytest.mark.usefixtures("pieces")
def test_an_index_with_more_fields_is_one_part(ada: Person, collection: dict[str, Any]):
    keeps(ada, *(book(number) | {"publisher": "Bentley"} for number in range(20)))
    runs(ada, collection)
    grows(ada)
    runs(ada, collection)

    assert (parts(collection), state(collection)) == (1, "completed")
    assert ada.searches(filter_by="publisher:=Bentley")["found"] == 20


@pytest.mark.usefixtures("pieces")
def test_with_few_documents_it_has_its_parts(ada: Person, collection: dict[str, Any]):
    keeps(ada, *map(book, range(uniting.MOST_TAKEN - 3)))
    runs(ada, collection)
    growth.rebuild(ada.tenant_id, "books")

    assert runs(ada, collection)
    assert ada.searches()["found"] == uniting.MOST_TAKEN - 3


def test_an_index_that_has_grown_becomes_one_part_at_the_end_of_a_run(ada: Person, crowded: dict[str, Any]):
    runs(ada, crowded)

    assert parts(crowded) == 1
    assert (ada.searches()["found"], ada.finds("whale", per_page=1)) == (12, ["000"])


def test_it_does_so_once_in_a_day(ada: Person, crowded: dict[str, Any]):
    seen = []
    with time_machine.travel("2026-11-20T12:00:00Z", tick=False) as time:
        runs(ada, crowded)
        for number in range(12, 17):
            keeps(ada, book(number))
            runs(ada, crowded)
        seen.append(parts(crowded))
        time.shift(DAY - 1)
        keeps(ada, book(17))
        runs(ada, crowded)
        seen.append(parts(crowded))
        time.shift(1)
        keeps(ada, book(18))
        runs(ada, crowded)

    assert (seen, parts(crowded)) == ([6, 7], 1)
    assert ada.searches()["found"] == 19


def test_a_large_index_and_one_of_few_parts_stay_as_they_are(
    ada: Person, crowded: dict[str, Any], monkeypatch: pytest.MonkeyPatch
):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(uniting, "MOST_BYTES", 1)
        runs(ada, crowded)
    large = parts(crowded)
    monkeypatch.setattr(uniting, "MOST_PARTS", 4)
    runs(ada, crowded)

    assert (large, parts(crowded)) == (4, 4)


def test_without_time_the_next_run_does_it(ada: Person, crowded: dict[str, Any]):
    asked = iter([True, True, False, False])
    early = indexer.run(ada.tenant_id, "books", crowded["collection_id"], lambda: next(asked)).is_done
    before = parts(crowded)

    assert (early, before, runs(ada, crowded), parts(crowded)) == (False, 4, True, 1)


@pytest.mark.parametrize(
    ("place", "before"),
    [
        ("functions.search.indexing.uniting.documents", True),
        ("functions.search.engine.embedded.uniting.unite", False),
        ("functions.search.indexing.folders.upload", False),
        ("functions.search.collections.pointers.published", True),
    ],
)
def test_a_writer_that_ends_meanwhile_loses_nothing(
    ada: Person,
    crowded: dict[str, Any],
    place: str,
    before: bool,  # noqa: FBT001
):
    runs_out = iter([True, True, False])
    indexer.run(ada.tenant_id, "books", crowded["collection_id"], lambda: next(runs_out, False))
    with breaking(place, before=before):
        runs(ada, crowded)
    found = ada.searches()["found"]
    runs(ada, crowded)

    assert (found, ada.searches()["found"], parts(crowded)) == (12, 12, 1)


def test_what_is_changed_meanwhile_is_in_it_or_comes_next(ada: Person, crowded: dict[str, Any]):
    documents = uniting.documents

    def changed_meanwhile(collection_id: str) -> Any:
        found = documents(collection_id)
        for each in found:
            if random.Random(each.id).random() < 0.5:  # noqa: S311 - some of them
                keeps(ada, book(int(each.id), "Typee"))
            else:
                keeps(ada, {"id": each.id}, operation="delete")
        return found

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(uniting, "documents", changed_meanwhile)
        runs(ada, crowded)
    there = {hit["document"]["id"] for hit in ada.searches(per_page=50)["hits"]}

    assert {*ada.finds("typee")} <= there
    assert len(there) == ada.searches()["found"] < 12
    assert len(ada.finds("typee whale")) == 0


def test_an_index_whose_objects_are_gone_is_not_made_one_part(ada: Person, crowded: dict[str, Any]):
    asked = iter([True, True, False])
    indexer.run(ada.tenant_id, "books", crowded["collection_id"], lambda: next(asked, False))
    loses_its_index()

    assert runs(ada, crowded)
    keeps(ada, book(50))
    runs(ada, crowded)
    assert ada.searches()["found"] == 13


def test_an_index_of_another_engine_keeps_nobody_from_ending_a_run(ada: Person, collection: dict[str, Any]):
    keeps(ada, book(1))
    runs(ada, collection)
    before = pointer(collection)
    other = before._replace(meta=json.dumps({"alias": "books"}), version=before.version + 1)
    table.transact([pointers.published(before, other)])

    assert runs(ada, collection)
    keeps(ada, book(2))
    assert runs(ada, collection)
    assert ada.searches()["found"] == 2


def test_a_writer_that_slept_meanwhile_publishes_nothing(
    ada: Person, crowded: dict[str, Any], monkeypatch: pytest.MonkeyPatch
):
    with time_machine.travel("2026-11-20T12:00:00Z", tick=False) as time:
        documents = uniting.documents

        def sleeps(collection_id: str) -> Any:
            monkeypatch.setattr(uniting, "documents", documents)
            time.shift(61)
            keeps(ada, book(99))
            indexer.run(ada.tenant_id, "books", collection_id, always)
            return documents(collection_id)

        monkeypatch.setattr(uniting, "documents", sleeps)
        with pytest.raises(LeaseLost):
            runs(ada, crowded)

    assert ada.searches()["found"] == 13
