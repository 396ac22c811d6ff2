"""Two are at the schedule of one goal, and the call of the one that has read the older goal lands last."""

from typing import Any

import pytest

from functions.goals.schedules import consumers as schedule_consumers
from shared.messaging import schedules as clock_work
from tests.aws.entries import Context
from tests.aws.scheduler import scheduled
from tests.goals.conftest import Travel
from tests.goals.people import Person
from tests.goals.schedules.asked import Killed, by_tasks, calls_of, news_of
from tests.goals.schedules.timeline import _surroundings

__all__ = ["_surroundings", "by_tasks"]


def killed_after_being_overtaken(ada: Person, goal_id: str) -> dict[str, Any]:
    """Let one call come after that of a later change, and its maker die; return the message that it was made for."""
    ada.patch(f"/goals/{goal_id}", {"deadline": "2026-02-14"})
    stale = news_of(ada, goal_id)
    calls: list[str] = []

    def overtaken(**_: object) -> None:
        calls.append("begun")
        if calls == ["begun"]:
            ada.patch(f"/goals/{goal_id}", {"deadline": "2026-03-31"})
            schedule_consumers.handler(news_of(ada, goal_id), Context())

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
    assert calls == ["begun", "begun", "answered", "answered"]
    return stale


def test_a_stale_call_that_lands_last_is_made_good_even_if_its_maker_dies(ada: Person, by_tasks: str):
    """One has read the goal before a change, another after it; the first one's call comes last, and then it dies."""
    stale = killed_after_being_overtaken(ada, by_tasks)
    wrong = scheduled(by_tasks)
    (record,) = stale["Records"]
    attributes = record["attributes"] | {"ApproximateReceiveCount": "2"}
    schedule_consumers.handler({"Records": [record | {"attributes": attributes}]}, Context())

    assert wrong == "2026-02-15T00:00:00Z"
    assert scheduled(by_tasks) == "2026-04-01T00:00:00Z"


def test_a_stale_call_that_lands_last_is_made_good_by_its_maker(ada: Person, by_tasks: str):
    ada.patch(f"/goals/{by_tasks}", {"deadline": "2026-02-14"})
    stale = news_of(ada, by_tasks)
    begun: list[str] = []

    def overtaken(**_: object) -> None:
        begun.append("begun")
        if begun == ["begun"]:
            ada.patch(f"/goals/{by_tasks}", {"deadline": "2026-03-31"})
            schedule_consumers.handler(news_of(ada, by_tasks), Context())

    hook = clock_work.client().meta.events
    hook.register("before-call.scheduler.UpdateSchedule", overtaken)
    schedule_consumers.handler(stale, Context())
    hook.unregister("before-call.scheduler.UpdateSchedule", overtaken)

    assert len(begun) == 3
    assert scheduled(by_tasks) == "2026-04-01T00:00:00Z"


def test_a_stale_call_whose_maker_dies_is_made_good_by_any_later_event(ada: Person, by_tasks: str, travel: Travel):
    """Also when their message never comes again: who called beside them does not take the schedule for set."""
    killed_after_being_overtaken(ada, by_tasks)
    wrong = scheduled(by_tasks)
    travel("2026-01-10T12:03:00Z")
    ada.completes(ada.adds_task(by_tasks))
    made = calls_of(lambda: schedule_consumers.handler(news_of(ada, by_tasks), Context()))

    assert (wrong, made) == ("2026-02-15T00:00:00Z", ["UpdateSchedule"])
    assert scheduled(by_tasks) == "2026-04-01T00:00:00Z"
