"""Compacting: numbers from 1 in the order that is there, at once or by a job, and never the same number twice."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine

from functions.sequences.order import works as works_of
from shared.jobs import jobs, parts
from shared.storage import table
from tests.aws import hooks
from tests.sequences.people import Person
from tests.sequences.working import dies_at_every_step, does, enrol, found, message, queue, waiting, works

__all__ = ["queue"]

SCRIPTS = "/sequences/global/script"


@pytest.fixture
def ada(ada: Person, queue: None) -> Person:
    enrol(ada)
    return ada


def thinned(ada: Person, count: int, *, every: int) -> list[str]:
    """Create elements, delete each one in so many, and return those that are left."""
    names = ada.has(SCRIPTS, count)
    for name in names[::every]:
        ada.delete(f"{SCRIPTS}/elements/{name}")
    return [name for place, name in enumerate(names) if place % every]


def compacts(ada: Person) -> str:
    """Ask for a compaction and return the job that does it."""
    answer = ada.post(f"{SCRIPTS}/compact")
    assert answer.status == 202, answer.body
    return str(answer.body["job_id"])


def test_a_sequence_is_numbered_from_one_in_its_order(ada: Person, time: time_machine.Traveller):
    left = thinned(ada, 9, every=3)
    time.shift(timedelta(minutes=1))

    answer = ada.post(f"{SCRIPTS}/compact", key="once")

    assert answer.status == 200
    assert answer.body["changes"][0] == {"element_id": "e2", "old_sequence_number": 2, "new_sequence_number": 1}
    assert ada.numbers(SCRIPTS) == {name: number for number, name in enumerate(left, start=1)}
    assert ada.post(f"{SCRIPTS}/compact", key="once").body == answer.body
    assert ada.post(f"{SCRIPTS}/compact").body == {"changes": []}
    assert ada.creates(SCRIPTS, "new")["sequence_number"] == 10


def test_a_sequence_that_nobody_has_begun_has_nothing_to_compact(ada: Person):
    assert ada.post(f"{SCRIPTS}/compact").body == {"changes": []}


def test_ninety_are_compacted_at_once_and_more_by_a_job(ada: Person, time: time_machine.Traveller):
    left = thinned(ada, 181, every=2)
    time.shift(timedelta(minutes=1))
    assert ada.post(f"{SCRIPTS}/compact").status == 200
    ada.creates(SCRIPTS, "new")
    time.shift(timedelta(minutes=1))

    job_id = compacts(ada)
    count = works(ada, job_id, time)

    assert (count, found(ada, job_id).status, found(ada, job_id).done) == (3, jobs.COMPLETED, 91)
    assert ada.numbers(SCRIPTS) == {name: number for number, name in enumerate([*left, "new"], start=1)}


def test_a_create_that_may_be_on_its_way_makes_it_a_job_that_waits(ada: Person, time: time_machine.Traveller):
    """It has its number already, and would otherwise find that somebody else has it by then."""
    thinned(ada, 3, every=2)
    inner: list[Any] = []

    def compact_meanwhile(**_: Any) -> None:
        hooks.unregister("before-call.dynamodb.TransactWriteItems", compact_meanwhile)
        ada.creates(SCRIPTS, "faster")
        inner.append(compacts(ada))
        does(message(ada, inner[0]))
        does(message(ada, inner[0]))

    hooks.register("before-call.dynamodb.TransactWriteItems", compact_meanwhile)
    slow = ada.creates(SCRIPTS, "slow")

    assert waiting() == (0, 2)
    works(ada, inner[0], time)
    assert slow["sequence_number"] == 4
    assert ada.numbers(SCRIPTS) == {"e2": 1, "slow": 2, "faster": 3}


def test_meanwhile_elements_are_created_and_reorders_are_refused(ada: Person, time: time_machine.Traveller):
    thinned(ada, 12, every=3)
    job_id = compacts(ada)
    does(message(ada, job_id))
    sent = {"element_ids": ["e2", "e3"], "new_order": ["e3", "e2"]}

    assert ada.post(f"{SCRIPTS}/reorder", sent).code == "Compacting"
    assert ada.post(f"{SCRIPTS}/compact").code == "Compacting"
    assert ada.creates(SCRIPTS, "new")["sequence_number"] == 13
    works(ada, job_id, time)

    assert ada.numbers(SCRIPTS)["new"] == 13
    assert ada.post(f"{SCRIPTS}/reorder", sent).status == 200


def test_a_job_that_was_cancelled_or_gave_up_keeps_nobody_from_reordering(ada: Person, time: time_machine.Traveller):
    thinned(ada, 12, every=3)
    job_id = compacts(ada)
    jobs.cancel(parts.owner(found(ada, job_id)), job_id)

    sent = {"element_ids": ["e2", "e3"], "new_order": ["e3", "e2"]}
    assert ada.post(f"{SCRIPTS}/reorder", sent).status == 200
    works(ada, compacts(ada), time)
    assert [*ada.numbers(SCRIPTS).values()] == [*range(1, 9)]


def test_a_job_that_ends_late_leaves_the_mark_of_the_next_one(ada: Person, time: time_machine.Traveller):
    thinned(ada, 12, every=3)
    first = found(ada, compacts(ada))
    jobs.cancel(parts.owner(first), first.job_id)
    second = found(ada, compacts(ada))
    place = works_of.key(works_of.place(first))

    works_of.end(first)
    marked = table.get(place, consistent=True)
    for _ in range(2):
        works_of.end(second)

    assert marked is not None
    assert marked["job_id"] == second.job_id
    assert table.get(place, consistent=True) is None


def test_a_mark_that_another_job_takes_while_one_ends_stays(ada: Person, time: time_machine.Traveller):
    thinned(ada, 12, every=3)
    first = found(ada, compacts(ada))
    taken: list[str] = []

    def take(**_: Any) -> None:
        hooks.unregister("before-call.dynamodb.TransactWriteItems", take)
        jobs.cancel(parts.owner(first), first.job_id)
        taken.append(compacts(ada))

    hooks.register("before-call.dynamodb.TransactWriteItems", take)
    works_of.end(first)

    assert (table.get(works_of.key(works_of.place(first))) or {})["job_id"] == taken[0]


@pytest.mark.parametrize("takes_effect", [True, False])
def test_a_job_that_dies_at_every_step_goes_on_there(ada: Person, time: time_machine.Traveller, *, takes_effect: bool):
    left = thinned(ada, 140, every=4)
    job_id = compacts(ada)

    while found(ada, job_id).status not in jobs.ENDED:
        dies_at_every_step(message(ada, job_id), takes_effect=takes_effect)
        numbers = [*ada.numbers(SCRIPTS).values()]
        assert sorted(set(numbers)) == numbers
        time.shift(timedelta(minutes=1))

    assert found(ada, job_id).part >= 3
    assert ada.numbers(SCRIPTS) == {name: number for number, name in enumerate(left, start=1)}
