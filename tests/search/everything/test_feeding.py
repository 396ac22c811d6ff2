"""What contexts say of their items may come twice, late, in any order, and break off anywhere: the newest stays."""

import itertools
import json

import pytest

from functions.goals import goals
from functions.goals.finding import consumers as goals_feed
from functions.goals.finding import findables
from functions.goals.tasks import tasks
from functions.search.collections import tenant_index
from functions.search.documents import documents
from functions.search.everything import consumers, storing
from shared import config, ids
from shared.errors import Unavailable
from shared.messaging import search_feed
from shared.storage import table
from shared.storage.events import STATED, Event
from tests.aws.entries import Context
from tests.aws.messages import batch, delivered
from tests.goals.people import Person
from tests.goals.removals import remove_all
from tests.search.everything.feeding import Feed, documents_of, finds, said, taken
from tests.search.indexing.runs import breaking
from tests.search.people import stored_events


def changes(ada: Person, goal_id: str) -> list[str]:
    """Rename a goal three times, and return what the feed says after each of these changes, in their order."""
    told: list[str] = []
    for number in range(3):
        ada.patch(f"/goals/{goal_id}", {"title": f"Title {'abc'[number]}"})
        event = [each for each in stored_events() if each.event_type == "goals.goal.updated"][-1]
        goals_feed.handler(delivered([event]), Context())
        told += taken(config.search_feed_queue_url())
    return told


def test_the_newest_stays_whatever_order_messages_come_in_and_how_often(ada: Person, feed: Feed):
    for order in itertools.permutations(range(3)):
        goal = ada.sets_goal(title="Paint")
        told = changes(ada, goal["goal_id"])
        for number in (*order, *order):
            assert consumers.handler(batch([told[number]]), Context()) == {"batchItemFailures": []}
        stored = documents.find(tenant_index.id_of(ada.tenant_id), goal["goal_id"], consistent=True)

        assert stored is not None
        assert (stored.version, stored.document["title"]) == (4, "Title c")


def test_what_is_gone_stays_gone(ada: Person, feed: Feed):
    goal = ada.sets_goal(title="Paint")
    told = changes(ada, goal["goal_id"])
    ada.delete(f"/goals/{goal['goal_id']}")
    feed.runs()
    consumers.handler(batch(told), Context())
    feed.runs()

    assert documents_of(ada.tenant_id) == {goal["goal_id"]: (search_feed.GONE, False)}
    assert finds(ada, "q=*") == []


def test_two_who_store_at_the_same_time_leave_the_newest(ada: Person, feed: Feed, monkeypatch: pytest.MonkeyPatch):
    goal = ada.sets_goal(title="Paint")
    older, *_, newer = [search_feed.read(json.loads(each)) for each in changes(ada, goal["goal_id"])]
    found = documents.find

    def overtaken(*args: str, consistent: bool = False) -> documents.Stored | None:
        monkeypatch.setattr(documents, "find", found)
        before = found(*args, consistent=consistent)
        storing.store(newer)
        return before

    monkeypatch.setattr(documents, "find", overtaken)
    storing.store(older)

    assert documents_of(ada.tenant_id) == {goal["goal_id"]: (newer.version, True)}


def test_what_says_the_same_is_not_indexed_again(ada: Person, feed: Feed):
    goal = ada.sets_goal(title="Paint")
    task = ada.adds_task(goal["goal_id"])
    feed.runs()
    ada.completes(task)
    feed.tells()
    feed.stores()
    stored = documents.find(tenant_index.id_of(ada.tenant_id), task["task_id"], consistent=True)

    assert stored is not None
    assert (stored.version, stored.mark) == (2, None)
    assert said(config.indexing_queue_url()) == []


def test_a_store_that_broke_off_before_its_wake_up_is_made_good_by_the_next_try(ada: Person, feed: Feed):
    ada.sets_goal(title="Paint")
    feed.tells()
    bodies = taken(config.search_feed_queue_url())
    with breaking("functions.search.everything.consumers.wake_up", before=True):
        consumers._store(ada.tenant_id, [json.loads(each) for each in bodies])
    before = finds(ada, "paint")
    consumers.handler(batch(bodies), Context())
    feed.runs()

    assert (before, len(finds(ada, "paint"))) == ([], 1)


def test_a_feed_that_cannot_send_has_its_message_come_again(ada: Person, feed: Feed, monkeypatch: pytest.MonkeyPatch):
    ada.sets_goal(title="Paint")
    (event,) = [each for each in stored_events() if each.event_type == "goals.goal.created"]
    url = config.search_feed_queue_url()
    monkeypatch.setenv("SEARCH_FEED_QUEUE_URL", f"{url}-that-is-not-there")
    failed = goals_feed.handler(delivered([event]), Context())
    monkeypatch.setenv("SEARCH_FEED_QUEUE_URL", url)
    feed.runs()

    assert failed == {"batchItemFailures": [{"itemIdentifier": "message-0"}]}
    assert len(finds(ada, "paint")) == 1


def test_a_restated_goal_is_told_with_all_its_tasks_page_by_page(
    ada: Person, feed: Feed, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(goals_feed, "PAGE", 3)
    goal = ada.sets_goal(title="Paint")
    made = {ada.adds_task(goal["goal_id"], title=f"Paint {number}")["task_id"] for number in range(8)}
    feed.seen |= {each.event_id for each in stored_events()}
    item = table.get(goals.key(ada.user_id, goal["goal_id"]), consistent=True)
    assert item is not None
    feed.hears(goals.restated(goals.from_item(item)))
    feed.runs()

    assert goals.restated(goals.from_item(item)).event_type == f"goals.goal{STATED}"
    assert {*finds(ada, "paint")} == {goal["goal_id"], *made}


def test_the_tasks_of_a_deleted_goal_leave_the_index_as_they_are_removed(ada: Person, feed: Feed):
    goal = ada.sets_goal(title="Paint")
    task = ada.adds_task(goal["goal_id"])
    late = findables.of_task(of(ada, goal["goal_id"]), task_of(ada, task))
    feed.runs()
    ada.delete(f"/goals/{goal['goal_id']}")
    feed.tells()
    remove_all(ada.user_id, goal["goal_id"], ada.tenant_id)
    search_feed.send([late])
    feed.runs()

    assert {ref for ref, (_, is_there) in documents_of(ada.tenant_id).items() if is_there} == set()


def test_a_removal_that_could_not_tell_search_removes_nothing(ada: Person, feed: Feed, monkeypatch: pytest.MonkeyPatch):
    goal = ada.sets_goal(title="Paint")
    task = ada.adds_task(goal["goal_id"])
    ada.delete(f"/goals/{goal['goal_id']}")
    url = config.search_feed_queue_url()
    monkeypatch.setenv("SEARCH_FEED_QUEUE_URL", f"{url}-that-is-not-there")
    with pytest.raises(Unavailable):
        remove_all(ada.user_id, goal["goal_id"], ada.tenant_id)

    assert table.get(tasks.key(ada.user_id, goal["goal_id"], task["task_id"]), consistent=True) is not None


@pytest.mark.parametrize(
    "data",
    [{"goal_id": "x", "owner_id": "y"}, {"goal_id": ids.new("goal"), "owner_id": ids.new("user"), "task_id": "x"}],
)
def test_an_event_that_names_nothing_ends_with_the_dead_letters(data: dict[str, str], ada: Person, feed: Feed):
    event = Event(ids.new("evt"), "goals.goal.updated", 2, "2026-11-20T12:00:00.000Z", ada.tenant_id, "x", data)

    assert goals_feed.handler(delivered([event]), Context()) == {"batchItemFailures": [{"itemIdentifier": "message-0"}]}


def of(ada: Person, goal_id: str) -> goals.Goal:
    item = table.get(goals.key(ada.user_id, goal_id), consistent=True)
    assert item is not None
    return goals.from_item(item)


def task_of(ada: Person, task: dict[str, str]) -> tasks.Task:
    item = table.get(tasks.key(ada.user_id, task["goal_id"], task["task_id"]), consistent=True)
    assert item is not None
    return tasks.from_item(item)
