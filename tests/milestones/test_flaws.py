"""What the described system gets wrong: a test for each, named after what it does there."""

import pytest

from tests.goals.conftest import Stored
from tests.milestones.evaluation.wire import Wire
from tests.milestones.people import MILESTONES, PLAIN_KEY, TVL, WEBHOOK, Person, anonymous, consume, message, reports

# 50 parallel creates of which 3 are stored: tests/milestones/test_races.py. One hung call that hangs the request:
# tests/milestones/evaluation/test_evaluator.py.


def test_50_creates_are_50_milestones(ada: Person, wire: Wire):
    uids = {ada.created(kpi_id=f"kpi_{number}") for number in range(50)}

    first = ada.get(query="limit=100").body
    assert {each["milestone_uid"] for each in first["items"]} == uids
    assert len(wire.evaluator.store.all()) == 50


def test_what_cannot_be_read_is_not_overwritten(ada: Person, stored: Stored):
    ada.created()
    before = {key for key in stored() if not key[0].startswith("RATE#")}
    refused = [ada.post(MILESTONES, "{bad"), ada.post(MILESTONES, "[]"), ada.post(MILESTONES, '"text"')]

    assert [answer.status for answer in refused] == [400, 422, 422]
    assert {key for key in stored() if not key[0].startswith("RATE#")} == before


def test_a_webhook_without_a_milestone_id_completes_nothing(
    ada: Person, stored: Stored, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("ALLOW_UNSIGNED_WEBHOOKS", "true")
    uid = ada.created(sync_to_forse=False)
    body = {"status": "completed", "current_value": 9, "completed_at": "x"}
    answer = anonymous("POST", WEBHOOK, body, headers={"x-api-key": PLAIN_KEY})

    assert (answer.status, answer.code) == (400, "MilestoneIdMissing")
    assert ada.sees(uid)["status"] == "pending"


def test_a_replayed_webhook_reopens_nothing(ada: Person, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("ALLOW_UNSIGNED_WEBHOOKS", "true")
    created = ada.creates().body
    older = {"milestone_id": created["forse_milestone_id"], "status": "in_progress", "current_value": 10}
    done = {**older, "status": "completed", "current_value": 1000000, "completed_at": "2026-11-20T12:00:00Z"}
    answers = [anonymous("POST", WEBHOOK, each, headers={"x-api-key": PLAIN_KEY}) for each in (older, done, older)]

    record = ada.sees(created["milestone_uid"])
    assert [answer.body["updated"] for answer in answers] == [True, True, False]
    assert (record["status"], record["completed_at"]) == ("completed", "2026-11-20T12:00:00.000Z")


@pytest.mark.parametrize("status", ["COMPLETED", "done", "", "__proto__", "cancelled"])
def test_not_any_text_is_a_status(ada: Person, status: str):
    created = ada.creates().body
    answer = reports(created["forse_milestone_id"], status)

    assert (answer.status, answer.fields) == (422, ["status"])
    assert ada.sees(created["milestone_uid"])["status"] == "pending"


def test_what_is_to_stay_at_the_evaluator_stays(ada: Person, wire: Wire):
    ada.deletes(ada.created(), query="delete_from_forse=false")

    assert len(wire.evaluator.store.all()) == 1


def test_an_empty_patch_erases_no_target(ada: Person):
    uid = ada.created()
    answers = [ada.rest("PATCH", f"{MILESTONES}/{uid}", body) for body in ({}, {"target": None}, "null")]

    assert {answer.status for answer in answers} == {422}
    assert ada.sees(uid)["target"] == 1000000


@pytest.mark.parametrize("name", ["__proto__", "constructor", "toString", "hasOwnProperty"])
def test_no_name_of_the_language_is_a_milestone(ada: Person, name: str):
    assert ada.get(f"{MILESTONES}/{name}").status == 404


def test_an_evaluator_that_is_down_loses_no_creation(ada: Person, wire: Wire):
    wire.mishaps.append("down")
    answer = ada.creates()

    assert (answer.status, answer.body["forse_synced"]) == (201, False)
    assert ada.sees(answer.body["milestone_uid"])["target"] == 1000000


def test_an_evaluator_that_is_down_is_not_hidden_by_a_patch(ada: Person, wire: Wire):
    uid = ada.created()
    wire.mishaps.append("down")
    answer = ada.retargets(uid, 7)

    assert (answer.body["forse_effect"], answer.body["forse_synced"]) == (None, False)
    assert ada.sees(uid)["sync"]["state"] == "waiting"


def test_an_evaluator_that_is_down_keeps_no_orphan(ada: Person, wire: Wire):
    uid = ada.created()
    wire.mishaps.append("down")
    ada.deletes(uid)
    failed = consume(message(ada.tenant_id, uid))

    assert (failed, wire.evaluator.store.all()) == ([], [])


def test_the_key_of_a_browser_is_not_that_of_the_webhook(ada: Person):
    created = ada.creates().body
    body = {"milestone_id": created["forse_milestone_id"], "status": "completed"}

    assert ada.rest("POST", WEBHOOK, body).status == 401
    assert anonymous("POST", MILESTONES, TVL, headers={"x-api-key": PLAIN_KEY}).status == 401


@pytest.mark.parametrize("statuses", [["completed"], ["in_progress", "completed"], ["missed", "completed"]])
def test_is_completed_never_disagrees_with_the_status(ada: Person, statuses: list[str]):
    created = ada.creates().body
    uid = created["milestone_uid"]
    shown = []
    for number, status in enumerate(statuses):
        reports(created["forse_milestone_id"], status, current_value=1000000, webhook_id=f"msg_{number}")
        shown.append(ada.sees(uid))
    ada.retargets(uid, 2000000)
    shown.append(ada.sees(uid))

    assert all(each["is_completed"] == (each["status"] == "completed") for each in shown)
    assert all((each["completed_at"] is None) == (not each["is_completed"]) for each in shown)
    assert shown[-1]["status"] == "in_progress"


def test_a_body_that_is_no_json_is_refused_in_our_own_words(ada: Person):
    answer = ada.post(MILESTONES, "{bad")

    assert (answer.status, answer.headers["Content-Type"]) == (400, "application/problem+json")
