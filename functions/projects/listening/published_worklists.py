"""What is published to those who listen to their own worklist.

What is published is the entry of now, or that it is gone. An event that comes twice publishes twice, and two may
overtake each other; a listener keeps the newest `asOf` of a piece of work.
"""

from collections.abc import Sequence
from typing import Final, NamedTuple

from functions.projects.listening import worklists
from functions.projects.worklist import reading
from shared import clock
from shared.api import casing
from shared.messaging import appsync, listeners
from shared.storage import table
from shared.storage.attributes import Key
from shared.storage.events import Event
from shared.teamwork import worklist
from shared.teamwork.worklist import Kind

# Subscribers get those fields that are selected here, and no others.
PUBLISH: Final = """
mutation PublishWorklist($change: WorklistChangeInput!) {
  publishWorklistChange(change: $change) {
    userId kind workId
    entry { kind workId title name projectId projectMilestoneId dueAt createdAt }
    asOf
  }
}
"""
DISCONNECT: Final = """
mutation DisconnectFromWorklist($whom: WorklistListenersInput!) {
  disconnectWorklistListeners(whom: $whom)
}
"""


class Changed(NamedTuple):
    """A piece of work that waits for users, or waits for them no more."""

    kind: Kind
    work_id: str
    due_at: str | None
    user_ids: tuple[str, ...]


def of_event(event: Event) -> Changed:
    """Return what the event of a changed worklist is of. Raises KeyError."""
    told = event.data
    return Changed(told["kind"], told["work_id"], told["due_at"], tuple(told["user_ids"]))


def publish(which: Changed) -> None:
    """Publish how a piece of work waits now to each of its users who may be listening; two reads and a call for each.

    Raises Unavailable.
    """
    listening = _listening(which.user_ids)
    if not listening:
        return
    found = table.get_many([_place(which, user_id) for user_id in listening], consistent=True)
    moment = clock.to_rfc3339(clock.now())
    for user_id, item in zip(listening, found, strict=True):
        entry = None if item is None else reading.view(worklist.from_item(item))
        told = {"user_id": user_id, "kind": which.kind, "work_id": which.work_id, "entry": entry, "as_of": moment}
        appsync.call(PUBLISH, {"change": casing.camel(told)})


def disconnect(user_id: str) -> None:
    """Disconnect a user who may not listen any more. Raises Unavailable."""
    appsync.call(DISCONNECT, {"whom": {"departedId": user_id}})


def _listening(user_ids: Sequence[str]) -> list[str]:
    noted = table.get_many([worklists.key(each) for each in user_ids], consistent=True)
    return [each for each, item in zip(user_ids, noted, strict=True) if listeners.is_noted(item)]


def _place(which: Changed, user_id: str) -> Key:
    return worklist.place(user_id, which.kind, which.work_id, which.due_at)
