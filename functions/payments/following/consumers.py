"""Background work: what follows for invoices from what happens to milestones.

An event only says where to look: what is done follows from what is stored now, and from the highest progress that
events tell of. So one that comes twice, or late, finds nothing to do.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

from functions.payments.billing import billings
from functions.payments.following import cancelling, invoicing
from shared import ids
from shared.callers import project_members
from shared.messaging import batches, bus
from shared.messaging.batches import Message
from shared.storage.events import Event

_CANCELLED = "projects.milestone.cancelled"


class Milestone(NamedTuple):
    """A milestone that something has happened to."""

    tenant_id: str
    project_id: str
    project_milestone_id: str


def handler(event: dict[str, Any], _context: object) -> dict[str, Any]:
    """Follow what the events of a batch are of; answers the messages that failed, to be tried again."""
    return batches.per_subject(event, _subject, _follow)


def _subject(message: Message) -> Milestone:
    """Return what an event is of. Raises KeyError or ValueError for ids that nothing can have."""
    happened = bus.read(message)
    project_id, milestone_id = happened.data["project_id"], happened.data["project_milestone_id"]
    if not (ids.is_valid(project_id, project_members.ID) and ids.is_valid(milestone_id, billings.MILESTONE)):
        raise ValueError("nothing has such an id")
    return Milestone(happened.tenant_id, project_id, milestone_id)


def _follow(which: Milestone, messages: Sequence[Message]) -> None:
    happened = [bus.read(each) for each in messages]
    if any(each.event_type == _CANCELLED for each in happened):
        cancelling.follow(*which)
    else:
        invoicing.follow(*which, max(_progress(each) for each in happened))


def _progress(happened: Event) -> int:
    return int((happened.state or {}).get("progress", 0))
