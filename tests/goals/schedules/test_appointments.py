"""The Scheduler is called when an instant changes and at no other time, and no call that was lost stays lost."""

import json
from collections.abc import Callable
from typing import Any

import boto3
import pytest

from functions.goals.schedules import consumers as schedule_consumers
from functions.goals.schedules import schedules
from shared.messaging import schedules as clock_work
from shared.pauses import Backoff
from shared.storage import events, table
from tests.aws import hooks, scheduler, troubles
from tests.aws.entries import Context
from tests.aws.messages import batch
from tests.aws.scheduler import scheduled
from tests.goals.conftest import Stored, Travel
from tests.goals.people import MARATHON, Person
from tests.goals.schedules.consuming import consume, fire, on_the_bus, tell
from tests.goals.schedules.timeline import END, QUARTER, _surroundings

__all__ = ["_surroundings"]

BY_TASKS = {**MARATHON, "weights": {"task": 100, "time": 0}}


class Killed(BaseException):
    """The process ends here."""


@pytest.fixture
def by_tasks(travel: Travel, ada: Person) -> str:
    """A goal whose progress comes of its tasks alone: its one instant is its deadline, for which it is scheduled."""
    travel("2026-01-10T12:00:00Z")
    goal_id: str = ada.sets_goal(**BY_TASKS)["goal_id"]
    tell(ada.user_id, goal_id)
    return goal_id


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a busy Scheduler be tried again without pauses, and for a moment only."""
    monkeypatch.setattr(clock_work, "BUSY", Backoff(0.0, 0.0, 0.05))


def calls_of(do: Callable[[], Any]) -> list[str]:
    with troubles.counting() as calls:
        do()
    return [call.removeprefix("scheduler:") for call in calls if call.startswith("scheduler:")]


def news_of(ada: Person, goal_id: str, *, receives: int = 1) -> dict[str, Any]:
    """Return a batch with the last event of a goal."""
    *_, last = table.query_all(f"USER#{ada.user_id}", events.prefix(goal_id))
    return batch([on_the_bus(events.stored(last))], receives=receives)


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


def test_a_stale_call_that_lands_last_is_made_good_even_if_its_maker_dies(ada: Person, by_tasks: str):
    """One has read the goal before a change, another after it; the first one's call comes last, and then it dies."""
    ada.patch(f"/goals/{by_tasks}", {"deadline": "2026-02-14"})
    stale = news_of(ada, by_tasks)
    calls: list[str] = []

    def overtaken(**_: object) -> None:
        calls.append("begun")
        if calls == ["begun"]:
            ada.patch(f"/goals/{by_tasks}", {"deadline": "2026-03-31"})
            schedule_consumers.handler(news_of(ada, by_tasks), Context())

    def dies(**_: object) -> None:
        calls.append("answered")
        if calls.count("answered") == 2:
            raise Killed

    hook = clock_work.client().meta.events
    hook.register("before-call.scheduler.UpdateSchedule", overtaken)
    hook.register("after-call.scheduler.UpdateSchedule", dies)
    with pytest.raises(Killed):
        schedule_consumers.handler(stale, Context())
    hook.unregister("before-call.scheduler.UpdateSchedule", overtaken)
    hook.unregister("after-call.scheduler.UpdateSchedule", dies)
    wrong = scheduled(by_tasks)
    (record,) = stale["Records"]
    attributes = record["attributes"] | {"ApproximateReceiveCount": "2"}
    schedule_consumers.handler({"Records": [record | {"attributes": attributes}]}, Context())

    assert calls == ["begun", "begun", "answered", "answered"]
    assert wrong == "2026-02-15T00:00:00Z"
    assert scheduled(by_tasks) == "2026-04-01T00:00:00Z"


@pytest.mark.usefixtures("impatient")
def test_a_scheduler_that_is_busy_for_a_moment_is_called_again(ada: Person, by_tasks: str):
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
