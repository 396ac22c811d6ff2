"""History is kept in points: the ledger at the end of each day on which it changed, written when the day is over."""

from typing import Any

import pytest

from functions.goals import goals, points, progress
from functions.goals.goals import Goal
from functions.goals.progress import Ledger
from shared import clock
from shared.storage import table
from tests.aws import hooks
from tests.aws.stored_items import size_of
from tests.goals.conftest import Stored, Travel
from tests.goals.people import Person
from tests.goals.removals import power_cut, remove_all
from tests.goals.transfer.lived import GOAL, HISTORIES, live

IMPORTED = {"title": "Python 3.13", "start_at": "2025-12-01T00:00:00Z"}


def days(stored: Stored, goal_id: str) -> list[str]:
    """Return the days of which a goal has points."""
    found = stored().values()
    return sorted(item["SK"].rpartition("#")[2] for item in found if item["SK"].startswith(points.prefix(goal_id)))


def goal_of(person: Person, goal_id: str) -> Goal:
    item = table.get(goals.key(person.user_id, goal_id), consistent=True)
    assert item is not None
    return goals.from_item(item)


def past(person: Person, goal_id: str) -> list[Ledger]:
    return points.history(goal_of(person, goal_id))


def counts(person: Person, goal_id: str) -> list[tuple[int, int]]:
    return [(ledger.completed_tasks, ledger.total_tasks) for ledger in past(person, goal_id)]


def test_changes_of_one_day_leave_no_point(ada: Person, travel: Travel, stored: Stored):
    travel("2026-03-01T00:00:00Z")
    goal_id = ada.sets_goal()["goal_id"]
    travel("2026-03-01T23:59:59.999Z")
    ada.completes(ada.adds_task(goal_id))

    assert days(stored, goal_id) == []
    assert counts(ada, goal_id) == [(1, 1)]


def test_the_first_change_of_a_later_day_leaves_the_point_of_the_day_before(
    ada: Person, travel: Travel, stored: Stored
):
    travel("2026-03-01T10:00:00Z")
    goal_id = ada.sets_goal(deadline="2026-12-31")["goal_id"]
    task = ada.adds_task(goal_id, weight=3)
    travel("2026-03-04T00:00:00Z")
    before = goal_of(ada, goal_id).ledger
    ada.completes(task)
    travel("2026-03-04T09:00:00Z")
    ada.adds_task(goal_id)

    first, last = past(ada, goal_id)
    assert days(stored, goal_id) == ["2026-03-01"]
    assert first == before._replace(since=progress.NEVER, first=progress.NEVER)
    assert last == goal_of(ada, goal_id).ledger


def test_a_clock_that_goes_back_leaves_no_point(ada: Person, travel: Travel, stored: Stored):
    travel("2026-03-05T10:00:00Z")
    goal_id = ada.sets_goal()["goal_id"]
    ada.adds_task(goal_id)
    travel("2026-03-04T10:00:00Z")
    ada.adds_task(goal_id)

    assert days(stored, goal_id) == []
    assert counts(ada, goal_id) == [(0, 2)]


def test_what_does_not_touch_the_ledger_leaves_no_point(ada: Person, travel: Travel, stored: Stored):
    travel("2026-03-01T10:00:00Z")
    goal_id = ada.sets_goal()["goal_id"]
    travel("2026-03-02T10:00:00Z")
    ada.patch(f"/goals/{goal_id}", {"title": "Run far"})

    assert days(stored, goal_id) == []


def test_an_archived_goal_leaves_the_progress_it_had(ada: Person, travel: Travel):
    travel("2026-03-01T00:00:00Z")
    goal_id = ada.sets_goal(deadline="2026-03-10", weights={"task": 0, "time": 100})["goal_id"]
    travel("2026-03-02T00:00:00Z")
    ada.post(f"/goals/{goal_id}/archive")
    travel("2026-03-03T00:00:00Z")
    ada.post(f"/goals/{goal_id}/reopen")

    _, archived, reopened = past(ada, goal_id)
    assert progress.percent(progress.hybrid(archived, archived.changed_at)) == 10
    assert reopened.fixed is None


def test_the_points_of_two_goals_do_not_mix(ada: Person, travel: Travel):
    travel("2026-03-01T00:00:00Z")
    first, second = (ada.sets_goal()["goal_id"] for _ in range(2))
    for day, goal_id in ((2, first), (3, second), (4, first)):
        travel(f"2026-03-{day:02}T00:00:00Z")
        ada.adds_task(goal_id)

    assert counts(ada, first) == [(0, 0), (0, 1), (0, 2)]
    assert counts(ada, second) == [(0, 0), (0, 1)]


def test_a_reader_of_an_earlier_state_sees_nothing_of_later(ada: Person, travel: Travel):
    travel("2026-03-01T00:00:00Z")
    goal_id = ada.sets_goal()["goal_id"]
    travel("2026-03-02T00:00:00Z")
    ada.adds_task(goal_id)
    read = goal_of(ada, goal_id)
    travel("2026-03-03T00:00:00Z")
    ada.adds_task(goal_id)

    assert [ledger.total_tasks for ledger in points.history(read)] == [0, 1]


def test_the_points_go_with_their_goal(ada: Person, travel: Travel, stored: Stored):
    travel("2026-03-01T00:00:00Z")
    goal_id, other = (ada.sets_goal()["goal_id"] for _ in range(2))
    travel("2026-03-02T00:00:00Z")
    for each in (goal_id, other):
        ada.adds_task(each)
    ada.delete(f"/goals/{goal_id}")
    before = days(stored, goal_id)
    remove_all(ada.user_id, goal_id)

    assert before == ["2026-03-01"]
    assert days(stored, goal_id) == []
    assert days(stored, other) == ["2026-03-01"]


@pytest.mark.parametrize("name", HISTORIES)
def test_an_import_leaves_the_points_that_living_it_would_have(name: str, ada: Person, travel: Travel):
    lived = live(ada, travel, HISTORIES[name])
    travel("2026-09-30T12:00:00Z")
    imported = ada.post("/goals/import", {**GOAL, "history": HISTORIES[name]}).body["goal_id"]

    expected, found = past(ada, lived), past(ada, imported)
    assert found[:-1] == expected[:-1]
    assert found[-1] == progress.advance(expected[-1], clock.now())


def test_an_import_that_broke_off_leaves_no_point(
    ada: Person, travel: Travel, stored: Stored, monkeypatch: pytest.MonkeyPatch
):
    history = [
        {"at": f"2025-12-0{day}T12:00:00Z", "event": "task_added", "task": str(day), "title": "Step"} for day in (2, 3)
    ]
    hooks.register("before-call.dynamodb.TransactWriteItems", power_cut)
    with pytest.raises(KeyboardInterrupt):
        ada.post("/goals/import", {**IMPORTED, "history": history})
    hooks.unregister("before-call.dynamodb.TransactWriteItems", power_cut)
    stage: dict[str, Any] = next(item for item in stored().values() if item["entity"] == "Import")
    before = days(stored, stage["goal_id"])
    remove_all(ada.user_id, stage["goal_id"])

    assert before == ["2025-12-01", "2025-12-02"]
    assert days(stored, stage["goal_id"]) == []


def test_the_history_of_ten_years_of_daily_changes_is_one_page_of_a_query(ada: Person, travel: Travel):
    at = 1_767_225_600_000
    largest = Ledger(at, at, 100, at, 10_000_000, 10_000_000, 10_000, 10_000)
    goal_id = ada.sets_goal()["goal_id"]
    item = points.to_item(goals.partition(ada.user_id), goal_id, largest)

    assert 3_660 * size_of(item) < 1_000_000
