"""The Scheduler is called when an instant changes and at no other time, and no call that was lost stays lost."""

import json
from typing import Any

import boto3
import pytest

from functions.goals.schedules import consumers as schedule_consumers
from functions.goals.schedules import schedules
from infra.contexts.surroundings import EVENTS_TIMEOUT
from shared.messaging import schedules as clock_work
from shared.pauses import Backoff
from tests.aws import hooks, scheduler, troubles
from tests.aws.entries import Context
from tests.aws.messages import batch
from tests.aws.scheduler import scheduled
from tests.goals.conftest import Stored, Travel
from tests.goals.people import MARATHON, Person
from tests.goals.schedules.asked import BY_TASKS, Killed, by_tasks, calls_of, news_of
from tests.goals.schedules.consuming import consume, fire, tell
from tests.goals.schedules.timeline import END, QUARTER, _surroundings

__all__ = ["_surroundings", "by_tasks"]


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a busy Scheduler be tried again without pauses, and for a moment only."""
    monkeypatch.setattr(clock_work, "BUSY", Backoff(0.0, 0.0, 0.05))


def appointment(stored: Stored, ada: Person, goal_id: str) -> dict[str, Any] | None:
    return stored().get(schedules.appointment_key(ada.user_id, goal_id))


def test_a_completed_task_whose_goal_keeps_its_instant_calls_nobody(ada: Person, by_tasks: str):
    tasks = [ada.adds_task(by_tasks) for _ in range(4)]
    for task in tasks:
        ada.completes(task)

    assert calls_of(lambda: tell(ada.user_id, by_tasks)) == []
    assert scheduled(by_tasks) == END


def test_a_goal_without_a_deadline_calls_nobody(ada: Person, travel: Travel):
    goal_id = ada.sets_goal()["goal_id"]
    ada.completes(ada.adds_task(goal_id))

    assert calls_of(lambda: tell(ada.user_id, goal_id)) == []


def test_a_change_of_the_instant_is_one_call(ada: Person, by_tasks: str):
    ada.patch(f"/goals/{by_tasks}", {"deadline": "2026-02-14"})

    assert calls_of(lambda: tell(ada.user_id, by_tasks)) == ["UpdateSchedule"]
    assert calls_of(lambda: tell(ada.user_id, by_tasks)) == []
    assert scheduled(by_tasks) == "2026-02-15T00:00:00Z"


def test_an_instant_that_is_gone_is_one_call_and_leaves_nothing(ada: Person, by_tasks: str, stored: Stored):
    ada.post(f"/goals/{by_tasks}/complete")

    assert calls_of(lambda: tell(ada.user_id, by_tasks)) == ["DeleteSchedule"]
    assert calls_of(lambda: tell(ada.user_id, by_tasks)) == []
    assert appointment(stored, ada, by_tasks) is None


def test_a_deleted_goal_leaves_no_appointment(ada: Person, by_tasks: str, stored: Stored):
    ada.delete(f"/goals/{by_tasks}")
    tell(ada.user_id, by_tasks)

    assert (scheduled(by_tasks), appointment(stored, ada, by_tasks)) == (None, None)


def test_a_deadline_that_has_fired_needs_no_call(ada: Person, by_tasks: str, travel: Travel, stored: Stored):
    message = scheduler.message_of(by_tasks)
    scheduler.remove(by_tasks)
    travel(END)

    assert calls_of(lambda: consume(message)) == []
    assert appointment(stored, ada, by_tasks) is None


def test_a_milestone_that_is_reached_at_the_end_of_its_goal_is_announced_in_its_minute(ada: Person, travel: Travel):
    travel("2026-01-10T12:00:00Z")
    goal_id = ada.sets_goal(**{**MARATHON, "weights": {"task": 75, "time": 25}})["goal_id"]
    tell(ada.user_id, goal_id)
    found = boto3.client("scheduler").get_schedule(Name=goal_id, GroupName=scheduler.GROUP)

    assert scheduled(goal_id) == END
    assert found["FlexibleTimeWindow"] == {"Mode": "OFF"}


def test_a_deadline_may_be_announced_within_five_minutes_and_a_milestone_in_its_minute(ada: Person, travel: Travel):
    travel("2026-01-10T12:00:00Z")
    goals = {at: ada.sets_goal(**fields)["goal_id"] for at, fields in ((END, BY_TASKS), (QUARTER, MARATHON))}
    for goal_id in goals.values():
        tell(ada.user_id, goal_id)
    windows = {
        at: boto3.client("scheduler").get_schedule(Name=goal_id, GroupName=scheduler.GROUP)["FlexibleTimeWindow"]
        for at, goal_id in goals.items()
    }

    assert {at: scheduled(goal_id) for at, goal_id in goals.items()} == {END: END, QUARTER: QUARTER}
    assert windows == {END: {"Mode": "FLEXIBLE", "MaximumWindowInMinutes": 5}, QUARTER: {"Mode": "OFF"}}


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize("takes_effect", [True, False])
def test_a_call_whose_answer_is_lost_is_made_again(ada: Person, by_tasks: str, *, takes_effect: bool):
    ada.patch(f"/goals/{by_tasks}", {"deadline": "2026-02-14"})
    with troubles.losing_answers("UpdateSchedule", takes_effect=takes_effect):
        first = schedule_consumers.handler(news_of(ada, by_tasks), Context())
    again = schedule_consumers.handler(news_of(ada, by_tasks, receives=2), Context())

    assert [len(each["batchItemFailures"]) for each in (first, again)] == [1, 0]
    assert scheduled(by_tasks) == "2026-02-15T00:00:00Z"


@pytest.mark.parametrize("moment", ["before-call", "after-call"])
def test_who_dies_at_the_call_leaves_it_to_the_message_that_comes_again(ada: Person, by_tasks: str, moment: str):
    ada.patch(f"/goals/{by_tasks}", {"deadline": "2026-02-14"})

    def die(**_: object) -> None:
        raise Killed

    clock_work.client().meta.events.register(f"{moment}.scheduler.UpdateSchedule", die)
    with pytest.raises(Killed):
        schedule_consumers.handler(news_of(ada, by_tasks), Context())
    clock_work.client().meta.events.unregister(f"{moment}.scheduler.UpdateSchedule", die)
    schedule_consumers.handler(news_of(ada, by_tasks, receives=2), Context())

    assert scheduled(by_tasks) == "2026-02-15T00:00:00Z"


def test_who_died_at_the_call_is_made_good_by_any_later_event(ada: Person, by_tasks: str, travel: Travel):
    """Also when their message never comes again."""
    ada.patch(f"/goals/{by_tasks}", {"deadline": "2026-02-14"})

    def die(**_: object) -> None:
        raise Killed

    clock_work.client().meta.events.register("before-call.scheduler.UpdateSchedule", die)
    with pytest.raises(Killed):
        schedule_consumers.handler(news_of(ada, by_tasks), Context())
    clock_work.client().meta.events.unregister("before-call.scheduler.UpdateSchedule", die)
    travel("2026-01-10T12:03:00Z")
    ada.completes(ada.adds_task(by_tasks))
    calls = calls_of(lambda: schedule_consumers.handler(news_of(ada, by_tasks), Context()))

    assert calls == ["UpdateSchedule"]
    assert calls_of(lambda: schedule_consumers.handler(news_of(ada, by_tasks), Context())) == []
    assert scheduled(by_tasks) == "2026-02-15T00:00:00Z"


def test_a_schedule_that_was_not_known_to_be_set_is_removed_although_its_time_is_over(
    ada: Person, by_tasks: str, travel: Travel, stored: Stored
):
    """Whoever asked for it died at the call: it may have been set late, and not have fired."""
    ada.patch(f"/goals/{by_tasks}", {"deadline": "2026-02-14"})

    def die(**_: object) -> None:
        raise Killed

    clock_work.client().meta.events.register("after-call.scheduler.UpdateSchedule", die)
    with pytest.raises(Killed):
        schedule_consumers.handler(news_of(ada, by_tasks), Context())
    clock_work.client().meta.events.unregister("after-call.scheduler.UpdateSchedule", die)
    travel("2026-02-15T00:00:00Z")
    calls = calls_of(lambda: schedule_consumers.handler(news_of(ada, by_tasks), Context()))

    assert calls == ["DeleteSchedule"]
    assert (scheduled(by_tasks), appointment(stored, ada, by_tasks)) == (None, None)


def test_two_at_the_same_instant_are_one_call(ada: Person, by_tasks: str):
    ada.patch(f"/goals/{by_tasks}", {"deadline": "2026-02-14"})
    beside: list[list[str]] = []

    def another(**_: object) -> None:
        if not beside:
            beside.append(["begun"])
            beside[0] += calls_of(lambda: schedule_consumers.handler(news_of(ada, by_tasks), Context()))

    clock_work.client().meta.events.register("before-call.scheduler.UpdateSchedule", another)
    calls = calls_of(lambda: schedule_consumers.handler(news_of(ada, by_tasks), Context()))
    clock_work.client().meta.events.unregister("before-call.scheduler.UpdateSchedule", another)

    assert (calls, beside) == (["UpdateSchedule"], [["begun"]])


def test_a_scheduler_that_is_busy_for_a_moment_is_called_again(
    ada: Person, by_tasks: str, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(clock_work, "BUSY", Backoff(0.0, 0.0, 60.0))
    ada.patch(f"/goals/{by_tasks}", {"deadline": "2026-02-14"})
    left = [troubles.throttled("scheduler", "UpdateSchedule")] * 2

    def busy(**_: object) -> None:
        if left:
            raise left.pop()

    clock_work.client().meta.events.register("before-call.scheduler.UpdateSchedule", busy)
    answer = schedule_consumers.handler(news_of(ada, by_tasks), Context())
    clock_work.client().meta.events.unregister("before-call.scheduler.UpdateSchedule", busy)

    assert (answer, left) == ({"batchItemFailures": []}, [])
    assert scheduled(by_tasks) == "2026-02-15T00:00:00Z"


def test_a_scheduler_that_does_not_answer_takes_a_batch_no_longer_than_its_function_may(ada: Person, travel: Travel):
    """Whether it is away or busy: a try of each of ten goals, with what else their looks read and write."""
    travel("2026-01-10T12:00:00Z")
    goals = [ada.sets_goal(**BY_TASKS)["goal_id"] for _ in range(10)]
    looks = [json.dumps({"goal_id": goal_id, "owner_id": ada.user_id}) for goal_id in goals]
    with troubles.losing_answers("UpdateSchedule", takes_effect=False):
        calls = calls_of(lambda: schedule_consumers.handler(batch(looks), Context()))
    config = clock_work.client().meta.config
    longest = clock_work.BUSY.patience_seconds + config.connect_timeout + config.read_timeout

    assert calls == ["UpdateSchedule"] * 10
    assert 10 * longest <= EVENTS_TIMEOUT.to_seconds() - 10


@pytest.mark.usefixtures("impatient")
def test_a_scheduler_that_stays_busy_fails_its_messages_alone_and_they_wait_ever_longer(ada: Person, by_tasks: str):
    other = ada.sets_goal()["goal_id"]
    ada.patch(f"/goals/{by_tasks}", {"deadline": "2026-02-14"})
    pauses: list[int] = []
    hooks.register(
        "provide-client-params.sqs.ChangeMessageVisibility",
        lambda params, **_: pauses.append(params["VisibilityTimeout"]),
    )
    (mine,) = news_of(ada, by_tasks)["Records"]
    (hers,) = news_of(ada, other)["Records"]
    failed = []
    for receives in range(1, 9):
        attributes = mine["attributes"] | {"ApproximateReceiveCount": str(receives)}
        with troubles.throttling("scheduler"):
            answer = schedule_consumers.handler(
                {"Records": [mine | {"attributes": attributes}, hers | {"messageId": "hers"}]}, Context()
            )
        failed.append([each["itemIdentifier"] for each in answer["batchItemFailures"]])

    assert failed == [["message-0"]] * 8
    bounds = [(30, 60), (60, 120), (120, 240), (240, 480)] + [(450, 900)] * 4
    assert all(low <= pause <= high for pause, (low, high) in zip(pauses, bounds, strict=True))


def test_a_member_who_is_back_has_all_schedules_set_anew(ada: Person, by_tasks: str):
    scheduler.remove(by_tasks)
    consume(json.dumps({"returned_id": ada.user_id, "cursor": None}))

    assert scheduled(by_tasks) == END


def test_a_message_of_a_schedule_sets_the_next_one_although_it_is_known(ada: Person, travel: Travel):
    """AWS may have removed a schedule that was moved while it fired; and one that came early is gone."""
    travel("2026-01-10T12:00:00Z")
    goal_id = ada.sets_goal(**MARATHON)["goal_id"]
    tell(ada.user_id, goal_id)
    travel("2026-01-25T23:59:58Z")
    fire(goal_id)

    assert scheduled(goal_id) == "2026-01-26T00:00:03Z"
