"""Filters of the list of goals: by statuses, category, tag, deadline and whether it is overdue, and the counts."""

import pytest

from functions.goals import goals as goal_entity
from functions.goals import listings
from functions.goals.tasks import due_dates
from shared import ids
from tests.goals.conftest import Travel
from tests.goals.paging import pages_of
from tests.goals.people import Person

FILTERS = {
    "category": "category=health",
    "tag": "tag=run",
    "due": "due_before=2027-01-01T00:00:00Z",
    "is_overdue": "is_overdue=true",
}


def titles(person: Person, query: str) -> list[str]:
    answer = person.get("/goals", query)
    assert answer.status == 200, answer.body
    assert answer.body["next_cursor"] is None
    return [goal["title"] for goal in answer.body["items"]]


@pytest.fixture
def ada(ada: Person, travel: Travel) -> Person:
    travel("2026-03-01T00:00:00Z")
    return ada


def test_the_deadline_that_ends_first_comes_first_in_whatever_zone(ada: Person):
    for zone in ("America/St_Johns", "UTC", "Pacific/Kiritimati"):
        ada.sets_goal(title=zone, deadline="2026-12-31", time_zone=zone)

    assert titles(ada, "sort=deadline") == ["Pacific/Kiritimati", "UTC", "America/St_Johns"]
    assert titles(ada, "sort=-deadline") == ["America/St_Johns", "UTC", "Pacific/Kiritimati"]


def test_a_zone_that_changes_moves_the_goal(ada: Person):
    first = ada.sets_goal(title="first", deadline="2026-12-31", time_zone="Asia/Tokyo")
    ada.sets_goal(title="second", deadline="2026-12-31")
    ada.patch(f"/goals/{first['goal_id']}", {"time_zone": "America/New_York"})

    assert titles(ada, "sort=deadline") == ["second", "first"]


def test_goals_without_a_deadline_come_last(ada: Person):
    ada.sets_goal(title="without")
    ada.sets_goal(title="with", deadline="2036-02-28")

    assert titles(ada, "sort=deadline") == ["with", "without"]


def test_several_statuses_are_one_list_in_one_order(ada: Person, travel: Travel):
    for day, action in enumerate(("pause", "complete", "archive", None, "pause"), start=2):
        travel(f"2026-03-0{day}T00:00:00Z")
        goal_id = ada.sets_goal(title=f"Goal {day}")["goal_id"]
        if action is not None:
            ada.post(f"/goals/{goal_id}/{action}")

    assert titles(ada, "status=paused,completed") == ["Goal 6", "Goal 3", "Goal 2"]
    assert titles(ada, "status=completed,paused&sort=created") == ["Goal 2", "Goal 3", "Goal 6"]
    assert titles(ada, "sort=created") == [f"Goal {day}" for day in range(2, 7)]


def test_a_category_and_a_tag_are_compared_as_they_are_stored(ada: Person):
    ada.sets_goal(title="one", category="  health ", tags=["run", "run", " far away "])
    ada.sets_goal(title="two", category="Health", tags=["running"])

    assert titles(ada, "category=health") == titles(ada, "category=%20health%20") == ["one"]
    assert titles(ada, "tag=run") == titles(ada, "tag=far+away") == ["one"]
    assert titles(ada, "category=heal") == titles(ada, "tag=runn") == []


@pytest.mark.parametrize("name", ["a#active", "a", "%23", "#", "a%23active", "Ü€🏃" * 16])
def test_no_name_reaches_into_the_list_of_another(name: str, ada: Person):
    others = {"a#active", "a", "%23", "#", "a%23active"} - {name}
    ada.sets_goal(title="this", category=name, tags=[name])
    for other in others:
        ada.sets_goal(title="other", category=other, tags=[other])

    for field in ("category", "tag"):
        reply = ada.rest("GET", "/goals", query=f"{field}={name.replace('%', '%25').replace('#', '%23')}")
        assert [goal["title"] for goal in reply.body["items"]] == ["this"]


def test_a_range_of_deadlines_begins_after_its_beginning_and_ends_with_its_end(ada: Person):
    for day in ("2026-12-30", "2026-12-31", "2027-01-01"):
        ada.sets_goal(title=day, deadline=day)
    ada.sets_goal(title="without")

    assert titles(ada, "due_before=2027-01-01T00:00:00Z&sort=deadline") == ["2026-12-30", "2026-12-31"]
    assert titles(ada, "due_after=2027-01-01T00:00:00Z") == ["2027-01-01"]
    between = "due_after=2026-12-31T00:00:00Z&due_before=2027-01-01T00:00:00Z"
    assert titles(ada, between) == titles(ada, f"{between}&sort=-deadline&status=active,paused") == ["2026-12-31"]


def test_only_active_goals_are_overdue_and_from_their_end_on(ada: Person, travel: Travel):
    ends = [ada.sets_goal(title=f"ends {day}", deadline=day) for day in ("2026-03-04", "2026-03-05")]
    paused = ada.sets_goal(title="paused", deadline="2026-03-04")
    ada.sets_goal(title="without")
    ada.post(f"/goals/{paused['goal_id']}/pause")

    travel("2026-03-04T23:59:59.999Z")
    assert titles(ada, "is_overdue=true") == []
    travel("2026-03-05T00:00:00Z")
    for order in ("created", "-created", "deadline", "-deadline"):
        assert titles(ada, f"is_overdue=true&sort={order}") == ["ends 2026-03-04"]
    assert ada.progress(ends[0]["goal_id"])["is_overdue"]
    assert titles(ada, "is_overdue=true&status=paused") == []
    assert titles(ada, "is_overdue=false&sort=created") == ["ends 2026-03-05", "paused", "without"]
    assert titles(ada, "is_overdue=false&sort=deadline") == ["ends 2026-03-05", "without"]


@pytest.mark.parametrize("first", FILTERS)
@pytest.mark.parametrize("second", FILTERS)
def test_two_filters_are_refused_by_their_names(first: str, second: str, ada: Person):
    if first == second:
        return
    query = f"{FILTERS[first]}&{FILTERS[second]}"

    answer = ada.get("/goals", query)

    assert (answer.status, answer.code) == (422, "InvalidInput")
    assert {*answer.fields} == {part.partition("=")[0] for part in query.split("&")}


def test_a_range_that_ends_before_it_begins_is_refused(ada: Person):
    answer = ada.get("/goals", "due_after=2027-01-01T00:00:00Z&due_before=2027-01-01T00:00:00Z")

    assert (answer.status, answer.fields) == (422, ["due_before"])


@pytest.mark.parametrize(
    "wrong", ["due_before=2027-01-01", "due_after=", "category=", f"tag={'x' * 51}", "is_overdue=maybe"]
)
def test_a_value_that_a_filter_cannot_have_is_refused(wrong: str, ada: Person):
    answer = ada.get("/goals", wrong)

    assert (answer.status, answer.fields) == (422, [wrong.partition("=")[0]])


@pytest.mark.parametrize("query", ["", "status=active", *FILTERS.values(), "sort=created", "sort=deadline"])
@pytest.mark.parametrize("other", ["", "status=active", *FILTERS.values(), "sort=created", "sort=deadline"])
def test_a_cursor_is_of_one_list(query: str, other: str, ada: Person, travel: Travel):
    for _ in range(2):
        ada.sets_goal(category="health", tags=["run"], deadline="2026-03-02")
    travel("2026-03-09T00:00:00Z")

    cursor = ada.get("/goals", f"{query}&limit=1").body["next_cursor"]
    answer = ada.get("/goals", f"{other}&cursor={cursor}")

    assert answer.status == (200 if query == other else 400)


def test_a_page_is_a_query_for_each_status_and_one_call_for_the_goals(ada: Person, calls: list[str]):
    ada.sets_goal(category="health", tags=["run"], deadline="2026-03-02")
    for query, most in {
        "": ["Query"],
        "status=active": ["Query", "BatchGetItem"],
        "status=active,paused&category=health": ["Query", "Query", "BatchGetItem"],
        "tag=run": ["Query"] * 4 + ["BatchGetItem"],
        "due_before=2027-01-01T00:00:00Z&status=active,archived": ["Query", "Query", "BatchGetItem"],
        "is_overdue=true&sort=deadline": ["Query"],
        "status=paused": ["Query"],
    }.items():
        calls.clear()
        assert ada.get("/goals", query).status == 200
        # Before them it is asked whether the token is revoked.
        assert calls == ["BatchGetItem", *most]


def test_a_filter_that_the_order_does_not_serve_looks_at_so_many_and_goes_on(
    ada: Person, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(listings, "MOST_LOOKED_AT", 3)
    for number in range(8):
        ada.sets_goal(title=f"Goal {number}", deadline="2026-04-01" if number == 0 else "2026-05-01")

    pages = pages_of(ada, "/goals", "due_before=2026-04-30T00:00:00Z&limit=2")

    assert [len(page) for page in pages] == [0, 0, 1]


def test_goals_are_counted_by_status(ada: Person, bob: Person, calls: list[str]):
    made = [ada.sets_goal()["goal_id"] for _ in range(6)]
    bob.sets_goal()
    for goal_id, actions in zip(
        made, (["pause"], ["complete", "archive"], ["complete"], ["pause", "resume"]), strict=False
    ):
        for action in actions:
            ada.post(f"/goals/{goal_id}/{action}")
    ada.delete(f"/goals/{made[5]}")
    calls.clear()

    counts = ada.get("/goals/counts").body

    assert calls == ["BatchGetItem", "GetItem"]
    assert counts == {"active": 2, "paused": 1, "completed": 1, "archived": 1, "total": 5}
    assert ada.ask("goalCounts", {}).data == counts


def test_whoever_has_no_goals_counts_none(bob: Person):
    counts = bob.get("/goals/counts").body

    assert counts == {"active": 0, "paused": 0, "completed": 0, "archived": 0, "total": 0}


def test_graphql_lists_by_the_same_filters(ada: Person):
    goal = ada.sets_goal(category="health", tags=["run"], deadline="2026-12-31")
    ada.sets_goal(deadline="2027-12-31")
    for arguments in (
        {"category": " health "},
        {"tag": "run"},
        {"dueBefore": "2027-01-01T00:00:00Z", "dueAfter": "2026-01-01T00:00:00Z"},
        {"statuses": ["active", "paused"], "sort": "deadline", "limit": 1},
        {"isOverdue": False, "sort": "created", "limit": 1},
    ):
        page = ada.ask("myGoals", arguments).data
        assert [each["goalId"] for each in page["items"]] == [goal["goal_id"]]


@pytest.mark.parametrize(
    ("arguments", "fields"),
    [
        ({"category": "health", "isOverdue": True}, ["category", "isOverdue"]),
        ({"tag": "run", "dueBefore": "2027-01-01T00:00:00Z"}, ["tag", "dueBefore"]),
        ({"status": "active", "statuses": ["paused"]}, ["statuses"]),
        ({"category": ""}, ["category"]),
        ({"category": "\ud800"}, ["category"]),
        ({"statuses": []}, ["statuses"]),
    ],
)
def test_graphql_refuses_the_same(arguments: dict, fields: list[str], ada: Person):
    reply = ada.ask("myGoals", arguments)

    assert (reply.error_type, reply.fields) == ("InvalidInput", fields)


def test_a_goal_that_is_deleted_leaves_no_entry(ada: Person):
    goal_id = ada.sets_goal(category="health", tags=["run", "far"])["goal_id"]
    goal = goal_entity.of_ids(ada.user_id, [goal_id])[0]
    assert len(listings.entries(goal)) == 4

    ada.delete(f"/goals/{goal_id}")

    assert [query for query in ("status=active", "category=health", "tag=run", "tag=far") if titles(ada, query)] == []


def test_the_largest_change_of_a_goal_is_one_transaction(ada: Person):
    named = [{"category": f"c{turn}", "tags": [f"{turn} {number}" for number in range(20)]} for turn in "ab"]
    goal_id = ada.sets_goal(**named[0], deadline="2026-12-31")["goal_id"]
    for _ in range(due_dates.MOST_AT_ONCE):
        ada.adds_task(goal_id, due_at="2026-12-31T00:00:00Z")

    change = {**named[1], "answers": {"firstStep": "Go."}, "deadline": "2026-03-02", "clamp_tasks": True}
    answer = ada.patch(f"/goals/{goal_id}", change)

    assert answer.status == 200, answer.body
    assert [len(titles(ada, f"tag={turn}+7")) for turn in "ab"] == [0, 1]


def test_a_goal_that_somebody_else_has_is_in_no_list(ada: Person, bob: Person):
    bob.sets_goal(category="health", tags=["run"], deadline="2026-03-02")

    assert [query for query in FILTERS.values() if titles(ada, query)] == []
    assert ids.is_valid(bob.sets_goal()["goal_id"], "goal")
