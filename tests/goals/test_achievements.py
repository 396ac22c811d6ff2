"""Achievements and what is announced of milestones: once for the first time, and when one is lost."""

from shared.storage import table
from tests.goals.conftest import Happened, Travel
from tests.goals.people import MARATHON, Person


def announced(events: list[dict]) -> list[tuple[str, int]]:
    return [
        (each["event_type"].removeprefix("goals.milestone."), each["data"]["percentage"])
        for each in events
        if each["event_type"].startswith("goals.milestone.")
    ]


def test_each_first_achievement_is_listed_once_and_newest_first(ada: Person, travel: Travel):
    first = ada.sets_goal()["goal_id"]
    ada.completes(ada.adds_task(first))
    travel("2026-01-02T00:00:00Z")
    second = ada.sets_goal(title="Learn to swim")["goal_id"]
    tasks = [ada.adds_task(second) for _ in range(2)]
    ada.completes(tasks[0])

    items = ada.get("/milestone-achievements").body["items"]

    assert [item["goal_id"] for item in items] == [second] * 2 + [first] * 4
    assert {item["percentage"] for item in items[:2]} == {25, 50}
    assert items[-1] | {"goal_title": "Run a marathon", "achieved_at": "2026-01-01T00:00:00.000Z"} == items[-1]


def test_an_achievement_that_time_brought_is_listed_with_its_own_instant(ada: Person, travel: Travel):
    goal = ada.sets_goal(**MARATHON)["goal_id"]
    travel("2026-01-28T00:00:00Z")
    unseen = ada.get("/milestone-achievements").body["items"]
    ada.patch(f"/goals/{goal}", {"category": "health"})

    items = ada.get("/milestone-achievements").body["items"]

    assert unseen == []
    assert [(item["percentage"], item["achieved_at"]) for item in items] == [(25, "2026-01-26T00:00:00.000Z")]


def test_losing_and_reaching_again_announces_the_loss_and_the_regain_and_no_second_first_time(
    ada: Person, travel: Travel, happened: Happened
):
    goal = ada.sets_goal()["goal_id"]
    ada.completes(ada.adds_task(goal))
    travel("2026-01-02T00:00:00Z")
    second = ada.adds_task(goal)
    travel("2026-01-03T00:00:00Z")
    ada.completes(second)

    events = happened(ada, goal)

    assert sorted(announced(events)) == [
        ("achieved", 25),
        ("achieved", 50),
        ("achieved", 75),
        ("achieved", 100),
        ("lost", 75),
        ("lost", 100),
        ("regained", 75),
        ("regained", 100),
    ]
    assert len(ada.get("/milestone-achievements").body["items"]) == 4


def test_a_loss_says_when_and_a_first_time_says_since_when(ada: Person, travel: Travel, happened: Happened):
    goal = ada.sets_goal(**MARATHON)["goal_id"]
    travel("2026-01-28T00:00:00Z")
    ada.patch(f"/goals/{goal}", {"deadline": "2026-12-31"})

    events = [each for each in happened(ada, goal) if each["event_type"].startswith("goals.milestone.")]

    told = {
        "goal_id": goal,
        "owner_id": ada.user_id,
        "goal_version": 2,
        "milestone_id": f"milestone_25_{goal}",
        "percentage": 25,
    }
    assert [each["event_type"] for each in events] == ["goals.milestone.achieved", "goals.milestone.lost"]
    assert events[0]["data"] == {**told, "achieved_at": "2026-01-26T00:00:00.000Z"}
    assert events[1]["data"] == {**told, "lost_at": "2026-01-28T00:00:00.000Z"}
    assert {each["occurred_at"] for each in events} == {"2026-01-28T00:00:00.000Z"}
    assert {each["tenant_id"] for each in events} == {ada.tenant_id}


def test_a_regain_says_since_when(ada: Person, travel: Travel, happened: Happened):
    goal = ada.sets_goal(**MARATHON)["goal_id"]
    travel("2026-01-28T00:00:00Z")
    ada.patch(f"/goals/{goal}", {"deadline": "2026-12-31"})
    travel("2026-01-29T00:00:00Z")
    ada.patch(f"/goals/{goal}", {"deadline": "2026-01-30"})
    (event,) = [each for each in happened(ada, goal) if each["event_type"] == "goals.milestone.regained"]

    assert event["data"] == {
        "goal_id": goal,
        "owner_id": ada.user_id,
        "goal_version": 3,
        "milestone_id": f"milestone_25_{goal}",
        "percentage": 25,
        "regained_at": "2026-01-29T00:00:00.000Z",
    }


def test_what_time_has_regained_before_it_was_lost_again_is_announced_as_both(
    ada: Person, travel: Travel, happened: Happened
):
    goal = ada.sets_goal(**MARATHON)["goal_id"]
    travel("2026-01-28T00:00:00Z")
    ada.patch(f"/goals/{goal}", {"deadline": "2026-02-28"})
    travel("2026-02-25T00:00:00Z")
    ada.patch(f"/goals/{goal}", {"deadline": "2026-12-31"})
    events = happened(ada, goal)
    (regained,) = [each for each in events if each["event_type"] == "goals.milestone.regained"]

    assert sorted(announced(events)) == [("achieved", 25), ("lost", 25), ("lost", 25), ("regained", 25)]
    assert "2026-01-28" < regained["data"]["regained_at"] < "2026-02-25"


def test_events_lie_in_the_order_in_which_things_happened(ada: Person, travel: Travel, happened: Happened):
    goal = ada.sets_goal()["goal_id"]
    travel("2026-01-02T00:00:00Z")
    task = ada.adds_task(goal)
    travel("2026-01-03T00:00:00Z")
    ada.patch(f"/goals/{goal}/tasks/{task['task_id']}", {"weight": 2})
    travel("2026-01-04T00:00:00Z")
    ada.post(f"/goals/{goal}/pause")

    assert [each["event_type"] for each in happened(ada, goal)] == [
        "goals.goal.created",
        "goals.task.added",
        "goals.task.updated",
        "goals.goal.paused",
    ]


def test_an_event_is_kept_for_a_week(ada: Person, travel: Travel, happened: Happened):
    goal = ada.sets_goal()["goal_id"]

    assert happened(ada, goal)[0]["ttl"] == 1767225600 + 7 * 86400


def test_the_achievements_of_one_are_not_those_of_another(ada: Person, bob: Person, travel: Travel):
    ada.completes(ada.adds_task(ada.sets_goal()["goal_id"]))

    assert bob.get("/milestone-achievements").body == {"items": [], "next_cursor": None}


def test_an_achievement_says_its_day_in_the_zone_of_its_goal(ada: Person, travel: Travel):
    travel("2026-01-01T11:00:00Z")
    goal_id = ada.sets_goal(time_zone="Pacific/Kiritimati")["goal_id"]
    ada.completes(ada.adds_task(goal_id))
    found = ada.get("/milestone-achievements").body["items"][0]

    assert (found["achieved_at"], found["achieved_text"]) == ("2026-01-01T11:00:00.000Z", "2 Jan 2026")


def test_an_achievement_that_was_stored_without_its_day_says_the_day_in_utc(ada: Person, travel: Travel):
    travel("2026-01-01T11:00:00Z")
    goal_id = ada.sets_goal(time_zone="Pacific/Kiritimati")["goal_id"]
    ada.completes(ada.adds_task(goal_id))
    for item in list(table.query_all(f"USER#{ada.user_id}", f"MILESTONE#{goal_id}#")):
        table.put_many([{name: value for name, value in item.items() if name != "achieved_on"}])
    items = ada.get("/milestone-achievements").body["items"]

    assert {each["achieved_text"] for each in items} == {"1 Jan 2026 UTC"}
