"""The call itself, against servers of every manner: nothing takes longer than its budget, nothing wrong is believed."""

import json
import socket
import threading
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import boto3
import pytest

from examples.evaluator.__main__ import serve
from examples.evaluator.contract import Evaluator
from examples.evaluator.store import Store
from functions.milestones.evaluation import client as evaluator
from functions.milestones.evaluation import settings as stage
from functions.milestones.evaluation.client import EvaluatorFailed
from shared import ids
from tests.milestones.conftest import API_KEY
from tests.milestones.evaluation.speaking import Speak, dripping, listening, point_at, said

UID = "550e8400-e29b-41d4-a716-446655440000"
WANTED = {"project_id": "project_123", "kpi_id": "tvl", "target": 5}


@pytest.fixture(autouse=True)
def _stage(secret: dict[str, str]) -> None:
    """A stage that knows its evaluator, and a circuit of its own."""


def ok(content: bytes) -> Speak:
    return said(b"HTTP/1.1 201 Created\r\nContent-Length: %d\r\n\r\n%b" % (len(content), content))


@pytest.mark.parametrize("text", [b"", b"HTTP/1.1 200 OK\r\nX: ", b"H", b"HTTP/1.1 201 Created\r\n\r\n    "])
def test_no_answer_takes_longer_than_its_budget(text: bytes, monkeypatch: pytest.MonkeyPatch):
    waits: list[bytes] = []
    with listening(dripping(text, waits)) as port:
        point_at(port, monkeypatch)
        with pytest.raises(EvaluatorFailed) as failure:
            evaluator.create(UID, WANTED, seconds=0.4)

    assert len(waits) < 30
    assert failure.value.was_sent is True


@pytest.mark.parametrize(
    "speak",
    [
        ok(b"<html>"),
        ok(b"[]"),
        ok(b"{}"),
        ok(b'{"milestone_id": 7}'),
        ok(b'{"milestone_id": ""}'),
        ok(b'{"milestone_id": "a#b"}'),
        ok(b'{"milestone_id": "a b"}'),
        ok(json.dumps({"milestone_id": "x" * 201}).encode()),
        ok(b'{"milestone_id": "m_1"}' + b" " * 65536),
        ok(b"[" * 60000),
        said(b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n"),
        said(b"HTTP/1.1 500 Oh\r\nContent-Length: 0\r\n\r\n"),
        said(b"HTTP/1.1 401 No\r\nContent-Length: 0\r\n\r\n"),
        said(b"HTTP/1.1 404 No\r\nContent-Length: 2\r\n\r\n{}"),
        said(b"HTTP/1.1 201 Created\r\nContent-Length: 500\r\n\r\n{}"),
        said(b"nonsense\r\n\r\n"),
        said(b""),
    ],
)
def test_no_wrong_answer_is_believed(speak: Speak, monkeypatch: pytest.MonkeyPatch):
    with listening(speak) as port:
        point_at(port, monkeypatch)

        with pytest.raises(EvaluatorFailed):
            evaluator.create(UID, WANTED, seconds=2)


def test_nobody_there_is_known_to_have_got_nothing(monkeypatch: pytest.MonkeyPatch):
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    point_at(port, monkeypatch)

    with pytest.raises(EvaluatorFailed) as failure:
        evaluator.create(UID, WANTED, seconds=2)

    assert failure.value.was_sent is False
    assert evaluator.is_reachable(seconds=1) is False


@pytest.fixture
def served(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """The reference evaluator, as a server of its own."""
    server = serve(Evaluator(Store(":memory:"), API_KEY), port=0)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    point_at(server.server_port, monkeypatch)
    yield server.RequestHandlerClass
    server.shutdown()
    thread.join()
    server.server_close()
    server.RequestHandlerClass.evaluator.store.close()


def test_the_reference_evaluator_keeps_the_contract(served: Any):
    id_ = evaluator.create(UID, WANTED, seconds=2)
    again = evaluator.create(UID, WANTED, seconds=2)
    effect = evaluator.retarget(UID, id_, Decimal("7.5"), seconds=2)
    evaluator.remove(UID, id_, seconds=2)
    evaluator.remove(UID, id_, seconds=2)

    assert (again, evaluator.is_reachable(seconds=1)) == (id_, True)
    assert effect.said == {
        "milestone_id": id_,
        "old_status": "pending",
        "new_status": "pending",
        "old_target": 5,
        "new_target": 7.5,
        "current_value": 0,
        "status_changed": False,
    }
    assert served.evaluator.store.all() == []


def test_what_answers_too_late_has_happened_once(served: Any):
    served.mood.delay_seconds = 0.5
    with pytest.raises(EvaluatorFailed) as failure:
        evaluator.create(UID, WANTED, seconds=0.2)
    served.mood.delay_seconds = 0
    id_ = evaluator.create(UID, WANTED, seconds=2)

    assert failure.value.was_sent is True
    assert [each["id"] for each in served.evaluator.store.all()] == [id_]


@pytest.mark.parametrize(("mood", "value"), [("down", True), ("wrong", True)])
def test_the_reference_evaluator_can_be_in_a_mood(served: Any, mood: str, value: object):
    setattr(served.mood, mood, value)

    with pytest.raises(EvaluatorFailed):
        evaluator.create(UID, WANTED, seconds=2)


@pytest.mark.parametrize(
    "url", ["ftp://evaluator.example", "evaluator.example", "http://", "http://a/?b", "http://a/#b"]
)
def test_an_address_that_is_none_is_refused(url: str, monkeypatch: pytest.MonkeyPatch):
    made = boto3.client("secretsmanager").create_secret(Name=ids.new("secret"), SecretString=json.dumps({"url": url}))
    monkeypatch.setenv("EVALUATOR_SECRET_ID", made["ARN"])
    stage.forget()

    with pytest.raises(EvaluatorFailed, match="secret"):
        evaluator.create(UID, WANTED, seconds=2)


def test_the_secret_is_in_no_text_about_the_evaluator():
    assert API_KEY not in repr(stage.evaluator())
    assert "whsec" not in repr(stage.evaluator())
