"""Background work: after a change of a goal or a task, search is told of it as it is now.

Whatever a message says, the item is read: so it matters neither how often messages come nor in which order. A goal that
appears with tasks, or is restated, is told with all of them, page by page, each page by a message of its own.
"""

from collections.abc import Sequence
from typing import Any, Final, NamedTuple

from functions.goals import about, goals
from functions.goals.finding import findables
from functions.goals.tasks import tasks
from shared import config, ids
from shared.messaging import batches, bus, queues, search_feed
from shared.messaging.batches import Message, is_event
from shared.messaging.search_feed import Fed
from shared.storage import table

PAGE: Final = 500
WITH_TASKS: Final = ("goals.goal.imported", "goals.goal.stated")
"""The events of goals that may have tasks of which nobody was told."""


class Subject(NamedTuple):
    """What a message speaks of: a goal, one of its tasks, or all its tasks from a cursor on, empty for the first."""

    tenant_id: str
    owner_id: str
    goal_id: str
    task_id: str | None = None
    cursor: str | None = None


def handler(event: dict[str, Any], _context: object) -> dict[str, Any]:
    """Tell search of what the messages of a batch speak of; answers those that failed, to be tried again."""
    return batches.per_subject(event, _subject, _tell)


def _subject(message: Message) -> Subject:
    which = about.about(message)
    if not is_event(message):
        return Subject(message["tenant_id"], *which, cursor=message["cursor"])
    happened = bus.read(message)
    task_id = happened.data.get("task_id")
    if task_id is not None and not ids.is_valid(task_id, "task"):
        raise ValueError("no task has this id")
    return Subject(happened.tenant_id, *which, task_id, "" if happened.event_type in WITH_TASKS else None)


def _tell(which: Subject, _messages: Sequence[Message]) -> None:
    search_feed.send(_task(which, which.task_id) if which.task_id else _goal(which))
    if which.cursor is not None:
        _tell_tasks(which, which.cursor)


def _goal(which: Subject) -> list[Fed]:
    item = table.get(goals.key(which.owner_id, which.goal_id), consistent=True)
    return [
        search_feed.gone(which.tenant_id, which.goal_id) if item is None else findables.of_goal(goals.from_item(item))
    ]


def _task(which: Subject, task_id: str) -> list[Fed]:
    keys = [goals.key(which.owner_id, which.goal_id), tasks.key(which.owner_id, which.goal_id, task_id)]
    goal, task = table.get_many(keys, consistent=True)
    if goal is None or task is None:
        return [search_feed.gone(which.tenant_id, task_id)]
    return [findables.of_task(goals.from_item(goal), tasks.from_item(task))]


def _tell_tasks(which: Subject, cursor: str) -> None:
    """Tell search of a page of tasks, and have the next one told by another message."""
    item = table.get(goals.key(which.owner_id, which.goal_id), consistent=True)
    if item is None:
        return
    goal = goals.from_item(item)
    page = table.query(goal.partition, tasks.prefix(goal.goal_id), limit=PAGE, cursor=cursor or None, consistent=True)
    search_feed.send([findables.of_task(goal, tasks.from_item(each)) for each in page.items])
    if page.next_cursor is not None:
        ahead = {"tenant_id": which.tenant_id, "owner_id": which.owner_id, "goal_id": which.goal_id}
        queues.send(config.goal_feed_queue_url(), {**ahead, "cursor": page.next_cursor})
