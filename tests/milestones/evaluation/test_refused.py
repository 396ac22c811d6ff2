"""What the evaluator refuses for good is not sent eight times: it is a state of its own, with the reason given."""

from collections.abc import Callable

import pytest

from functions.milestones.evaluation import client as evaluator
from tests.goals.conftest import Stored, Travel
from tests.milestones.evaluation.wire import Mishap, Wire
from tests.milestones.people import MILESTONES, Person, consume, happened, in_step, message, reconcile

PASSING = [408, 409, 425, 429, 500, 502, 503, 504]
OUR_KEY = [401, 403]
REFUSING = [400, 401, 403, 405, 406, 413, 415, 422, 451]

Call = Callable[[Person, Wire, int], str]


def creates(ada: Person, wire: Wire, status: int) -> str:
    wire.mishaps.append(status)
    return ada.created()


def retargets(ada: Person, wire: Wire, status: int) -> str:
    uid = ada.created()
    wire.mishaps.append(status)
    ada.retargets(uid, 11)
    return uid


def syncs(ada: Person, wire: Wire, status: int) -> str:
    wire.mishaps.append(503)
    uid = ada.created()
    wire.mishaps.append(status)
    ada.syncs(uid)
    return uid


CALLS: list[Call] = [creates, retargets, syncs]
every_call = pytest.mark.parametrize("call", CALLS)


def told(ada: Person, uid: str) -> list[dict[str, object]]:
    return [each["data"] for each in happened(ada.tenant_id, uid) if each["event_type"].endswith("sync_failed")]


@every_call
@pytest.mark.parametrize("status", PASSING)
def test_what_passes_is_tried_again(ada: Person, wire: Wire, call: Call, status: int):
    uid = call(ada, wire, status)
    before = ada.sees(uid)["sync"]
    failed = consume(message(ada.tenant_id, uid))

    assert (before["state"], before["last_error"]) == ("waiting", f"the evaluator answered {status}")
    assert before["next_attempt_at"] is not None
    assert failed == []
    assert in_step(ada, wire, uid)


@every_call
@pytest.mark.parametrize("status", REFUSING)
def test_what_is_refused_says_why_and_is_left_alone(ada: Person, wire: Wire, call: Call, status: int):
    uid = call(ada, wire, status)
    sent = len(wire.sent)
    sync = ada.sees(uid)["sync"]
    failed = consume(message(ada.tenant_id, uid))

    assert (sync["state"], sync["next_attempt_at"]) == ("refused", None)
    assert sync["last_error"].startswith("the evaluator refused ")
    assert sync["last_error"].endswith(f": {status} not like this")
    assert (failed, len(wire.sent)) == ([], sent)
    assert [each["last_error"] for each in told(ada, uid)] == [sync["last_error"]]


@every_call
def test_it_is_brought_in_step_when_somebody_says_so(ada: Person, wire: Wire, call: Call):
    uid = call(ada, wire, 422)
    answer = ada.syncs(uid)

    assert answer.body["sync"] == {"state": "in_step", "attempts": 0, "last_error": None, "next_attempt_at": None}
    assert in_step(ada, wire, uid)


@every_call
def test_another_target_is_tried_at_once(ada: Person, wire: Wire, call: Call):
    uid = call(ada, wire, 422)
    ada.retargets(uid, 13)

    assert in_step(ada, wire, uid)


@every_call
def test_it_is_tried_once_a_day_and_told_once(ada: Person, wire: Wire, call: Call, travel: Travel):
    uid = call(ada, wire, 422)
    travel("2026-11-21T11:59:59Z")
    early = reconcile()
    travel("2026-11-21T12:00:01Z")
    wire.mishaps.append(422)
    looked_after = reconcile()
    still = ada.sees(uid)["sync"]["state"]
    travel("2026-11-22T12:00:02Z")
    reconcile()

    assert (early, looked_after, still) == (0, 1, "refused")
    assert len(told(ada, uid)) == 1
    assert in_step(ada, wire, uid)


@pytest.mark.parametrize("status", PASSING)
def test_a_deletion_that_cannot_be_taken_now_is_tried_again(ada: Person, wire: Wire, status: int):
    uid = ada.created()
    wire.mishaps.append(status)
    ada.deletes(uid)

    assert consume(message(ada.tenant_id, uid)) == []
    assert wire.evaluator.store.all() == []


@pytest.mark.parametrize("status", REFUSING)
def test_a_deletion_that_is_refused_is_left_alone_for_a_day(ada: Person, wire: Wire, status: int, travel: Travel):
    uid = ada.created()
    wire.mishaps.append(status)
    answer = ada.deletes(uid)
    consumed, sent = consume(message(ada.tenant_id, uid)), len(wire.sent)
    travel("2026-11-21T12:00:01Z")
    reconcile()

    assert (answer.body["forse_deleted"], consumed, sent) == (False, [], 2)
    assert ada.get(f"{MILESTONES}/{uid}").status == 404
    assert wire.evaluator.store.all() == []


@pytest.mark.parametrize("status", [404, 410])
def test_a_creation_that_finds_nobody_is_refused(ada: Person, wire: Wire, status: int):
    wire.mishaps.append(status)

    assert ada.sees(ada.created())["sync"]["state"] == "refused"


@pytest.mark.parametrize("status", [status for status in REFUSING if status not in OUR_KEY])
def test_what_was_never_taken_is_removed_when_it_is_deleted(ada: Person, wire: Wire, stored: Stored, status: int):
    wire.always = status
    uid = ada.created()
    ada.deletes(uid)
    consume(message(ada.tenant_id, uid))

    assert [item["entity"] for item in stored().values() if item.get("milestone_uid") == uid] == []
    assert len(wire.sent) == 2


@pytest.mark.parametrize("mishap", ["lost after", "late", "wrong"])
def test_what_may_have_been_taken_is_asked_for_and_removed(
    ada: Person, wire: Wire, stored: Stored, travel: Travel, mishap: Mishap
):
    wire.mishaps.extend([mishap, 422])
    uid = ada.created()
    ada.deletes(uid)
    left = [item["entity"] for item in stored().values() if item.get("milestone_uid") == uid]
    wire.arrive()
    travel("2026-11-21T12:00:01Z")
    reconcile()

    assert left == ["TrackedMilestone"]
    assert wire.evaluator.store.all() == []
    assert [item["entity"] for item in stored().values() if item.get("milestone_uid") == uid] == []


@pytest.mark.parametrize("status", OUR_KEY)
def test_what_our_key_could_not_create_is_asked_for_until_it_can(
    ada: Person, wire: Wire, stored: Stored, status: int, travel: Travel
):
    wire.mishaps.extend([status, status])
    uid = ada.created()
    ada.deletes(uid)
    left = [item["entity"] for item in stored().values() if item.get("milestone_uid") == uid]
    travel("2026-11-21T12:00:01Z")
    reconcile()

    assert left == ["TrackedMilestone"]
    assert [item["entity"] for item in stored().values() if item.get("milestone_uid") == uid] == []
    assert wire.evaluator.store.all() == []


def test_refusals_open_the_circuit_only_when_they_are_about_our_key(ada: Person, wire: Wire):
    wire.always = 422
    for _ in range(6):
        ada.created()
    after_refusals = evaluator.breaker.failures
    wire.always = 401
    for _ in range(6):
        ada.created()

    assert (after_refusals, evaluator.breaker.failures) == (0, 5)
    assert wire.calls == ["POST api"] * 11
