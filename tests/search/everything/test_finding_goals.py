"""Goals and tasks are found by whoever may open them, by their words, beginnings of words, typos and ids."""

from tests.goals.people import Person
from tests.search.everything.feeding import Feed, finds, hits


def test_a_goal_is_found_with_a_typo(ada: Person, feed: Feed):
    goal = ada.sets_goal(title="Learn Portuguese", description="Two lessons a week")
    feed.runs()

    assert hits(ada, "portugese") == [
        {
            "type": "goal",
            "id": goal["goal_id"],
            "title": "Learn Portuguese",
            "url": f"#/goals/{goal['goal_id']}",
            "parent": None,
            "highlights": [{"field": "title", "snippet": "Learn <mark>Portuguese</mark>"}],
        }
    ]


def test_a_task_is_found_with_its_goal(ada: Person, feed: Feed):
    goal = ada.sets_goal(title="Learn Portuguese")
    task = ada.adds_task(goal["goal_id"], title="Buy a dictionary", tags=["books"])
    feed.runs()

    assert finds(ada, "dictionary") == finds(ada, "books") == [task["task_id"]]
    assert hits(ada, "dictionary")[0]["parent"] == {"type": "goal", "id": goal["goal_id"]}


def test_a_goal_is_found_by_its_description_its_category_its_tags_the_beginning_of_a_word_and_its_id(
    ada: Person, feed: Feed
):
    goal = ada.sets_goal(title="Run", description="Along the river", category="health", tags=["outdoors"])
    ada.sets_goal(title="Swim")
    feed.runs()

    for query in ("river", "health", "outdoors", "riv", goal["goal_id"]):
        assert finds(ada, query) == [goal["goal_id"]]


def test_only_the_types_asked_for_are_found(ada: Person, feed: Feed):
    goal = ada.sets_goal(title="Sail to Iceland")
    task = ada.adds_task(goal["goal_id"], title="Sail repaired")
    feed.runs()

    assert {*finds(ada, "sail")} == {goal["goal_id"], task["task_id"]}
    assert finds(ada, "q=sail&types=task") == [task["task_id"]]
    assert finds(ada, "q=sail&types=element") == []


def test_a_change_is_found_and_what_was_before_is_not(ada: Person, feed: Feed):
    goal = ada.sets_goal(title="Paint the house")
    feed.runs()
    ada.patch(f"/goals/{goal['goal_id']}", {"title": "Paint the garage"})
    feed.runs()

    assert finds(ada, "garage") == [goal["goal_id"]]
    assert finds(ada, "house") == []


def test_a_deleted_goal_and_a_deleted_task_leave_the_index(ada: Person, feed: Feed):
    goal, kept = ada.sets_goal(title="Paint the house"), ada.sets_goal(title="Garden")
    task = ada.adds_task(kept["goal_id"], title="Buy seeds")
    feed.runs()
    ada.delete(f"/goals/{goal['goal_id']}")
    ada.delete(f"/goals/{kept['goal_id']}/tasks/{task['task_id']}")
    feed.runs()

    assert finds(ada, "q=*") == [kept["goal_id"]]


def test_a_stranger_finds_nothing(ada: Person, bob: Person, eve: Person, feed: Feed):
    ada.sets_goal(title="Learn Portuguese")
    feed.runs()

    assert finds(bob, "portuguese") == finds(eve, "portuguese") == []
