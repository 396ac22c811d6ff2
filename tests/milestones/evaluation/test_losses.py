"""A milestone that the evaluator has lost is created there again: same uid here, another id and another key there."""

import json

import pytest

from functions.milestones import lookups
from shared.storage import table
from tests.goals.conftest import Stored, Travel
from tests.milestones.evaluation.wire import Wire
from tests.milestones.people import Person, consume, in_step, message, reconcile, reports


def keys(wire: Wire) -> list[str]:
    return [headers["Idempotency-Key"] for method, _, headers, _ in wire.sent if method == "POST"]


def test_a_new_target_creates_it_there_again(ada: Person, wire: Wire):
    created = ada.creates(target=10).body
    uid = created["milestone_uid"]
    wire.evaluator.forget()
    answer = ada.retargets(uid, 11)
    record = ada.sees(uid)
    (there,) = wire.evaluator.store.all()

    assert (answer.status, answer.body["forse_synced"], answer.body["forse_effect"]) == (200, True, None)
    assert in_step(ada, wire, uid)
    assert record["forse_milestone_id"] == there["id"] != created["forse_milestone_id"]
    assert json.loads(there["wanted"])["target"] == 11
    assert keys(wire) == [uid, f"{uid}.1"]


@pytest.mark.parametrize("status", [404, 410])
def test_it_is_lost_by_either_status(ada: Person, wire: Wire, status: int):
    uid = ada.created()
    wire.mishaps.append(status)
    ada.retargets(uid, 11)

    assert wire.calls == ["POST api", "PATCH api", "POST api"]
    assert ada.sees(uid)["forse_synced"] is True


def test_the_hour_notices_and_heals(ada: Person, wire: Wire, travel: Travel):
    uid = ada.created()
    wire.evaluator.forget()
    travel("2026-11-21T12:00:01Z")

    assert reconcile() == 1
    assert in_step(ada, wire, uid)


def test_progress_and_dependencies_stay(ada: Person, wire: Wire):
    first, created = ada.created(), ada.creates(target=10).body
    uid = created["milestone_uid"]
    ada.adds_dependency(uid, first)
    reports(created["forse_milestone_id"], "in_progress", current_value=4)
    wire.evaluator.forget(created["forse_milestone_id"])
    ada.retargets(uid, 8)

    record = ada.sees(uid)
    assert (record["current_value"], record["status"], record["progress_percentage"]) == (4, "in_progress", 50.0)
    assert record["depends_on"] == [first]


def test_what_is_said_of_the_old_id_changes_nothing_any_more(ada: Person, wire: Wire):
    created = ada.creates().body
    uid, old = created["milestone_uid"], created["forse_milestone_id"]
    wire.evaluator.forget()
    ada.retargets(uid, 11)
    late = reports(old, "completed", current_value=11)
    before = ada.sees(uid)["status"]
    reports(ada.sees(uid)["forse_milestone_id"], "completed", current_value=11, webhook_id="msg_2")

    assert (late.status, late.code, before) == (404, "UnknownEvaluatorMilestone", "pending")
    assert ada.sees(uid)["status"] == "completed"


def test_the_lookup_moves_to_the_new_id(ada: Person, wire: Wire):
    created = ada.creates().body
    wire.evaluator.forget()
    ada.retargets(created["milestone_uid"], 11)
    new = ada.sees(created["milestone_uid"])["forse_milestone_id"]

    assert table.get(lookups.key(created["forse_milestone_id"]), consistent=True) is None
    assert lookups.found(table.get(lookups.key(new), consistent=True)) == (ada.tenant_id, created["milestone_uid"])


def test_a_second_loss_takes_a_third_key(ada: Person, wire: Wire):
    uid = ada.created()
    for target in (11, 12):
        wire.evaluator.forget()
        ada.retargets(uid, target)

    assert keys(wire) == [uid, f"{uid}.1", f"{uid}.2"]
    assert in_step(ada, wire, uid)


@pytest.mark.parametrize("mishap", ["lost before", "lost after", "down"])
def test_a_creation_that_fails_then_is_repeated_with_the_same_key(ada: Person, wire: Wire, mishap: str):
    uid = ada.created()
    wire.evaluator.forget()
    wire.mishaps.extend([None, mishap])  # type: ignore[list-item]
    answer = ada.retargets(uid, 11)
    failed = consume(message(ada.tenant_id, uid))

    assert (answer.body["forse_synced"], failed) == (False, [])
    assert keys(wire) == [uid, f"{uid}.1", f"{uid}.1"]
    assert in_step(ada, wire, uid)


def test_an_evaluator_that_knows_no_milestones_at_all_costs_none_its_id(ada: Person, wire: Wire, travel: Travel):
    """A path that leads nowhere answers 404 to everything; once it is mended, the old id is good again."""
    created = ada.creates().body
    uid, old = created["milestone_uid"], created["forse_milestone_id"]
    wire.always = 404
    ada.retargets(uid, 11)
    record = ada.sees(uid)

    assert (record["sync"]["state"], record["forse_milestone_id"]) == ("refused", old)
    assert reports(old, "in_progress", current_value=1).body["updated"] is True


def test_one_that_is_deleted_while_it_is_lost_leaves_nothing(ada: Person, wire: Wire, stored: Stored):
    uid = ada.created()
    wire.evaluator.forget()
    wire.mishaps.extend([None, "lost after", "down"])
    ada.retargets(uid, 11)
    ada.deletes(uid)
    consume(message(ada.tenant_id, uid))

    assert wire.evaluator.store.all() == []
    assert [item["entity"] for item in stored().values() if item.get("milestone_uid") == uid] == []


def test_one_that_was_lost_is_deleted_at_once(ada: Person, wire: Wire):
    uid = ada.created()
    wire.evaluator.forget()

    assert ada.deletes(uid).body["forse_deleted"] is True
