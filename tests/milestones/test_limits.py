"""What tracked milestones may cost: in calls of the table, and in time while the evaluator is away."""

import time

import pytest

from functions.milestones import milestones
from functions.milestones.evaluation import client as evaluator
from shared import clock
from shared.storage import table
from tests.milestones.evaluation.speaking import dripping, listening, point_at
from tests.milestones.evaluation.wire import REAL, Wire
from tests.milestones.people import Person


def test_a_creation_is_one_transaction_and_one_more_for_the_answer(ada: Person, calls: list[str]):
    ada.get()
    calls.clear()
    ada.creates()

    assert calls.count("TransactWriteItems") == 2
    assert set(calls) <= {"TransactWriteItems", "GetItem", "BatchGetItem", "UpdateItem"}


def test_a_creation_waits_for_a_silent_evaluator_less_than_50_times_50_ms(ada: Person, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("http.client.HTTPConnection", REAL)
    waits: list[bytes] = []
    with listening(dripping(b"", waits)) as port:
        point_at(port, monkeypatch)
        ada.get()
        answer = ada.creates()

    assert (answer.status, answer.body["forse_synced"]) == (201, False)
    assert len(waits) < 50


def test_with_the_circuit_open_a_creation_asks_nobody(ada: Person, wire: Wire):
    for _ in range(evaluator.breaker.failures, 5):
        evaluator.breaker.failed(time.monotonic())
    answer = ada.creates()

    assert (answer.status, answer.body["forse_synced"]) == (201, False)
    assert wire.sent == []


def test_the_progress_of_a_thousand_milestones_is_one_query(ada: Person, calls: list[str]):
    uid = ada.created(sync_to_forse=False)
    (entry,), _ = milestones.entries(ada.tenant_id, "project_123", limit=10, cursor=None)
    others = []
    for number in range(999):
        other = f"{uid[:-12]}{number:012d}"
        place = f"{clock.to_rfc3339(clock.now())}#{other}"
        keys = {"SK": f"TRACKED#{place}", "GSI1SK": f"{milestones.LISTED}{place}", "milestone_uid": other}
        others.append({**entry, **keys, "status": "completed"})
    table.put_many(others)
    calls.clear()
    answer = ada.get("/api/v1/projects/project_123/progress")

    assert (answer.body["total"], answer.body["counts"]["completed"]) == (1000, 999)
    assert answer.body["weighted_progress"] == 99.9
    assert calls.count("Query") == 1
    assert len(calls) <= 2
