"""What time alone brings to a goal is announced when it comes, once, whatever the messages do on their way."""

import json
from typing import Any

import pytest

from functions.goals import achievements
from functions.goals.schedules import schedules
from shared import clock
from shared.messaging import schedules as clock_work
from shared.storage import table
from tests.aws import scheduler
from tests.aws.scheduler import message_of, scheduled
from tests.goals.conftest import Happened, Stored, Travel
from tests.goals.people import MARATHON, Person
from tests.goals.schedules.consuming import consume, fire, tell
from tests.goals.schedules.timeline import END, QUARTER, _surroundings, announced

__all__ = ["_surroundings", "announced"]


def without_appointments(items: dict[Any, Any]) -> dict[Any, Any]:
    """Return the items but for what is known of schedules, which each call to the Scheduler writes."""
    return {key: item for key, item in items.items() if item.get("entity") != "Appointment"}


@pytest.fixture
def marathon(travel: Travel, ada: Person) -> str:
    """A goal of Ada's without tasks, at noon of its tenth day; its schedule is set."""
    travel("2026-01-10T12:00:00Z")
    goal_id: str = ada.sets_goal(**MARATHON)["goal_id"]
    tell(ada.user_id, goal_id)
    return goal_id


def test_a_goal_is_scheduled_for_the_next_that_time_alone_brings(marathon: str):
    assert scheduled(marathon) == QUARTER


def test_the_schedule_sends_what_to_look_at_to_the_queue_of_the_consumer(ada: Person, marathon: str):
    target = scheduler.target(marathon)

    assert target["Arn"].endswith(f":{scheduler.QUEUE}")
    assert target["RoleArn"] == scheduler.ROLE
    assert target["DeadLetterConfig"] == {"Arn": scheduler.DEAD_LETTERS}
    due_at = clock.from_rfc3339(QUARTER)
    stored = table.get(schedules.appointment_key(ada.user_id, marathon))
    assert stored is not None
    told = {"goal_id": marathon, "owner_id": ada.user_id, "due_at": due_at, "attempt": stored["token"]}
    assert json.loads(target["Input"]) == told


def test_a_milestone_reached_by_time_is_announced_with_its_own_instant(
    ada: Person, marathon: str, travel: Travel, announced: Any, stored: Stored
):
    travel("2026-01-26T00:00:40Z")
    answer = fire(marathon)
    achievement = stored()[achievements.key(f"USER#{ada.user_id}", marathon, 25)]

    assert answer == {"batchItemFailures": []}
    assert announced(marathon) == [("achieved", QUARTER)]
    assert achievement["achieved_at"] == "2026-01-26T00:00:00.000Z"
    assert scheduled(marathon) == END


def test_a_goal_is_overdue_from_the_instant_its_view_says_so(
    ada: Person, marathon: str, travel: Travel, announced: Any, happened: Happened
):
    travel("2026-01-30T23:59:59.999Z")
    before = ada.progress(marathon)["is_overdue"]
    travel(END)
    fire(marathon)
    (event,) = [each for each in happened(ada, marathon) if each["event_type"] == "goals.goal.overdue"]

    assert before is False
    assert ada.progress(marathon)["is_overdue"] is True
    assert announced(marathon) == [("achieved", QUARTER), ("overdue", END)]
    assert event["data"]["deadline"] == "2026-01-30"
    assert scheduled(marathon) is None


def test_a_message_that_comes_twice_announces_once(marathon: str, travel: Travel, announced: Any):
    message = message_of(marathon)
    travel(END)
    answers = [consume(message), consume(message, message)]

    assert answers == [{"batchItemFailures": []}] * 2
    assert announced(marathon) == [("achieved", QUARTER), ("overdue", END)]


def test_a_message_that_comes_late_announces_all_that_is_due(marathon: str, travel: Travel, announced: Any):
    travel("2027-05-01T09:00:00Z")
    fire(marathon)

    assert announced(marathon) == [("achieved", QUARTER), ("overdue", END)]
    assert scheduled(marathon) is None


def test_a_message_that_comes_early_is_not_lost(marathon: str, travel: Travel, announced: Any):
    travel("2026-01-25T23:59:58Z")
    fire(marathon)

    assert announced(marathon) == []
    # Never less than five seconds ahead.
    assert scheduled(marathon) == "2026-01-26T00:00:03Z"


def test_a_schedule_never_fires_before_its_instant(ada: Person, travel: Travel):
    travel("2026-01-10T12:00:00Z")
    goal_id = ada.sets_goal(**MARATHON, weights={"task": 1, "time": 99})["goal_id"]
    tell(ada.user_id, goal_id)

    # 50 of 99 % of 30 days are 15 days, 3 h 38 min 10.909 s; 25 % are past.
    assert scheduled(goal_id) == "2026-01-16T03:38:11Z"


def test_what_is_past_when_a_goal_is_set_is_announced_with_the_next_event(ada: Person, travel: Travel, announced: Any):
    travel("2026-02-10T12:00:00Z")
    goal_id = ada.sets_goal(**MARATHON)["goal_id"]
    tell(ada.user_id, goal_id)

    assert announced(goal_id) == [("achieved", QUARTER), ("overdue", END)]
    assert scheduled(goal_id) is None


def test_a_change_moves_the_schedule(ada: Person, marathon: str):
    first, _ = ada.adds_task(marathon), [ada.adds_task(marathon) for _ in range(9)]
    ada.completes(first)
    tell(ada.user_id, marathon)

    # 7 % by tasks, so that time has to bring 18 of its 30: 18 of 30 days.
    assert scheduled(marathon) == "2026-01-19T00:00:00Z"


def test_a_message_of_before_a_change_changes_nothing(
    ada: Person, marathon: str, travel: Travel, announced: Any, stored: Stored
):
    message = message_of(marathon)
    ada.patch(f"/goals/{marathon}", {"deadline": "2026-12-31"})
    tell(ada.user_id, marathon)
    before, moved = without_appointments(stored()), scheduled(marathon)
    travel(QUARTER)
    consume(message)

    assert without_appointments(stored()) == before
    assert announced(marathon) == []
    assert scheduled(marathon) == moved


@pytest.mark.parametrize("action", ["complete", "archive"])
def test_a_goal_that_time_does_not_touch_any_more_has_no_schedule(
    ada: Person, marathon: str, travel: Travel, stored: Stored, action: str
):
    message = message_of(marathon)
    ada.post(f"/goals/{marathon}/{action}")
    tell(ada.user_id, marathon)
    before = stored()
    travel(END)
    consume(message)

    assert scheduled(marathon) is None
    assert stored() == before


def test_a_deleted_goal_has_no_schedule_and_does_not_come_back(
    ada: Person, marathon: str, travel: Travel, stored: Stored
):
    message = message_of(marathon)
    ada.delete(f"/goals/{marathon}")
    tell(ada.user_id, marathon)
    before = stored()
    travel(END)
    consume(message)

    assert scheduled(marathon) is None
    assert stored() == before


def test_a_goal_without_a_deadline_has_no_schedule(ada: Person, travel: Travel):
    travel("2026-01-10T12:00:00Z")
    goal_id = ada.sets_goal()["goal_id"]

    assert tell(ada.user_id, goal_id) == {"batchItemFailures": []}
    assert scheduled(goal_id) is None


def test_a_paused_goal_is_overdue_when_it_is_taken_up_again(ada: Person, marathon: str, travel: Travel, announced: Any):
    ada.post(f"/goals/{marathon}/pause")
    tell(ada.user_id, marathon)
    travel("2026-02-02T00:00:00Z")
    fire(marathon)
    while_paused = announced(marathon)
    ada.post(f"/goals/{marathon}/resume")
    tell(ada.user_id, marathon)

    assert while_paused == [("achieved", QUARTER)]
    assert announced(marathon) == [("achieved", QUARTER), ("overdue", END)]


def test_a_goal_is_overdue_once_for_each_deadline(ada: Person, marathon: str, travel: Travel, announced: Any):
    travel(END)
    fire(marathon)
    ada.patch(f"/goals/{marathon}", {"title": "Run a marathon, at last"})
    ada.post(f"/goals/{marathon}/pause")
    ada.post(f"/goals/{marathon}/resume")
    tell(ada.user_id, marathon)
    ada.patch(f"/goals/{marathon}", {"deadline": "2026-02-14"})
    tell(ada.user_id, marathon)
    travel("2026-02-15T00:00:00Z")
    fire(marathon)

    assert announced(marathon)[1:] == [
        ("overdue", END),
        ("regained", "2026-02-07T12:00:00Z"),
        ("overdue", "2026-02-15T00:00:00Z"),
    ]


def test_an_event_makes_good_for_all_that_were_lost(ada: Person, travel: Travel, announced: Any):
    travel("2026-01-10T12:00:00Z")
    goal_id = ada.sets_goal(**MARATHON)["goal_id"]
    ada.completes(ada.adds_task(goal_id))
    ada.patch(f"/goals/{goal_id}", {"deadline": "2026-02-28"})
    ada.adds_task(goal_id)
    travel("2026-03-02T00:00:00Z")
    ada.patch(f"/goals/{goal_id}", {"title": "Run a marathon, at last"})
    tell(ada.user_id, goal_id)

    assert announced(goal_id)[-1] == ("overdue", "2026-03-01T00:00:00Z")
    assert scheduled(goal_id) is None


def test_an_imported_goal_is_scheduled(ada: Person, travel: Travel):
    travel("2026-01-10T12:00:00Z")
    goal_id = ada.post("/goals/import", {**MARATHON, "history": []}).body["goal_id"]
    tell(ada.user_id, goal_id)

    assert scheduled(goal_id) == QUARTER


def test_being_announced_is_no_change_of_anybody(ada: Person, marathon: str, travel: Travel):
    before = ada.get(f"/goals/{marathon}").body
    travel(END)
    fire(marathon)
    after = ada.get(f"/goals/{marathon}").body

    assert after["updated_at"] == before["updated_at"]
    assert after["version"] == before["version"] + 1
    assert before["milestones"][0]["predicted_at"] == after["milestones"][0]["achieved_at"]


def test_whoever_sets_a_schedule_last_sets_that_of_the_last_change(ada: Person, marathon: str):
    ada.patch(f"/goals/{marathon}", {"deadline": "2026-06-30"})
    changes = [{"deadline": "2026-12-31"}]

    def change(**_: object) -> None:
        if changes:
            ada.patch(f"/goals/{marathon}", changes.pop())

    clock_work.client().meta.events.register("before-call.scheduler.UpdateSchedule", change)
    tell(ada.user_id, marathon)

    assert changes == []
    # 25 of 30 parts of the 365 days of 2026.
    assert scheduled(marathon) == "2026-11-01T04:00:00Z"


def test_after_a_schedule_has_fired_the_goal_is_looked_at_once_more(marathon: str, travel: Travel):
    travel(QUARTER)
    fire(marathon)
    at_once = scheduler.waiting()
    travel("2026-01-26T00:15:01Z")
    (again,) = scheduler.waiting()
    # As if AWS had removed the schedule that fired only after it had been moved.
    clock_work.remove(marathon)
    consume(json.dumps(again))
    travel("2026-01-26T01:00:00Z")

    assert at_once == []
    assert scheduled(marathon) == END
    assert scheduler.waiting() == []
