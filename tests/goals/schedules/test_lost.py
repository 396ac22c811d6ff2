"""What is due and was lost, or is of a past attempt: each goal is announced once, and nothing else happens."""

import json
from typing import Any

import pytest

from functions.goals.schedules import consumers, schedules
from shared.messaging.timers import SHARDS
from shared.storage import table
from tests.aws import emf, hooks, scheduler
from tests.aws.entries import Context
from tests.aws.scheduler import message_of, scheduled
from tests.goals.conftest import Travel
from tests.goals.people import MARATHON, Person
from tests.goals.schedules.asked import Killed
from tests.goals.schedules.consuming import consume, fire, tell
from tests.goals.schedules.timeline import END, QUARTER, _surroundings, announced

__all__ = ["_surroundings", "announced"]

LOST = "2026-01-26T00:10:00Z"


def sweep() -> int:
    return sum(consumers.handler({"action": "sweep", "shard": n}, Context())["lost"] for n in range(SHARDS))


def received() -> list[str]:
    """Return what the sweep has sent, and leave the queue empty."""
    found: list[str] = []
    while messages := scheduler.waiting():
        found += [json.dumps(message) for message in messages]
    return found


@pytest.fixture
def marathon(travel: Travel, ada: Person) -> str:
    travel("2026-01-10T12:00:00Z")
    goal_id: str = ada.sets_goal(**MARATHON)["goal_id"]
    tell(ada.user_id, goal_id)
    return goal_id


def test_a_schedule_that_was_lost_is_found_by_the_sweep(marathon: str, travel: Travel, announced: Any):
    scheduler.remove(marathon)
    travel("2026-01-26T00:09:59Z")
    early = sweep()
    travel(LOST)
    sent = [sweep(), sweep()]
    (message,) = received()
    consume(message)

    assert (early, sent) == (0, [1, 0])
    assert announced(marathon) == [("achieved", QUARTER)]
    assert scheduled(marathon) == END


def test_a_deadline_may_be_as_late_as_its_window_before_it_counts_as_lost(ada: Person, travel: Travel):
    travel("2026-01-10T12:00:00Z")
    fields = {**MARATHON, "deadline": "2026-01-31", "time_zone": "UTC", "weights": {"task": 100, "time": 0}}
    tell(ada.user_id, ada.sets_goal(**fields)["goal_id"])
    travel("2026-02-01T00:14:59Z")
    early = sweep()
    travel("2026-02-01T00:15:00Z")

    assert (early, sweep()) == (0, 1)


def test_a_schedule_that_fired_is_not_found_by_the_sweep(marathon: str, travel: Travel):
    travel(QUARTER)
    fire(marathon)
    travel(LOST)

    assert sweep() == 0


def test_100_that_fall_due_while_the_stage_is_stopped_are_each_announced_once(
    ada: Person, travel: Travel, announced: Any
):
    """Some of their schedules fire when it has started, some are gone."""
    travel("2026-01-10T12:00:00Z")
    made = [ada.sets_goal(**MARATHON)["goal_id"] for _ in range(100)]
    for goal_id in made:
        tell(ada.user_id, goal_id)
    travel("2026-02-10T00:00:00Z")
    fired = [message_of(goal_id) for goal_id in made[::2]]
    for goal_id in made:
        scheduler.remove(goal_id)
    sweep()
    swept = received()
    for body in [*fired, *swept]:
        consume(body)

    assert len(swept) == 100
    assert [announced(goal_id) for goal_id in made] == [[("achieved", QUARTER), ("overdue", END)]] * 100
    assert (sweep(), {scheduled(goal_id) for goal_id in made}) == (0, {None})


@pytest.mark.parametrize(
    ("deadline", "end"), [("2026-03-29", "2026-03-29T22:00:00Z"), ("2026-10-25", "2026-10-25T23:00:00Z")]
)
def test_a_day_on_which_the_clocks_change_ends_when_it_does(ada: Person, travel: Travel, deadline: str, end: str):
    travel("2026-01-10T12:00:00Z")
    fields = {**MARATHON, "deadline": deadline, "time_zone": "Europe/Berlin", "weights": {"task": 100, "time": 0}}
    goal_id = ada.sets_goal(**fields)["goal_id"]
    tell(ada.user_id, goal_id)

    assert scheduled(goal_id) == end


def test_a_message_of_a_past_attempt_is_counted_and_calls_nobody(
    ada: Person, marathon: str, travel: Travel, announced: Any, capsys: pytest.CaptureFixture[str]
):
    past = message_of(marathon)
    ada.patch(f"/goals/{marathon}", {"deadline": "2026-12-31"})
    tell(ada.user_id, marathon)
    before = table.get(schedules.appointment_key(ada.user_id, marathon))
    travel(QUARTER)
    emf.counted(capsys, "Timers")
    consume(past)

    assert [(each.value, each.numbers) for each in emf.counted(capsys, "Timers")] == [("stale", [1])]
    assert table.get(schedules.appointment_key(ada.user_id, marathon)) == before
    assert announced(marathon) == []


def test_a_message_of_a_deleted_goal_is_counted(
    ada: Person, marathon: str, travel: Travel, capsys: pytest.CaptureFixture[str]
):
    past = message_of(marathon)
    ada.delete(f"/goals/{marathon}")
    tell(ada.user_id, marathon)
    travel(QUARTER)
    emf.counted(capsys, "Timers")
    consume(past)

    assert [(each.value, each.numbers) for each in emf.counted(capsys, "Timers")] == [("stale", [1])]
    assert scheduled(marathon) is None


def test_who_dies_over_what_the_sweep_has_sent_leaves_it_to_the_next(marathon: str, travel: Travel, announced: Any):
    def die(**_: object) -> None:
        raise Killed

    scheduler.remove(marathon)
    travel(LOST)
    sweep()
    (message,) = received()
    with hooks.registered("before-call.dynamodb.TransactWriteItems", die), pytest.raises(Killed):
        consume(message)
    travel("2026-01-26T01:10:00Z")
    sweep()
    for body in received():
        consume(body)

    assert announced(marathon) == [("achieved", QUARTER)]
    assert scheduled(marathon) == END
