"""What the health of tracked milestones says when the evaluator or the table is away."""

import pytest

from functions.milestones.evaluation import health
from shared.aws.client import NoAnswer
from tests.aws import hooks
from tests.milestones.people import MILESTONES, Person, anonymous


def away(*_: object, **__: object) -> None:
    raise ConnectionRefusedError


def test_health_is_open_and_degraded_when_the_evaluator_is_away(ada: Person, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("socket.create_connection", away)
    answer = anonymous("GET", f"{MILESTONES}/health")

    assert answer.body == {
        "status": "degraded",
        "service": health.SERVICE,
        "storage": "dynamodb",
        "evaluator": "unreachable",
        "timestamp": "2026-11-20T12:00:00.000Z",
    }


def test_health_is_503_when_the_table_is_away(ada: Person):
    def broken(**_: object) -> None:
        raise NoAnswer("away")

    hooks.register("before-call.dynamodb.GetItem", broken)

    assert anonymous("GET", f"{MILESTONES}/health").status == 503
