"""Whoever is stopped between any two steps, and whatever nobody has heard of for a day: somebody goes on."""

import itertools
import json
from typing import Any

import pytest

from tests.aws import hooks
from tests.goals.conftest import Stored, Travel
from tests.milestones.evaluation.wire import Wire
from tests.milestones.people import Person, consume, happened, in_step, message, reconcile, reports


class Stopped(BaseException):
    """The process ends here."""


@pytest.mark.parametrize("transaction", range(1, 7))
@pytest.mark.parametrize("moment", ["before-call", "after-call"])
def test_whoever_is_stopped_between_any_two_steps_leaves_what_can_go_on(
    ada: Person, wire: Wire, travel: Travel, stored: Stored, transaction: int, moment: str
):
    ada.get()
    stop = stopping_at(transaction, moment)
    with pytest.raises(Stopped):
        whole_life(ada)
    hooks.unregister(f"{moment}.dynamodb.TransactWriteItems", stop)
    travel("2026-11-20T12:05:00Z")
    ours = [each["milestone_uid"] for each in stored().values() if each["entity"] == "TrackedMilestone"]
    failed = [consume(message(ada.tenant_id, uid)) for uid in ours]

    listed = {each["forse_milestone_id"]: each["target"] for each in ada.get().body["items"]}
    assert failed == [[]] * len(ours)
    assert {each["id"]: json.loads(each["target"]) for each in wire.evaluator.store.all()} == listed
    assert len([item for item in stored().values() if item["entity"] == "TrackedMilestone"]) == len(listed)


def whole_life(ada: Person) -> None:
    uid = ada.created()
    ada.retargets(uid, 7)
    ada.deletes(uid)


def stopping_at(transaction: int, moment: str) -> Any:
    """Let the process end right before or after a transaction, and return what does that."""
    count = itertools.count(1)

    def stop(**_: object) -> None:
        if next(count) == transaction:
            raise Stopped

    hooks.register(f"{moment}.dynamodb.TransactWriteItems", stop)
    return stop


def test_who_comes_while_another_is_at_it_waits(ada: Person, wire: Wire, travel: Travel):
    uid = ada.created()
    stop = stopping_at(2, "before-call")
    with pytest.raises(Stopped):
        ada.retargets(uid, 7)
    hooks.unregister("before-call.dynamodb.TransactWriteItems", stop)
    calls = len(wire.sent)
    held = consume(message(ada.tenant_id, uid))
    last = consume(message(ada.tenant_id, uid, receives=8))
    while_held = len(wire.sent)
    travel("2026-11-20T12:00:16Z")
    freed = consume(message(ada.tenant_id, uid))

    assert (held, last, while_held - calls) == (["1"], [], 0)
    assert (freed, ada.sees(uid)["target"]) == ([], 7)


def test_who_was_not_heard_of_for_a_day_is_asked_for(ada: Person, wire: Wire, travel: Travel):
    created = ada.creates().body
    uid, there = created["milestone_uid"], created["forse_milestone_id"]
    wire.evaluator.store.change(there, status="pending", current_value="0", target="5")
    travel("2026-11-21T11:59:00Z")
    too_early = reconcile()
    travel("2026-11-21T12:01:00Z")
    asked = reconcile()
    again = reconcile()

    assert (too_early, asked, again) == (0, 1, 0)
    assert in_step(ada, wire, uid)


def test_who_was_heard_of_is_not_asked_for(ada: Person, travel: Travel):
    there = ada.creates().body["forse_milestone_id"]
    travel("2026-11-21T00:00:00Z")
    reports(there, "in_progress", current_value=5)
    travel("2026-11-21T12:01:00Z")

    assert reconcile() == 0


def test_what_fails_to_be_asked_for_is_due_again(ada: Person, wire: Wire, travel: Travel):
    uid = ada.created()
    travel("2026-11-21T12:01:00Z")
    wire.mishaps.append("down")
    first = reconcile()
    travel("2026-11-21T13:02:00Z")
    second = reconcile()

    assert (first, second) == (1, 1)
    assert in_step(ada, wire, uid)


def test_a_milestone_whose_time_is_over_is_missed(ada: Person, wire: Wire, travel: Travel):
    uids = [ada.created(timeframe_to="2026-11-20"), ada.created(timeframe_to="2026-11-20", sync_to_forse=False)]
    travel("2026-11-20T23:59:59Z")
    reconcile()
    before = [ada.sees(uid)["status"] for uid in uids]
    travel("2026-11-21T00:00:00Z")
    reconcile()
    late = reports(ada.sees(uids[0])["forse_milestone_id"], "completed", completed_at="2026-11-20T18:00:00Z")

    assert before == ["pending", "pending"]
    assert (ada.sees(uids[1])["status"], late.body["updated"]) == ("missed", True)
    assert ada.sees(uids[0])["status"] == "completed"
    told = [each["event_type"].rpartition(".")[2] for each in happened(ada.tenant_id, uids[0])]
    assert told[-2:] == ["missed", "completed"]
