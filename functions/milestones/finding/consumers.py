"""Background work: after a change of a tracked milestone, search is told of it as it is now."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from functions.milestones import milestones
from functions.milestones.finding import findables
from functions.milestones.milestones import MilestoneNotFound
from shared import ids
from shared.messaging import batches, bus, search_feed
from shared.messaging.batches import Message


class Subject(NamedTuple):
    """Which milestone an event speaks of."""

    tenant_id: str
    milestone_uid: str


def handler(event: dict[str, Any], _context: object) -> dict[str, Any]:
    """Tell search of the milestones that the events of a batch are of; answers those that failed, to be tried again."""
    return batches.per_subject(event, _subject, _tell)


def _subject(message: Message) -> Subject:
    happened = bus.read(message)
    try:
        milestones.key(happened.tenant_id, happened.subject_id)
    except MilestoneNotFound as error:
        raise ValueError("no milestone has this id") from error
    if not ids.is_valid(happened.tenant_id, "tenant"):
        raise ValueError("no tenant has this id")
    return Subject(happened.tenant_id, happened.subject_id)


def _tell(which: Subject, _messages: Sequence[Message]) -> None:
    milestone = milestones.find(*which)
    if milestone is None or milestone.deleted_at is not None:
        search_feed.send([search_feed.gone(*which)])
    else:
        search_feed.send([findables.of_milestone(milestone)])
