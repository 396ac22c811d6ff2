"""Tracked milestones over REST, with the evaluator at the other end."""

from collections import Counter
from typing import Any

import pytest

from tests.milestones.evaluation.wire import Wire
from tests.milestones.people import MILESTONES, TVL, Person, anonymous, happened


def test_a_milestone_is_created_here_and_at_the_evaluator(ada: Person, wire: Wire):
    answer = ada.creates(timeframe_to="2026-12-31", scopes=["polygon"], metadata={"deep": {"share": 0.1}})

    (there,) = wire.evaluator.store.all()
    record = ada.sees(answer.body["milestone_uid"])
    assert answer.status == 201
    assert answer.body == {
        "milestone_uid": record["milestone_uid"],
        "forse_milestone_id": there["id"],
        "status": "created",
        "forse_synced": True,
    }
    assert answer.headers["Location"] == f"{MILESTONES}/{record['milestone_uid']}"
    assert answer.headers["ETag"] == f'"{record["version"]}"'
    assert record["sync"] == {"state": "in_step", "attempts": 0, "last_error": None, "next_attempt_at": None}
    assert (record["status"], record["is_completed"], record["completed_at"]) == ("pending", False, None)
    assert (record["target"], record["current_value"], record["progress_percentage"]) == (1000000, 0, 0.0)
    assert record["metadata"] == {"deep": {"share": 0.1}}


def test_the_evaluator_is_asked_by_its_contract(ada: Person, wire: Wire):
    uid = ada.created(timeframe_to="2026-12-31")

    ((method, target, headers, body),) = wire.sent
    assert (method, target) == ("POST", "/api/milestones")
    assert headers["Idempotency-Key"] == uid
    assert headers["X-API-Key"] == "our key for the evaluator"
    assert body is not None
    assert '"timeframe_to": "2026-12-31"' in body
    assert "timeframe_from" not in body


def test_a_milestone_can_be_kept_from_the_evaluator(ada: Person, wire: Wire):
    answer = ada.creates(sync_to_forse=False)

    assert (answer.body["forse_milestone_id"], answer.body["forse_synced"]) == (None, False)
    assert wire.sent == []


@pytest.mark.parametrize(
    ("sent", "fields"),
    [
        ({"kpi_id": "tvl", "target": 1}, ["project_id"]),
        ({**TVL, "project_id": "  "}, ["project_id"]),
        ({**TVL, "project_id": "a#b"}, ["project_id"]),
        ({**TVL, "kpi_id": ""}, ["kpi_id"]),
        ({**TVL, "target": 0}, ["target"]),
        ({**TVL, "target": -1}, ["target"]),
        ({**TVL, "target": "1"}, ["target"]),
        ({**TVL, "target": None}, ["target"]),
        ({**TVL, "target": True}, ["target"]),
        ('{"project_id": "p", "kpi_id": "k", "target": 1e999}', ["target"]),
        ('{"project_id": "p", "kpi_id": "k", "target": NaN}', ["target"]),
        ({**TVL, "target": 10**400}, ["target"]),
        ({**TVL, "milestone_index": 0}, ["milestone_index"]),
        ({**TVL, "timeframe_to": "tomorrow"}, ["timeframe_to"]),
        ({**TVL, "timeframe_from": "2026-02-01", "timeframe_to": "2026-01-31"}, ["body"]),
        ({**TVL, "scopes": ["two words"]}, ["scopes.0"]),
        ({**TVL, "metadata": {"text": "x" * 16384}}, ["metadata"]),
        ('{"project_id": "p", "kpi_id": "k", "target": 1, "metadata": {"a": [1e999]}}', ["metadata"]),
        ({**TVL, "sync_to_forse": "no"}, ["sync_to_forse"]),
        ({**TVL, "unknown": 1}, ["unknown"]),
    ],
)
def test_a_draft_that_breaks_a_rule_is_refused_and_nothing_is_asked_of_the_evaluator(
    ada: Person, wire: Wire, sent: Any, fields: list[str]
):
    answer = ada.post(MILESTONES, sent)

    assert (answer.status, answer.fields) == (422, fields)
    assert wire.sent == []


@pytest.mark.parametrize("path", ["__proto__", "constructor", "nope", "550e8400-e29b-41d4-a716-446655440000"])
def test_what_is_no_id_of_a_milestone_is_not_found(ada: Person, path: str):
    answers = [ada.rest(method, f"{MILESTONES}/{path}") for method in ("GET", "DELETE")]

    assert [(answer.status, answer.code) for answer in answers] == [(404, "MilestoneNotFound")] * 2


def test_another_tenant_does_not_find_it(ada: Person, eve: Person):
    uid = ada.created()
    answers = [eve.get(f"{MILESTONES}/{uid}"), eve.retargets(uid, 5), eve.deletes(uid), eve.syncs(uid)]

    assert {answer.status for answer in answers} == {404}
    assert eve.get().body["items"] == []
    assert ada.sees(uid)["target"] == 1000000


def test_a_new_target_is_given_to_the_evaluator_and_its_effect_is_told(ada: Person, wire: Wire):
    uid = ada.created()
    answer = ada.retargets(uid, 1500000.5)

    (there,) = wire.evaluator.store.all()
    assert answer.status == 200
    assert (answer.body["old_target"], answer.body["new_target"]) == (1000000, 1500000.5)
    assert answer.body["forse_effect"]["new_target"] == 1500000.5
    assert answer.body["forse_synced"] is True
    assert there["target"] == "1500000.5"
    assert wire.sent[-1][1] == f"/api/milestones/{there['id']}?target=1500000.5"
    assert answer.headers["ETag"] == f'"{ada.sees(uid)["version"]}"'


def test_a_patch_without_a_target_is_refused(ada: Person):
    uid = ada.created()
    answer = ada.rest("PATCH", f"{MILESTONES}/{uid}", {})

    assert (answer.status, answer.fields) == (422, ["target"])
    assert ada.sees(uid)["target"] == 1000000


def test_a_stale_change_is_refused(ada: Person):
    uid = ada.created()
    answers = [ada.retargets(uid, 5, if_match='"1"'), ada.deletes(uid, if_match='"1"')]

    assert [(answer.status, answer.code) for answer in answers] == [(412, "VersionChanged")] * 2


def test_a_deleted_milestone_is_gone_on_both_sides(ada: Person, wire: Wire):
    uid = ada.created()
    answer = ada.deletes(uid)

    assert answer.body == {"milestone_uid": uid, "status": "deleted", "forse_deleted": True}
    assert wire.evaluator.store.all() == []
    assert ada.deletes(uid).status == 404
    assert ada.get().body["items"] == []


def test_a_milestone_can_stay_at_the_evaluator(ada: Person, wire: Wire):
    uid = ada.created()
    answer = ada.deletes(uid, query="delete_from_forse=false")

    assert answer.body["forse_deleted"] is False
    assert len(wire.evaluator.store.all()) == 1
    assert ada.get(f"{MILESTONES}/{uid}").status == 404


def test_the_same_key_creates_once_and_answers_alike(ada: Person, wire: Wire):
    answers = [ada.post(MILESTONES, TVL, key="once") for _ in range(2)]

    assert answers[0] == answers[1]
    assert len(wire.evaluator.store.all()) == 1
    assert ada.post(MILESTONES, {**TVL, "target": 2}, key="once").code == "IdempotencyKeyReused"


def test_what_happens_is_told(ada: Person):
    uid = ada.created()
    ada.retargets(uid, 5)
    ada.deletes(uid)

    told = Counter(event["event_type"].removeprefix("milestones.milestone.") for event in happened(ada.tenant_id, uid))
    assert told == {"created": 1, "updated": 1, "deleted": 1, "sync_requested": 3}


def test_a_list_is_filtered_and_goes_on_after_a_cursor(ada: Person):
    uids = [ada.created(project_id="one", kpi_id=f"kpi_{number % 2}") for number in range(5)]
    other = ada.created(project_id="two")

    first = ada.get(query="project_id=one&limit=3").body
    second = ada.get(query=f"project_id=one&limit=3&cursor={first['next_cursor']}").body
    of_kpi = ada.get(query="kpi_id=kpi_1&status=pending&limit=1").body
    rest = ada.get(query=f"kpi_id=kpi_1&status=pending&limit=5&cursor={of_kpi['next_cursor']}").body

    assert sorted(each["milestone_uid"] for each in first["items"] + second["items"]) == sorted(uids)
    assert (len(first["items"]), second["next_cursor"]) == (3, None)
    assert {each["milestone_uid"] for each in of_kpi["items"] + rest["items"]} == {uids[1], uids[3]}
    assert other in {each["milestone_uid"] for each in ada.get().body["items"]}
    assert ada.get(query="status=completed").body == {"items": [], "next_cursor": None}
    assert ada.get(query="status=nothing").status == 422


def test_only_who_has_the_scope_may(ada: Person):
    reader = ada.holding("milestones:read")

    assert reader.creates().code == "InsufficientScope"
    assert ada.holding("goals:read").get().code == "InsufficientScope"
    assert ada.holding("milestones:write").syncs("550e8400-e29b-41d4-a716-446655440000").status == 403
    assert anonymous("GET", MILESTONES).status == 401
