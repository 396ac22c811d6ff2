"""Keeping step with the evaluator, whatever it does: away, slow, wrong, late; and whoever is stopped in between."""

import json

import boto3
import pytest

from functions.milestones import consumers
from functions.milestones.evaluation import client as evaluator
from functions.milestones.evaluation import settings as stage
from tests.goals.conftest import Stored, Travel
from tests.milestones.evaluation.wire import Mishap, Wire
from tests.milestones.people import MILESTONES, Person, consume, happened, in_step, message, reports

FAILURES: list[Mishap] = [
    "refused",
    "down",
    "lost before",
    "lost after",
    "late",
    "wrong",
    "huge",
    "redirect",
    "limited",
]


@pytest.mark.parametrize("mishap", FAILURES)
def test_a_creation_that_fails_there_is_stored_here_and_follows(ada: Person, wire: Wire, mishap: Mishap):
    wire.mishaps.append(mishap)
    answer = ada.creates()
    uid = answer.body["milestone_uid"]
    before = ada.sees(uid)
    failed = consume(message(ada.tenant_id, uid))
    wire.arrive()

    assert (answer.status, answer.body["forse_synced"], answer.body["forse_milestone_id"]) == (201, False, None)
    assert (before["sync"]["state"], before["sync"]["attempts"]) == ("waiting", 1)
    assert before["sync"]["last_error"].startswith("the evaluator ")
    assert failed == []
    assert in_step(ada, wire, uid)
    assert ada.sees(uid)["sync"] == {"state": "in_step", "attempts": 0, "last_error": None, "next_attempt_at": None}


@pytest.mark.parametrize("mishap", FAILURES)
def test_a_target_that_fails_there_is_told_and_follows(ada: Person, wire: Wire, mishap: Mishap):
    uid = ada.created()
    wire.mishaps.append(mishap)
    answer = ada.retargets(uid, 7)
    before = ada.sees(uid)
    failed = consume(message(ada.tenant_id, uid))

    assert (answer.status, answer.body["forse_effect"], answer.body["forse_synced"]) == (200, None, False)
    assert (before["target"], before["forse_synced"]) == (7, False)
    assert failed == []
    assert in_step(ada, wire, uid)


@pytest.mark.parametrize("mishap", FAILURES)
def test_a_deletion_that_fails_there_leaves_no_orphan(ada: Person, wire: Wire, mishap: Mishap, stored: Stored):
    uid = ada.created()
    wire.mishaps.append(mishap)
    answer = ada.deletes(uid)
    gone = ada.get(f"{MILESTONES}/{uid}").status, ada.deletes(uid).status, ada.get().body["items"]
    failed = consume(message(ada.tenant_id, uid))

    assert (answer.status, answer.body["forse_deleted"]) == (200, False)
    assert gone == (404, 404, [])
    assert failed == []
    assert wire.evaluator.store.all() == []
    assert [item["entity"] for item in stored().values() if item.get("milestone_uid") == uid] == []


def test_a_milestone_deleted_before_its_creation_was_answered_is_not_left_there(ada: Person, wire: Wire):
    wire.mishaps.extend(["lost after", "refused"])
    uid = ada.created()
    ada.deletes(uid)
    consume(message(ada.tenant_id, uid))

    assert wire.calls == ["POST api", "POST api", "DELETE api"]
    assert wire.evaluator.store.all() == []


def test_a_creation_is_repeated_as_it_was_and_the_target_follows(ada: Person, wire: Wire):
    wire.mishaps.append("lost before")
    uid = ada.created(target=5)
    ada.retargets(uid, 7)

    bodies = [json.loads(body)["target"] for method, _, _, body in wire.sent if method == "POST" and body]
    assert bodies == [5, 5]
    assert in_step(ada, wire, uid)


def test_an_old_target_that_arrives_late_is_corrected(ada: Person, wire: Wire, travel: Travel):
    uid = ada.created()
    wire.mishaps.append("late")
    ada.retargets(uid, 5)
    answer = ada.retargets(uid, 7)
    wire.arrive()
    (there,) = wire.evaluator.store.all()
    waiting = ada.sees(uid)["sync"]
    failed = consume(message(ada.tenant_id, uid))
    travel("2026-11-20T12:02:01Z")
    later = consume(message(ada.tenant_id, uid))

    assert answer.body["forse_synced"] is False
    assert there["target"] == "5"
    assert (waiting["state"], waiting["next_attempt_at"]) == ("waiting", "2026-11-20T12:02:00.000Z")
    assert (failed, later) == (["1"], [])
    assert in_step(ada, wire, uid)


def test_a_repeated_target_needs_no_correction(ada: Person, wire: Wire):
    uid = ada.created()
    wire.mishaps.append("late")
    ada.retargets(uid, 5)
    consume(message(ada.tenant_id, uid))
    wire.arrive()

    assert in_step(ada, wire, uid)
    assert ada.sees(uid)["sync"]["state"] == "in_step"


def test_a_webhook_that_speaks_of_another_target_lets_ours_be_sent_again(ada: Person, wire: Wire):
    created = ada.creates().body
    uid, there = created["milestone_uid"], created["forse_milestone_id"]
    wire.evaluator.store.change(there, target="5")
    reports(there, "in_progress", current_value=1, target=5)
    before = ada.sees(uid)["sync"]["state"]
    consume(message(ada.tenant_id, uid))

    assert before == "waiting"
    assert in_step(ada, wire, uid)
    assert [each["event_type"] for each in happened(ada.tenant_id, uid)].count(
        "milestones.milestone.sync_requested"
    ) == 2


def test_after_the_last_try_it_is_failed_and_told_and_can_be_resumed(ada: Person, wire: Wire):
    wire.always = "down"
    uid = ada.created()
    evaluator.breaker.succeeded()
    tries = [consume(message(ada.tenant_id, uid, receives=receives)) for receives in range(1, 9)]
    record = ada.sees(uid)
    told = [each for each in happened(ada.tenant_id, uid) if each["event_type"].endswith("sync_failed")]
    wire.always = None
    evaluator.breaker.succeeded()
    resumed = ada.syncs(uid)

    assert tries == [["1"]] * 8
    assert (record["sync"]["state"], record["sync"]["attempts"], record["forse_synced"]) == ("failed", 9, False)
    assert [each["data"]["attempts"] for each in told] == [9]
    assert (resumed.status, resumed.body["sync"]["state"], resumed.body["forse_synced"]) == (200, "in_step", True)
    assert in_step(ada, wire, uid)


def test_the_queue_gives_up_when_the_consumer_says_so():
    from infra.constructs import bus  # noqa: PLC0415 - the CDK takes seconds to import, in every process

    assert consumers.MAX_RECEIVES == bus.MAX_RECEIVES


def test_pauses_grow_with_jitter_and_end_at_a_quarter_of_an_hour():
    pauses = {receives: {consumers._pause_seconds(receives) for _ in range(500)} for receives in range(1, 9)}

    assert all(max(pauses[receives]) <= min(5 * 2**receives, 900) for receives in pauses)
    assert all(min(found) >= 1 and len(found) > 5 for found in pauses.values())
    assert max(pauses[8]) > 800


def test_a_message_that_fails_does_not_hold_up_its_neighbours(ada: Person, wire: Wire):
    wire.mishaps.extend(["refused"] * 3)
    broken, *others = [ada.created(project_id=f"project_{number}") for number in range(3)]
    wire.mishaps.append("down")
    messages = [message(ada.tenant_id, uid, id_=str(number)) for number, uid in enumerate([broken, *others])]
    failed = consume(*messages)

    assert failed == ["0"]
    assert [ada.sees(uid)["forse_synced"] for uid in (broken, *others)] == [False, True, True]


def test_a_message_that_comes_twice_does_nothing_the_second_time(ada: Person, wire: Wire):
    uid = ada.created()
    before, calls = ada.sees(uid), len(wire.sent)
    failed = consume(message(ada.tenant_id, uid), message(ada.tenant_id, uid, id_="2"))

    assert (failed, len(wire.sent), ada.sees(uid)) == ([], calls, before)


def test_a_message_of_a_milestone_that_is_gone_is_done(ada: Person):
    uid = ada.created(sync_to_forse=False)
    ada.deletes(uid)

    assert consume(message(ada.tenant_id, uid)) == []


def test_failures_in_a_row_open_the_circuit_and_one_success_closes_it(ada: Person, wire: Wire):
    wire.always = "down"
    uids = [ada.created(project_id=f"project_{number}") for number in range(7)]
    while_open = len(wire.sent)
    wire.always = None
    evaluator.breaker.retry_at = 0.0
    consume(message(ada.tenant_id, uids[-1]))

    assert while_open == 5
    assert "several times in a row" in ada.sees(uids[5])["sync"]["last_error"]
    assert ada.sees(uids[-1])["forse_synced"] is True
    assert evaluator.breaker.failures == 0


def test_an_id_that_is_taken_is_not_believed(ada: Person, wire: Wire):
    first = ada.creates().body
    wire.evaluator.store.add = lambda *_, **__: first["forse_milestone_id"]  # type: ignore[method-assign]
    second = ada.creates().body

    assert second["forse_milestone_id"] is None
    assert "one id" in ada.sees(second["milestone_uid"])["sync"]["last_error"]


def test_a_milestone_of_our_own_cannot_be_synced(ada: Person):
    uid = ada.created(sync_to_forse=False)
    answer = ada.syncs(uid)

    assert (answer.status, answer.code) == (409, "NotSynced")


def test_raising_the_target_of_a_completed_milestone_reopens_it(ada: Person, wire: Wire):
    created = ada.creates().body
    uid = created["milestone_uid"]
    reports(created["forse_milestone_id"], "completed", current_value=1050000, target=1000000)
    ada.retargets(uid, 1040000)
    still = ada.sees(uid)
    wire.mishaps.append("down")
    ada.retargets(uid, 1500000)
    record = ada.sees(uid)

    assert (still["status"], still["is_completed"]) == ("completed", True)
    assert (record["status"], record["is_completed"], record["completed_at"]) == ("in_progress", False, None)
    assert record["current_value"] == 1050000


def test_without_an_evaluator_milestones_are_kept_and_nobody_is_troubled(
    ada: Person, wire: Wire, secret: dict[str, str], monkeypatch: pytest.MonkeyPatch
):
    without = boto3.client("secretsmanager").create_secret(Name="none", SecretString='{"url": ""}')
    monkeypatch.setenv("EVALUATOR_SECRET_ID", without["ARN"])
    stage.forget()
    uid = ada.created()

    assert ada.sees(uid)["sync"]["state"] == "waiting"
    assert [each["event_type"] for each in happened(ada.tenant_id, uid)] == ["milestones.milestone.created"]
    assert consume(message(ada.tenant_id, uid)) == []
    assert ada.get(f"{MILESTONES}/health").body["evaluator"] == "not configured"
    assert wire.sent == []
