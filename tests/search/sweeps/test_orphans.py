"""Objects of no index are removed from the bucket, and nothing else is."""

from collections.abc import Iterator
from typing import Any

import pytest
import time_machine

from functions.search.collections import pointers
from functions.search.indexing import folders, leases
from functions.search.sweeps import consumers, orphans
from shared import clock
from shared.storage import files, table
from tests.aws.emf import counted
from tests.aws.entries import Context
from tests.search.indexing.runs import WHALE, breaking, kept, pointer, runs
from tests.search.people import Backbone, Person

HOUR = 60 * 60


@pytest.fixture
def time() -> Iterator[time_machine.Traveller]:
    with time_machine.travel("2026-11-20T12:00:00Z", tick=False) as traveller:
        yield traveller


def sweeps() -> int:
    return consumers.handler({"action": "remove_orphans"}, Context())["found"]


def left(person: Person, collection_id: str) -> str:
    """Leave an object behind that nobody names."""
    key = files.new_key(folders.PURPOSE, person.tenant_id, collection_id)
    files.put_once(key, b"", media_type="application/octet-stream")
    return key


def test_an_object_that_nobody_names_is_removed_after_an_hour(
    ada: Person, collection: dict[str, Any], time: time_machine.Traveller, capsys: pytest.CaptureFixture[str]
):
    ada.stores(WHALE)
    runs(ada, collection)
    orphan = left(ada, collection["collection_id"])
    time.shift(HOUR - 1)
    early = sweeps(), orphan in kept()
    time.shift(1)
    late = sweeps(), kept()
    (removed,) = counted(capsys, "OrphanedObjects")

    assert early == (0, True)
    assert late == (1, pointers.objects(pointer(collection)))
    assert [*removed.numbers] == [1]
    assert ada.finds("whale") == ["moby"]


def test_what_a_writer_at_work_has_announced_stays_and_what_one_left_behind_goes(
    ada: Person, collection: dict[str, Any], time: time_machine.Traveller
):
    ada.stores(WHALE)
    with breaking("functions.search.collections.pointers.published", before=True):
        runs(ada, collection)
    (announced,) = kept()
    time.shift(2 * HOUR)
    lease = leases.take(collection["collection_id"])
    while_at_work = sweeps(), kept()
    leases.release(lease)
    afterwards = sweeps(), kept()

    assert [*lease.planned] == [announced]
    assert while_at_work == (0, {announced})
    assert afterwards == (1, set())
    assert runs(ada, collection)
    assert ada.finds("whale") == ["moby"]


def test_replaced_objects_stay_for_an_hour_and_are_no_orphans(
    ada: Person, collection: dict[str, Any], time: time_machine.Traveller
):
    ada.stores(WHALE)
    runs(ada, collection)
    time.shift(3 * HOUR)
    for title in ("Once", "Twice"):
        ada.stores({**WHALE, "title": title})
        runs(ada, collection)
    replaced = {each.object for each in pointer(collection).discarded}
    time.shift(HOUR - 1)
    early = sweeps(), replaced & kept()
    time.shift(1)
    late = sweeps(), kept()

    assert replaced
    assert early == (0, replaced)
    assert late == (0, pointers.objects(pointer(collection)))


def test_objects_of_a_deleted_collection_are_removed(
    ada: Person, backbone: Backbone, collection: dict[str, Any], time: time_machine.Traveller
):
    ada.stores(WHALE)
    backbone.runs()
    ada.delete("/collections/books")
    backbone.runs()
    left(ada, collection["collection_id"])
    time.shift(HOUR)

    assert (sweeps(), kept()) == (1, set())


def test_objects_of_a_deleted_collection_stay_until_its_own_removal_has_come_to_them(
    ada: Person, backbone: Backbone, collection: dict[str, Any], time: time_machine.Traveller
):
    ada.stores(WHALE)
    backbone.runs()
    ada.delete("/collections/books")
    time.shift(HOUR)
    before = sweeps(), len(kept())
    backbone.runs()

    assert before == (0, 1)
    assert kept() == set()


def test_the_objects_of_an_index_that_is_being_built_stay(
    ada: Person, collection: dict[str, Any], time: time_machine.Traveller
):
    ada.stores(WHALE)
    runs(ada, collection)
    built = left(ada, collection["collection_id"])
    part = pointers.Part("segment.idx", built, 0, 1)
    next_ = pointer(collection)._replace(parts=[part])._asdict()
    beside = table.get(leases.key(collection["collection_id"])) or {}
    table.put_many([beside | {"SK": "ANOTHER", "next": next_}])
    time.shift(HOUR)

    assert sweeps() == 0
    assert built in kept()


def test_files_for_other_purposes_are_not_looked_at(
    ada: Person, collection: dict[str, Any], time: time_machine.Traveller
):
    others = {files.new_key("exports", ada.tenant_id), files.new_key(folders.PURPOSE, ada.tenant_id)}
    for key in others:
        files.put_once(key, b"", media_type="application/octet-stream")
    time.shift(HOUR)

    assert (sweeps(), kept()) == (0, others)


def test_a_run_without_time_goes_on_in_the_next_one_and_then_begins_anew(
    ada: Person, eve: Person, time: time_machine.Traveller, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(orphans, "PAGE", 2)
    made = [person.makes(name)["collection_id"] for person in (ada, eve) for name in ("books", "journals")]
    orphaned = [left(person, each) for person, each in zip((ada, ada, eve, eve), made, strict=True)]
    time.shift(HOUR)
    asked: list[int] = []

    def three_times() -> bool:
        asked.append(1)
        return len(asked) <= 2

    removed = []
    while kept():
        asked.clear()
        removed.append(orphans.run(three_times))
    left(ada, made[0])
    time.shift(HOUR)
    anew = [orphans.run(lambda: True), orphans.run(lambda: True)]

    assert len(orphaned) == 4
    assert removed == [1, 1, 1, 1]
    assert sum(anew) == 1


@pytest.fixture
def orphaned(ada: Person, time: time_machine.Traveller, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return four collections with an orphan each, in the order of their keys, where a page has two objects."""
    monkeypatch.setattr(orphans, "PAGE", 2)
    made = sorted(ada.makes(f"books{number}")["collection_id"] for number in range(4))
    for each in made:
        left(ada, each)
    time.shift(HOUR)
    return made


@pytest.mark.parametrize("more", [0, 1])
def test_a_run_with_time_looks_at_all_pages_also_if_the_last_one_is_full(
    ada: Person, orphaned: list[str], more: int, time: time_machine.Traveller
):
    for _ in range(more):
        left(ada, orphaned[-1])
    time.shift(HOUR)
    turns = iter(range(100))

    assert orphans.run(lambda: next(turns, None) is not None) == 4 + more
    assert kept() == set()
    assert next(turns) < 20


def test_a_run_whose_time_ends_with_a_full_page_goes_on_behind_that_page(
    ada: Person, orphaned: list[str], time: time_machine.Traveller
):
    turns = iter([True, True, True, False])
    first = orphans.run(lambda: next(turns))
    behind = left(ada, orphaned[0])
    time.shift(HOUR)

    assert first == 2
    assert (orphans.run(lambda: True), kept()) == (2, {behind})
    assert (orphans.run(lambda: True), kept()) == (1, set())


def test_an_object_that_is_published_while_the_sweep_looks_is_kept(
    ada: Person, collection: dict[str, Any], time: time_machine.Traveller, monkeypatch: pytest.MonkeyPatch
):
    ada.stores(WHALE)
    runs(ada, collection)
    whole = pointer(collection)
    table.delete_many([pointers.key(collection["collection_id"])])
    time.shift(2 * HOUR)
    listed = files.listed

    def published_after_the_list(prefix: str, *, after: str, limit: int) -> list[files.Listed]:
        found = listed(prefix, after=after, limit=limit)
        table.transact([pointers.published(None, whole._replace(published_at=clock.to_rfc3339(clock.now())))])
        return found

    monkeypatch.setattr(files, "listed", published_after_the_list)

    assert (sweeps(), kept()) == (0, pointers.objects(whole))
