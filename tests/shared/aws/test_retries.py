"""How often and after which pauses a client tries again."""

import json
from types import SimpleNamespace

import pytest

from shared import pauses
from shared.aws import retries
from shared.aws.client import AwsRefused
from tests.shared.aws.conftest import Connect
from tests.shared.aws.servers import Act, answers, serving


def throttled(code: str) -> Act:
    return answers(json.dumps({"__type": code}).encode(), status="400 Bad Request")


def test_a_service_that_is_down_is_not_asked_more_and_more(connect: Connect):
    with serving(answers(b"", status="500 No")) as server:
        made = connect(server)
        for _ in range(200):
            with pytest.raises(AwsRefused):
                made.call("GetItem", {})

    # Each retry costs 5 of 500.
    assert len(server.requests) == 200 + retries.CAPACITY // retries.COST


@pytest.mark.parametrize(
    ("failing", "bounds"),
    [
        (throttled("ThrottlingException"), [1.0, 2.0]),
        (throttled("ProvisionedThroughputExceededException"), [1.0, 2.0]),
        (answers(b"", status="503 Slow"), [0.05, 0.15]),
    ],
)
def test_a_service_that_is_too_busy_is_given_time(
    connect: Connect, monkeypatch: pytest.MonkeyPatch, failing: Act, bounds: list[float]
):
    spread: list[tuple[float, float]] = []
    slept: list[float] = []

    def middle(low: float, high: float) -> float:
        spread.append((low, high))
        return (low + high) / 2

    with serving(failing) as server:
        made = connect(server)
        monkeypatch.setattr(pauses, "time", SimpleNamespace(sleep=slept.append, monotonic=lambda: 0.0))
        monkeypatch.setattr(pauses, "random", SimpleNamespace(uniform=middle))
        with pytest.raises(AwsRefused):
            made.call("GetItem", {})

    assert spread == [(0, pytest.approx(bound)) for bound in bounds]
    assert slept == [pytest.approx(bound / 2) for bound in bounds]
