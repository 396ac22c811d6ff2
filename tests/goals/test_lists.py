"""Lists: every item exactly once over all pages, by cursors that only their own list hands out."""

import base64
import json
from collections.abc import Callable

import pytest

from tests.goals import catalogue
from tests.goals.catalogue import NOWHERE, Route
from tests.goals.conftest import Travel
from tests.goals.paging import pages_of
from tests.goals.people import Person

Everything = Callable[[str, str], list[list[dict]]]


def cursor(place: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(place).encode()).rstrip(b"=").decode()


@pytest.fixture
def goals(ada: Person, bob: Person, travel: Travel) -> list[str]:
    """Seven goals of Ada's, two of an instant, deadlines falling; all achieved 25 % or more, all shared with Bob."""
    made = []
    for number in range(7):
        travel(f"2026-01-{1 + number // 2:02}T00:00:00Z")
        deadline = None if number == 3 else f"2026-06-{20 - number}"
        made.append(ada.sets_goal(title=f"Goal {number}", deadline=deadline)["goal_id"])
        ada.put(f"/goals/{made[-1]}/shares/{bob.user_id}", {"role": "viewer"})
    for goal_id in made:
        ada.completes(ada.adds_task(goal_id))
    return made


@pytest.mark.parametrize("limit", [3, 7])
@pytest.mark.parametrize(
    ("path", "query"),
    [
        ("/goals", ""),
        ("/goals", "status=active"),
        ("/goals", "sort=deadline"),
        ("/goals", "sort=deadline&status=active"),
        ("/goals", "sort=-deadline"),
        ("/goals", "sort=created"),
        ("/goals", "status=active,paused&sort=created"),
        ("/goals", "is_overdue=false"),
        ("/goals/progress", ""),
    ],
)
def test_every_goal_is_on_exactly_one_page(path: str, query: str, limit: int, ada: Person, goals: list[str]):
    pages = pages_of(ada, path, f"{query}&limit={limit}")

    assert sorted(item["goal_id"] for page in pages for item in page) == sorted(goals)
    assert [len(page) for page in pages[:-1]] == [limit] * (len(pages) - 1)
    assert 0 < len(pages[-1]) <= limit


@pytest.mark.parametrize("limit", [1, 7])
def test_every_achievement_is_on_exactly_one_page_and_newer_ones_come_first(limit: int, ada: Person, goals: list[str]):
    pages = pages_of(ada, "/milestone-achievements", f"limit={limit}")

    items = [item for page in pages for item in page]
    assert len({item["milestone_id"] for item in items}) == len(items) == 16
    assert [item["achieved_at"] for item in items] == sorted((item["achieved_at"] for item in items), reverse=True)


@pytest.mark.parametrize("limit", [1, 7])
def test_every_goal_shared_is_on_exactly_one_page(limit: int, bob: Person, goals: list[str]):
    pages = pages_of(bob, "/goals/shared", f"limit={limit}")

    assert sorted(item["goal_id"] for page in pages for item in page) == sorted(goals)


@pytest.mark.parametrize("limit", [1, 2, 5, 100])
def test_tasks_come_in_the_order_of_their_creation(limit: int, ada: Person, travel: Travel):
    goal = ada.sets_goal()["goal_id"]
    titles = []
    for number in range(5):
        travel(f"2026-01-01T00:00:00.{number:03}Z")
        titles.append(ada.adds_task(goal, title=f"Task {number}")["title"])
    ada.adds_task(ada.sets_goal()["goal_id"], title="Of another goal")

    pages = pages_of(ada, f"/goals/{goal}/tasks", f"limit={limit}")

    assert [item["title"] for page in pages for item in page] == titles


def test_goals_come_newest_first(ada: Person, travel: Travel):
    for day in (1, 2, 3):
        travel(f"2026-01-0{day}T00:00:00Z")
        ada.sets_goal(title=f"Goal of day {day}")

    for path, query in (("/goals", ""), ("/goals", "status=active"), ("/goals", "sort=-created")):
        assert [goal["title"] for goal in ada.get(path, query).body["items"]] == [
            "Goal of day 3",
            "Goal of day 2",
            "Goal of day 1",
        ]


def test_goals_sorted_by_deadline_come_next_first_and_those_without_last(ada: Person, goals: list[str]):
    items = ada.get("/goals", "sort=deadline").body["items"]

    assert [item["deadline"] for item in items] == [
        "2026-06-14",
        "2026-06-15",
        "2026-06-16",
        "2026-06-18",
        "2026-06-19",
        "2026-06-20",
        None,
    ]


def test_a_list_of_one_status_has_the_goals_of_that_status(ada: Person, goals: list[str]):
    ada.post(f"/goals/{goals[0]}/pause")
    ada.post(f"/goals/{goals[1]}/complete")
    ada.post(f"/goals/{goals[2]}/archive")

    listed = {
        status: {item["goal_id"] for item in ada.get("/goals", f"status={status}").body["items"]}
        for status in ("active", "paused", "completed", "archived")
    }
    by_deadline = ada.get("/goals", "status=paused&sort=deadline").body["items"]

    assert listed == {
        "active": set(goals[3:]),
        "paused": {goals[0]},
        "completed": {goals[1]},
        "archived": {goals[2]},
    }
    assert [item["goal_id"] for item in by_deadline] == [goals[0]]


def test_a_moved_deadline_moves_the_goal_in_the_list(ada: Person, goals: list[str]):
    ada.patch(f"/goals/{goals[0]}", {"deadline": "2026-06-01"})

    items = ada.get("/goals", "sort=deadline&limit=1").body["items"]

    assert [item["goal_id"] for item in items] == [goals[0]]


@pytest.mark.parametrize("query", ["status=done", "status=", "status=active,", "sort=progress", "sort=DEADLINE"])
def test_a_filter_or_an_order_that_there_is_not_is_refused(query: str, ada: Person):
    answer = ada.get("/goals", query)

    assert (answer.status, answer.code, answer.fields) == (422, "InvalidInput", [query.partition("=")[0]])


LISTS = ["/goals", "/goals/progress", "/goals/shared", "/milestone-achievements", "/goals/{}/tasks", "/goals/{}/shares"]


@pytest.mark.parametrize("path", LISTS)
@pytest.mark.parametrize(
    "wrong",
    [
        "x",
        "not-base64!",
        cursor([]),
        cursor({}),
        cursor(["TENANT#", "MEMBER#"]),
        cursor(["GOAL#", 7, None]),
        cursor(["a" * 1100]),
        base64.urlsafe_b64encode(b"[" * 3000).decode(),
        base64.urlsafe_b64encode(b"\xff\xfe").decode(),
    ],
    ids=["letter", "not base64", "empty", "object", "foreign", "types", "long", "deep", "bytes"],
)
def test_a_cursor_that_no_list_handed_out_is_malformed(path: str, wrong: str, ada: Person, travel: Travel):
    goal = ada.sets_goal()["goal_id"]

    answer = ada.get(path.format(goal), f"cursor={wrong}")

    assert (answer.status, answer.code) == (400, "Malformed")


def test_a_cursor_of_another_list_is_malformed(ada: Person, goals: list[str]):
    ada.adds_task(goals[0])
    other = ada.get(f"/goals/{goals[0]}/tasks", "limit=1").body["next_cursor"]

    foreign = [
        ada.get(f"/goals/{goals[1]}/tasks", f"cursor={other}"),
        ada.get("/goals", f"cursor={other}"),
        ada.get("/goals", f"status=active&cursor={other}"),
        ada.get("/milestone-achievements", f"cursor={other}"),
        ada.get("/goals/shared", f"cursor={other}"),
    ]

    assert [answer.code for answer in foreign] == ["Malformed"] * 5


def test_a_cursor_of_somebody_else_shows_only_what_is_the_callers(ada: Person, bob: Person, goals: list[str]):
    bobs = bob.sets_goal()["goal_id"]
    of_ada = ada.get("/goals", "limit=1").body["next_cursor"]

    answer = bob.get("/goals", f"cursor={of_ada}")

    assert {item["goal_id"] for item in answer.body["items"]} <= {bobs}


def test_a_cursor_whose_text_no_key_can_be_is_malformed(ada: Person, travel: Travel):
    goal = ada.sets_goal()["goal_id"]

    place = f"TASK#{goal}#\ud800"

    answer = ada.get(f"/goals/{goal}/tasks", f"cursor={cursor([place])}")

    assert (answer.status, answer.code) == (400, "Malformed")


@pytest.mark.parametrize("path", LISTS)
def test_an_empty_list_is_one_empty_page(path: str, ada: Person, travel: Travel):
    goal = ada.sets_goal()["goal_id"]
    ada.delete(f"/goals/{goal}")
    kept = ada.sets_goal()["goal_id"]
    ada.post(f"/goals/{kept}/archive")

    answer = ada.get(path.format(kept), "status=active" if path == "/goals" else "")

    assert answer.status == 200
    assert answer.body["next_cursor"] is None


def test_every_list_takes_a_limit_and_a_cursor():
    assert [str(route) for route in catalogue.LISTS if "limit" not in route.query] == []
    assert {route.template for route in catalogue.LISTS} == {
        "/goals",
        "/goals/progress",
        "/goals/shared",
        "/goals/{goal_id}/export",
        "/goals/{goal_id}/tasks",
        "/goals/{goal_id}/shares",
        "/goals/orphaned/{owner_id}",
        "/goals/orphaned/{owner_id}/{goal_id}/export",
        "/goals/orphaned/{owner_id}/{goal_id}/shares",
        "/links",
        "/milestone-achievements",
    }


@pytest.mark.parametrize("route", catalogue.LISTS, ids=str)
@pytest.mark.parametrize("limit", ["0", "101", "many"])
def test_a_page_has_1_to_100_items(route: Route, limit: str, ada: Person):
    answer = ada.get(route.path(NOWHERE), query=f"limit={limit}")

    assert (answer.status, answer.code, answer.fields) == (422, "InvalidInput", ["limit"])
