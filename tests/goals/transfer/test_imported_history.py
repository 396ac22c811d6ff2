"""An import is as if it had happened here: the same history, lived and brought along, is the same goal."""

from typing import Any

import pytest

from tests.goals.conftest import Travel
from tests.goals.people import Person
from tests.goals.transfer.lived import GOAL, HISTORIES, live


def seen(person: Person, goal_id: str) -> dict[str, Any]:
    """Return what a caller sees of the goal, without ids and without when it was written here."""
    goal = person.get(f"/goals/{goal_id}").body
    tasks = person.get(f"/goals/{goal_id}/tasks").body["items"]
    achievements = person.get("/milestone-achievements").body["items"]
    shown = ("title", "weight", "status", "due_at", "completed_at", "created_at", "updated_at", "version")
    return {
        **{
            name: goal[name] for name in ("title", "status", "start_at", "deadline", "time_zone", "weights", "progress")
        },
        "milestones": [{name: each[name] for name in each if name != "id"} for each in goal["milestones"]],
        "tasks": sorted([task[name] for name in shown] for task in tasks),
        "achievements": sorted(
            (each["percentage"], each["achieved_at"]) for each in achievements if each["goal_id"] == goal_id
        ),
    }


@pytest.mark.parametrize("name", HISTORIES)
@pytest.mark.parametrize("now", ["2026-07-01T00:00:00Z", "2026-09-30T12:34:56.789Z"])
def test_a_history_brought_along_is_as_if_it_had_happened_here(name: str, now: str, ada: Person, travel: Travel):
    lived = live(ada, travel, HISTORIES[name])
    travel(now)

    imported = ada.post("/goals/import", {**GOAL, "history": HISTORIES[name]}).body["goal_id"]

    # What time alone reached since the last change is recorded with the next one; an import is a change of now.
    expected, found = seen(ada, lived), seen(ada, imported)
    assert found.pop("achievements")[: len(expected["achievements"])] == expected.pop("achievements")
    assert found == expected
