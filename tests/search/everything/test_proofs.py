"""Who may see something is asked of the table at every hit: the index stands still in all of these tests."""

import pytest

from functions.search.everything import metrics, searching
from shared.storage import table
from tests.aws import emf
from tests.goals.conftest import enrol, expel
from tests.goals.people import Person
from tests.search.everything.feeding import Feed, asks, finds, hits


@pytest.fixture
def shared(ada: Person, bob: Person, feed: Feed) -> dict[str, str]:
    """A goal of Ada's with a task, shared with Bob, that the index has."""
    goal = ada.sets_goal(title="Learn Portuguese")
    task = ada.adds_task(goal["goal_id"], title="Portuguese verbs")
    ada.put(f"/goals/{goal['goal_id']}/shares/{bob.user_id}", {"role": "viewer"})
    feed.runs()
    return {"goal": goal["goal_id"], "task": task["task_id"]}


def test_whom_a_goal_is_shared_with_finds_it_and_its_tasks(bob: Person, shared: dict[str, str]):
    assert {*finds(bob, "portuguese")} == {shared["goal"], shared["task"]}


def test_a_new_share_is_found_without_any_index(ada: Person, bob: Person, feed: Feed):
    goal = ada.sets_goal(title="Learn Portuguese")
    feed.runs()
    before = finds(bob, "portuguese")
    ada.put(f"/goals/{goal['goal_id']}/shares/{bob.user_id}", {"role": "viewer"})

    assert (before, finds(bob, "portuguese")) == ([], [goal["goal_id"]])


def test_a_revoked_share_finds_nothing_more(ada: Person, bob: Person, shared: dict[str, str]):
    ada.delete(f"/goals/{shared['goal']}/shares/{bob.user_id}")

    assert finds(bob, "portuguese") == finds(bob, shared["goal"]) == []
    assert {*finds(ada, "portuguese")} == {shared["goal"], shared["task"]}


def test_a_disabled_owner_closes_their_goals_and_opens_them_again(ada: Person, bob: Person, shared: dict[str, str]):
    enrol(ada, disabled=True)
    closed = finds(bob, "portuguese")
    enrol(ada)

    assert closed == []
    assert {*finds(bob, "portuguese")} == {shared["goal"], shared["task"]}


def test_a_disabled_member_finds_nothing_of_their_own(ada: Person, shared: dict[str, str]):
    enrol(ada, disabled=True)

    assert finds(ada, "portuguese") == []


def test_somebody_who_left_the_tenant_finds_nothing_more(bob: Person, shared: dict[str, str]):
    expel(bob)

    assert finds(bob, "portuguese") == []


def test_an_owner_who_left_the_tenant_is_not_found(ada: Person, bob: Person, shared: dict[str, str]):
    expel(ada)

    assert finds(bob, "portuguese") == []


def test_a_deleted_goal_is_not_found_nor_are_its_tasks(ada: Person, bob: Person, shared: dict[str, str]):
    ada.delete(f"/goals/{shared['goal']}")

    assert finds(ada, "portuguese") == finds(bob, "portuguese") == []
    assert finds(ada, shared["goal"]) == finds(ada, shared["task"]) == []


def test_a_deleted_task_is_not_found(ada: Person, shared: dict[str, str]):
    ada.delete(f"/goals/{shared['goal']}/tasks/{shared['task']}")

    assert finds(ada, "portuguese") == [shared["goal"]]


def test_a_renamed_goal_shows_its_new_name_and_marks_only_what_that_says(ada: Person, shared: dict[str, str]):
    ada.patch(f"/goals/{shared['goal']}", {"title": "Learn <b>Danish</b>"})
    (hit,) = hits(ada, "q=portuguese&types=goal")

    assert (hit["title"], hit["highlights"]) == ("Learn <b>Danish</b>", [])


def test_a_refused_hit_is_replaced_and_counted(ada: Person, feed: Feed, capsys: pytest.CaptureFixture[str]):
    goals = [ada.sets_goal(title="Paint")["goal_id"] for _ in range(5)]
    feed.runs()
    ranked = finds(ada, "paint")
    for goal_id in ranked[:3]:
        ada.delete(f"/goals/{goal_id}")
    capsys.readouterr()
    answer = asks(ada, "q=paint&limit=2")

    assert {*ranked} == {*goals}
    assert [each["id"] for each in answer.body["items"]] == ranked[3:]
    assert answer.body["next_cursor"] is None
    (counted,) = emf.counted(capsys, metrics.REFUSED_HITS.name)
    assert counted.numbers == [3]


def test_a_hit_whose_document_is_a_tombstone_already_is_counted_too(
    ada: Person, feed: Feed, capsys: pytest.CaptureFixture[str]
):
    goal = ada.sets_goal(title="Paint")
    feed.runs()
    ada.delete(f"/goals/{goal['goal_id']}")
    feed.tells()
    feed.stores()
    capsys.readouterr()

    assert finds(ada, "paint") == []
    (counted,) = emf.counted(capsys, metrics.REFUSED_HITS.name)
    assert counted.numbers == [1]


def test_hits_are_found_behind_many_that_are_gone(ada: Person, feed: Feed):
    gone, kept = ada.sets_goal(title="Paint, and paint"), ada.sets_goal(title="Paint the house and the garden")
    for _ in range(40):
        ada.adds_task(gone["goal_id"], title="Paint")
    feed.runs()
    ada.delete(f"/goals/{gone['goal_id']}")

    assert finds(ada, "q=paint&limit=1") == [kept["goal_id"]]


def test_a_page_that_ends_among_hits_that_are_gone_says_where_the_next_one_begins(
    ada: Person, feed: Feed, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(searching, "LOOKED_AT", (0, 3, 5))
    gone, kept = ada.sets_goal(title="Paint, and paint"), ada.sets_goal(title="Paint the house and the garden")
    first = ada.sets_goal(title="Paint paint paint paint")
    for _ in range(29):
        ada.adds_task(gone["goal_id"], title="Paint")
    feed.runs()
    ada.delete(f"/goals/{gone['goal_id']}")
    pages, cursor = [], ""
    while cursor is not None:
        answer = asks(ada, f"q=paint&limit=2&cursor={cursor}" if cursor else "q=paint&limit=2")
        pages.append([each["id"] for each in answer.body["items"]])
        cursor = answer.body["next_cursor"]

    assert [each for page in pages for each in page] == [first["goal_id"], kept["goal_id"]]
    assert (pages[0], pages[1], len(pages)) == ([first["goal_id"]], [], 3)


def test_a_closed_goal_with_many_hits_hides_none_that_come_after_them(ada: Person, bob: Person, feed: Feed):
    shared = ada.sets_goal(title="Paint")
    for _ in range(12):
        ada.adds_task(shared["goal_id"], title="Paint")
    ada.put(f"/goals/{shared['goal_id']}/shares/{bob.user_id}", {"role": "viewer"})
    own = bob.sets_goal(title="The house and the garden that are to get some paint", description="Paint")
    feed.runs()
    enrol(ada, disabled=True)

    assert finds(bob, "q=paint&limit=1") == [own["goal_id"]]


def test_a_page_costs_three_calls(ada: Person, bob: Person, feed: Feed, calls: list[str]):
    for number in range(20):
        ada.adds_task(ada.sets_goal(title=f"Paint {number}")["goal_id"], title="Brush")
    feed.runs()
    asks(ada, "q=brush")
    calls.clear()
    found = hits(ada, "q=brush")

    assert len(found) == 20
    # Before them, what is asked of a credential that is new.
    assert calls[1:] == ["Query", "BatchGetItem", "BatchGetItem"]


def test_a_forged_membership_of_another_tenant_opens_nothing(ada: Person, eve: Person, shared: dict[str, str]):
    table.put_many([{"PK": f"USER#{eve.user_id}", "SK": f"SHARE#{shared['goal']}", "goal_id": shared["goal"]}])

    assert finds(eve, "portuguese") == []
