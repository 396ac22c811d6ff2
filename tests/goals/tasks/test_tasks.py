"""The tasks of a goal: their fields, their status, and how they count."""

import pytest

from tests.goals.conftest import Happened, Stored, Travel
from tests.goals.people import MARATHON, Person

WRONG = [
    ({"title": ""}, "title"),
    ({"title": "   "}, "title"),
    ({"title": "x" * 101}, "title"),
    ({"title": "\ud800"}, "title"),
    ({"due_at": "2026-01-20"}, "due_at"),
    ({"due_at": "2026-01-20T18:00:00"}, "due_at"),
    ({"due_at": "2026-01-20T25:00:00Z"}, "due_at"),
    ({"due_at": "2026-01-31T00:00:00.001Z"}, "due_at"),
    ({"weight": 0}, "weight"),
    ({"weight": 1001}, "weight"),
    ({"weight": 1.5}, "weight"),
    ({"weight": "3"}, "weight"),
    ({"weight": True}, "weight"),
    ({"weight": 10**30}, "weight"),
    ({"tags": ["x"] * 11}, "tags"),
    ({"tags": ["x" * 21]}, "tags.0"),
    ({"tags": [""]}, "tags.0"),
    ({"completed_at": "2026-01-20T18:00:00Z"}, "completed_at"),
    ({"created_by": "user_1"}, "created_by"),
]
STATUSES = ["active", "paused", "completed", "cancelled", "archived"]


@pytest.fixture
def goal(ada: Person, travel: Travel) -> str:
    return ada.sets_goal(**MARATHON)["goal_id"]


@pytest.mark.parametrize(
    ("fields", "named"), [*WRONG, ({"status": "completed"}, "status"), ({"weight": None}, "weight")]
)
def test_a_wrong_field_of_a_new_task_is_named_and_nothing_is_written(
    fields: dict, named: str, ada: Person, goal: str, stored: Stored
):
    before = stored()

    answer = ada.post(f"/goals/{goal}/tasks", {"title": "First 20 km run", **fields})

    assert (answer.status, answer.code) == (422, "InvalidInput")
    assert named in answer.fields
    assert stored() == before


@pytest.mark.parametrize(
    ("fields", "named"),
    [
        *WRONG,
        ({"title": None}, "title"),
        ({"weight": None}, "weight"),
        ({"status": None}, "status"),
        ({"status": "done"}, "status"),
        ({"completion_note": "x" * 501}, "completion_note"),
    ],
)
def test_a_wrong_field_of_a_change_is_named_and_nothing_is_written(
    fields: dict, named: str, ada: Person, goal: str, stored: Stored
):
    task = ada.adds_task(goal)
    before = stored()

    answer = ada.patch(f"/goals/{goal}/tasks/{task['task_id']}", fields)

    assert (answer.status, answer.code) == (422, "InvalidInput")
    assert named in answer.fields
    assert stored() == before


def test_a_new_task_has_its_defaults(ada: Person, goal: str):
    answer = ada.post(f"/goals/{goal}/tasks", {"title": "  First 20 km run  "})

    task_id = answer.body["task_id"]
    assert answer.status == 201
    assert answer.headers["Location"] == f"/api/v1/goals/{goal}/tasks/{task_id}"
    assert answer.headers["ETag"] == '"1"'
    assert answer.body == {
        "task_id": task_id,
        "goal_id": goal,
        "created_by": ada.user_id,
        "title": "First 20 km run",
        "weight": 1,
        "tags": [],
        "status": "active",
        "due_at": None,
        "due_text": None,
        "completion_note": None,
        "completed_at": None,
        "completed_text": None,
        "created_at": "2026-01-01T00:00:00.000Z",
        "updated_at": "2026-01-01T00:00:00.000Z",
        "version": 1,
    }
    assert ada.get(f"/goals/{goal}/tasks/{task_id}").body == answer.body


def test_every_field_of_a_task_can_be_at_its_limit(ada: Person, goal: str):
    fields = {"title": "ä" * 100, "weight": 1000, "tags": ["x" * 20] * 10, "due_at": "2026-01-31T00:00:00.000Z"}

    task = ada.adds_task(goal, **fields)

    assert task | fields == task


@pytest.mark.parametrize("action", ["complete", "archive"])
def test_tasks_are_only_added_to_a_goal_that_is_active_or_paused(action: str, ada: Person, goal: str, stored: Stored):
    ada.post(f"/goals/{goal}/{action}")
    before = stored()

    answer = ada.post(f"/goals/{goal}/tasks", {"title": "Too late"})

    assert (answer.status, answer.code) == (409, "GoalNotOpen")
    assert stored() == before


def test_a_task_can_be_added_to_a_paused_goal(ada: Person, goal: str):
    ada.post(f"/goals/{goal}/pause")

    assert ada.post(f"/goals/{goal}/tasks", {"title": "While we wait"}).status == 201


def test_completing_a_task_advances_its_goal(ada: Person, goal: str, travel: Travel):
    tasks = [ada.adds_task(goal) for _ in range(4)]
    travel("2026-01-02T00:00:00Z")

    answer = ada.completes(tasks[0])

    progress = ada.progress(goal)
    assert (answer.status, answer.body["status"]) == (200, "completed")
    assert answer.body["completed_at"] == "2026-01-02T00:00:00.000Z"
    assert (progress["completed_tasks"], progress["total_tasks"], progress["task_progress"]) == (1, 4, 25)
    assert progress["progress_percentage"] == 18.5


def test_completing_twice_changes_nothing_and_is_announced_once(
    ada: Person, goal: str, travel: Travel, stored: Stored, happened: Happened
):
    task = ada.adds_task(goal)
    path = f"/goals/{goal}/tasks/{task['task_id']}/complete"
    first = ada.post(path, {"completion_note": "Knees fine."})
    before = stored()
    travel("2026-01-02T00:00:00Z")

    second = ada.post(path, {"completion_note": "Another note"})

    assert (second.status, second.body) == (200, first.body)
    assert second.body["completion_note"] == "Knees fine."
    assert stored() == before
    assert [event["event_type"] for event in happened(ada, goal)].count("goals.task.completed") == 1


def test_leaving_completed_clears_when_it_was_completed(ada: Person, goal: str):
    task = ada.adds_task(goal)
    ada.completes(task)

    reopened = ada.post(f"/goals/{goal}/tasks/{task['task_id']}/reopen").body
    again = ada.completes(task).body
    cancelled = ada.patch(f"/goals/{goal}/tasks/{task['task_id']}", {"status": "cancelled"}).body

    assert [each["completed_at"] for each in (reopened, again, cancelled)] == [None, "2026-01-01T00:00:00.000Z", None]


def test_reopening_twice_changes_nothing(ada: Person, goal: str, stored: Stored):
    task = ada.adds_task(goal)
    before = stored()

    answer = ada.post(f"/goals/{goal}/tasks/{task['task_id']}/reopen")

    assert (answer.status, answer.body) == (200, task)
    assert stored() == before


@pytest.mark.parametrize("before", STATUSES)
@pytest.mark.parametrize("after", STATUSES)
def test_a_task_moves_from_any_status_to_any_other(before: str, after: str, ada: Person, goal: str):
    counted = {"active": (0, 1), "paused": (0, 1), "completed": (1, 1), "cancelled": (0, 0), "archived": (0, 0)}
    path = f"/goals/{goal}/tasks/{ada.adds_task(goal)['task_id']}"
    ada.patch(path, {"status": before})

    moved = ada.patch(path, {"status": after}).body

    progress = ada.progress(goal)
    assert (moved["status"], moved["completed_at"] is not None) == (after, after == "completed")
    assert (progress["completed_tasks"], progress["total_tasks"]) == counted[after]


def test_a_task_counts_by_its_weight(ada: Person, goal: str):
    heavy = ada.adds_task(goal, weight=3)
    light = ada.adds_task(goal)
    ada.completes(heavy)
    weighed = ada.progress(goal)["task_progress"]

    ada.patch(f"/goals/{goal}/tasks/{light['task_id']}", {"weight": 1000})
    reweighed = ada.progress(goal)["task_progress"]

    assert (weighed, reweighed) == (75, 0.3)


def test_a_deleted_task_no_longer_counts(ada: Person, goal: str):
    done, open_task = ada.adds_task(goal), ada.adds_task(goal)
    ada.completes(done)
    path = f"/goals/{goal}/tasks/{open_task['task_id']}"

    deleted = ada.delete(path, if_match='"1"')

    progress = ada.progress(goal)
    assert (deleted.status, deleted.body) == (204, None)
    assert (progress["completed_tasks"], progress["total_tasks"], progress["task_progress"]) == (1, 1, 100)
    assert [ada.get(path).code, ada.delete(path).code] == ["TaskNotFound", "TaskNotFound"]


def test_a_change_of_a_task_is_a_new_version_of_it_and_of_its_goal(ada: Person, goal: str):
    task = ada.adds_task(goal)
    path = f"/goals/{goal}/tasks/{task['task_id']}"

    first = ada.patch(path, {"weight": 2}, if_match='"1"')
    second = ada.patch(path, {"weight": 3}, if_match='"1"')

    assert (first.status, first.headers["ETag"]) == (200, '"2"')
    assert (second.status, second.code) == (412, "VersionChanged")
    assert ada.get(f"/goals/{goal}").body["version"] == 3


def test_null_clears_an_optional_field_of_a_task(ada: Person, goal: str):
    task = ada.adds_task(goal, due_at="2026-01-20T00:00:00Z", tags=["long"])
    path = f"/goals/{goal}/tasks/{task['task_id']}"
    ada.patch(path, {"completion_note": "Nearly."})

    cleared = ada.patch(path, {"due_at": None, "tags": None, "completion_note": None}).body

    assert (cleared["due_at"], cleared["tags"], cleared["completion_note"]) == (None, [], None)
    assert (cleared["title"], cleared["weight"], cleared["version"]) == (task["title"], 1, 3)


@pytest.mark.parametrize(
    ("change", "event"),
    [
        ({"status": "completed"}, "goals.task.completed"),
        ({"status": "cancelled"}, "goals.task.cancelled"),
        ({"status": "archived"}, "goals.task.updated"),
        ({"weight": 2}, "goals.task.updated"),
    ],
)
def test_what_happens_to_a_task_is_announced(change: dict, event: str, ada: Person, goal: str, happened: Happened):
    task = ada.adds_task(goal)
    ada.patch(f"/goals/{goal}/tasks/{task['task_id']}", change)

    announced = [each for each in happened(ada, goal) if each["event_type"].startswith("goals.task.")]

    assert {each["event_type"] for each in announced} == {"goals.task.added", event}
    assert {each["data"]["task_id"] for each in announced} == {task["task_id"]}
