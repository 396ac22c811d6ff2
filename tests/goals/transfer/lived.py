"""Histories of a goal, as they are imported and as they are lived through."""

from typing import Any

from tests.goals.conftest import Travel
from tests.goals.people import Person

START = "2026-01-01T00:00:00Z"
GOAL = {"title": "Python 3.13", "start_at": START, "deadline": "2026-06-30", "time_zone": "Europe/Berlin"}


def entry(at: str, event: str, **fields: Any) -> dict[str, Any]:
    return {"at": at, "event": event, **fields}


def added(at: str, task: str, **fields: Any) -> dict[str, Any]:
    return entry(at, "task_added", task=task, title=f"Task {task}", **fields)


HISTORIES = {
    "nothing": [],
    "only tasks": [
        added(START, "a", weight=3),
        added(START, "b"),
        entry("2026-02-01T08:30:00.001Z", "task_completed", task="a"),
    ],
    "up and down": [
        added(START, "a"),
        entry("2026-01-02T00:00:00Z", "task_completed", task="a"),
        added("2026-01-03T00:00:00Z", "b", due_at="2026-06-30T21:00:00Z"),
        entry("2026-02-03T00:00:00Z", "task_reopened", task="a"),
        entry("2026-02-04T00:00:00Z", "task_cancelled", task="b"),
        entry("2026-05-04T00:00:00Z", "task_completed", task="a"),
        entry("2026-05-05T00:00:00Z", "task_reopened", task="b"),
    ],
    "a moving deadline": [
        added(START, "a"),
        added(START, "b"),
        entry("2026-03-01T00:00:00Z", "deadline_moved", deadline="2026-03-31"),
        entry("2026-03-30T00:00:00Z", "task_completed", task="b"),
        entry("2026-04-15T00:00:00Z", "deadline_moved", deadline="2027-12-31"),
        entry("2026-05-15T00:00:00Z", "deadline_moved", deadline=None),
        entry("2026-06-15T00:00:00Z", "deadline_moved", deadline="2026-08-31"),
    ],
    "all in one instant": [
        added(START, "a"),
        entry(START, "task_completed", task="a"),
        entry(START, "task_reopened", task="a"),
        entry(START, "task_completed", task="a"),
        entry(START, "deadline_moved", deadline="2026-01-01"),
    ],
    "a completed goal": [
        added(START, "a"),
        added(START, "b"),
        entry("2026-03-01T00:00:00Z", "task_completed", task="a"),
        entry("2026-04-01T00:00:00Z", "goal_completed"),
    ],
}
PATCHED = {"task_cancelled": {"status": "cancelled"}, "task_reopened": {"status": "active"}}


def live(person: Person, travel: Travel, history: list[dict[str, Any]]) -> str:
    """Let everything happen at its time."""
    travel(START)
    goal_id = person.sets_goal(**GOAL)["goal_id"]
    tasks: dict[str, str] = {}
    for step in history:
        travel(step["at"])
        happen(person, goal_id, tasks, step)
    return goal_id


def happen(person: Person, goal_id: str, tasks: dict[str, str], step: dict[str, Any]) -> None:
    sent = {name: value for name, value in step.items() if name not in {"at", "event", "task"}}
    match step["event"]:
        case "task_added":
            tasks[step["task"]] = person.adds_task(goal_id, **sent)["task_id"]
        case "deadline_moved":
            assert person.patch(f"/goals/{goal_id}", sent).status == 200
        case "goal_completed":
            assert person.post(f"/goals/{goal_id}/complete").status == 200
        case "task_completed":
            assert person.post(f"/goals/{goal_id}/tasks/{tasks[step['task']]}/complete").status == 200
        case event:
            assert person.patch(f"/goals/{goal_id}/tasks/{tasks[step['task']]}", PATCHED[event]).status == 200
