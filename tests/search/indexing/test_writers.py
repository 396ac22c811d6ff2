"""One writer a collection, whatever breaks off and whoever comes back."""

from typing import Any

import pytest
import time_machine

from functions.search import indexing_consumers
from functions.search.collections import pointers
from functions.search.documents import documents
from functions.search.indexing import leases, readers
from functions.search.indexing.leases import LeaseHeld, LeaseLost
from tests.aws.entries import Context
from tests.search.indexing.runs import WHALE, breaking, kept, pointer, runs
from tests.search.people import Person, woken

STEPS = [
    ("functions.search.indexing.leases.plan", True),
    ("functions.search.indexing.leases.plan", False),
    ("functions.search.indexing.folders.upload", True),
    ("functions.search.indexing.folders.upload", False),
    ("functions.search.collections.pointers.published", True),
    ("functions.search.indexing.leases.fulfilled", False),
    ("functions.search.documents.documents.settle", True),
    ("functions.search.documents.documents.settle", False),
]


@pytest.mark.parametrize(("place", "before"), STEPS)
def test_a_writer_that_ends_between_any_two_steps_loses_nothing(
    ada: Person,
    collection: dict[str, Any],
    place: str,
    before: bool,  # noqa: FBT001
):
    ada.stores({"id": "emma", "title": "Emma"})
    runs(ada, collection)
    ada.stores(WHALE, {"id": "typee", "title": "Typee and a whale"})
    with breaking(place, before=before):
        runs(ada, collection)
    readers.forget()
    meanwhile = ada.finds("*")
    runs(ada, collection)
    readers.forget()

    assert meanwhile in (["emma"], ["emma", "moby", "typee"])
    assert ada.finds("*") == ["emma", "moby", "typee"]
    assert ada.finds("whale") == ["moby", "typee"]
    assert documents.pending(collection["collection_id"], limit=10) == []
    named = pointers.objects(pointer(collection))
    assert named <= kept() <= named | {each.object for each in pointer(collection).discarded}


def test_what_a_writer_left_behind_is_removed_an_hour_later(ada: Person, collection: dict[str, Any]):
    with time_machine.travel("2026-11-20T12:00:00Z", tick=False) as time:
        ada.stores(WHALE)
        for _ in range(2):
            with breaking("functions.search.collections.pointers.published", before=True):
                runs(ada, collection)
        left = kept()
        assert len(left) == 2
        runs(ada, collection)
        assert left < kept()
        time.shift(60 * 60 + 1)
        ada.stores({"id": "emma", "title": "Emma"})
        runs(ada, collection)

        assert not left & kept()
        assert sorted(ada.finds("*")) == ["emma", "moby"]


def test_a_writer_that_slept_for_longer_than_its_lease_publishes_nothing(
    ada: Person, collection: dict[str, Any], monkeypatch: pytest.MonkeyPatch
):
    ada.stores(WHALE)
    with time_machine.travel("2026-11-20T12:00:00Z", tick=False) as time:
        plan, asleep = leases.plan, []

        def after_another(lease: leases.Lease, objects: list[str]) -> leases.Lease:
            planned = plan(lease, objects)
            if not asleep:
                asleep.append(lease.fence)
                time.shift(leases.HELD / 1000 + 1)
                ada.stores({"id": "emma", "title": "Emma"})
                assert runs(ada, collection)
            return planned

        monkeypatch.setattr(leases, "plan", after_another)
        with pytest.raises(LeaseLost):
            runs(ada, collection)
        now = pointer(collection)

    assert (now.version, now.fence) == (1, 2)
    assert sorted(ada.finds("*")) == ["emma", "moby"]
    assert kept() == pointers.objects(now) | {each.object for each in now.discarded}


def test_a_writer_whose_lease_another_has_taken_publishes_nothing_even_if_that_one_has_not_yet(
    ada: Person, collection: dict[str, Any], monkeypatch: pytest.MonkeyPatch
):
    ada.stores(WHALE)
    with time_machine.travel("2026-11-20T12:00:00Z", tick=False) as time:
        plan = leases.plan

        def after_another(lease: leases.Lease, objects: list[str]) -> leases.Lease:
            planned = plan(lease, objects)
            time.shift(leases.HELD / 1000 + 1)
            assert leases.take(collection["collection_id"]).fence == lease.fence + 1
            return planned

        monkeypatch.setattr(leases, "plan", after_another)
        with pytest.raises(LeaseLost):
            runs(ada, collection)
        held = leases.find(collection["collection_id"])

    assert pointers.find(collection["collection_id"], consistent=True) is None
    assert held is not None
    assert held.fence == 2


def test_a_second_writer_waits_for_the_lease_of_the_first(ada: Person, collection: dict[str, Any]):
    leases.take(collection["collection_id"])
    ada.stores(WHALE)
    answer = indexing_consumers.handler(woken(collection, ada), Context())

    assert len(answer["batchItemFailures"]) == 1
    with pytest.raises(LeaseHeld):
        leases.take(collection["collection_id"])


def test_a_lease_that_was_let_go_is_free_at_once(ada: Person, collection: dict[str, Any]):
    first = leases.take(collection["collection_id"])
    leases.release(first)
    second = leases.take(collection["collection_id"])
    leases.release(first)

    assert second.fence == first.fence + 1
    with pytest.raises(LeaseHeld):
        leases.take(collection["collection_id"])
