"""What decisions and looking at layers ask of the table, call by call."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from functions.projects.verification import reading
from tests.aws import hooks
from tests.projects.verification.court import Court

Calls = list[tuple[str, int]]
MOST_ACTIONS = 40


def asked(act: Callable[[], Any]) -> Calls:
    """Return the calls that an act makes of the table, with how many actions a transaction has."""
    made: Calls = []

    def note(model: Any, params: Any, **_: Any) -> None:
        made.append((model.name, len(json.loads(params["body"]).get("TransactItems", []))))

    hooks.register("before-call.dynamodb", note)
    act()
    hooks.unregister("before-call.dynamodb", note)
    return made


def test_a_decision_is_three_calls_with_one_transaction(aws: None):
    court = Court()
    first, second = court.joins(), court.joins()
    [only] = court.layers(court.submits({"mode": "all"}))

    for somebody in (first, second):
        made = asked(lambda who=somebody: court.decides(who, only))

        assert [name for name, _ in made] == ["GetItem", "BatchGetItem", "TransactWriteItems"]
        assert made[-1][1] <= MOST_ACTIONS


@pytest.mark.parametrize("choice", ["approve", "reject"])
def test_the_largest_decision_has_forty_actions_at_most(choice: Any, aws: None):
    court = Court()
    somebody = court.joins()
    milestone_id = court.submits({"level": 1}, *[{"level": 2} for _ in range(9)])

    made = asked(lambda: court.decides(somebody, court.layers(milestone_id)[0], choice))

    assert made[-1][0] == "TransactWriteItems"
    assert made[-1][1] < MOST_ACTIONS  # and one for an idempotency key


def test_a_milestone_with_its_layers_is_two_calls(aws: None):
    court = Court()
    somebody = court.joins()
    milestone_id = court.submits({"level": 1}, {"level": 2})
    court.decides(somebody, court.layers(milestone_id)[0])

    made = asked(lambda: reading.of_milestone(somebody, milestone_id))

    assert [name for name, _ in made] == ["Query", "GetItem"]
