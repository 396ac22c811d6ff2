"""Background work: what follows for invoices from what happens to milestones and projects, and jobs that make many.

An event only says where to look: what is done follows from what is stored now, and from the highest progress that
events tell of. So one that comes twice, or late, finds nothing to do.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple

from functions.payments.billing import billings
from functions.payments.bulk import many
from functions.payments.following import cancelling, invoicing, retaining
from shared import config, ids
from shared.callers import project_members
from shared.jobs import parts
from shared.jobs.parts import Work
from shared.messaging import batches, bus
from shared.messaging.batches import Message
from shared.storage.events import Event

_CANCELLED = "projects.milestone.cancelled"
_COMPLETED = "projects.project.completed"

WORKS: Final[Mapping[str, Work]] = {many.KIND: many.work}


class Project(NamedTuple):
    """A project that is completed."""

    tenant_id: str
    project_id: str


class Milestone(NamedTuple):
    """A milestone that something has happened to."""

    tenant_id: str
    project_id: str
    project_milestone_id: str


def handler(event: dict[str, Any], _context: object) -> dict[str, Any]:
    """Follow what the events of a batch are of, and do parts of jobs; answers the messages that failed."""
    ours, of_jobs = parts.apart(event["Records"])
    failed = batches.per_subject({"Records": ours}, _subject, _follow)["batchItemFailures"]
    if of_jobs:
        url = config.queue_url("INVOICE_FOLLOWERS")
        failed += parts.consume({"Records": of_jobs}, WORKS, queue_url=url)["batchItemFailures"]
    return {"batchItemFailures": failed}


def _subject(message: Message) -> Milestone | Project:
    """Return what an event is of. Raises KeyError or ValueError for ids that nothing can have."""
    happened = bus.read(message)
    project_id = _valid(happened.data["project_id"], project_members.ID)
    if happened.event_type == _COMPLETED:
        return Project(happened.tenant_id, project_id)
    return Milestone(happened.tenant_id, project_id, _valid(happened.data["project_milestone_id"], billings.MILESTONE))


def _valid(text: str, prefix: str) -> str:
    if not ids.is_valid(text, prefix):
        raise ValueError("nothing has such an id")
    return text


def _follow(which: Milestone | Project, messages: Sequence[Message]) -> None:
    if isinstance(which, Project):
        retaining.of_project(*which)
        return
    happened = [bus.read(each) for each in messages]
    if any(each.event_type == _CANCELLED for each in happened):
        cancelling.follow(*which)
    else:
        invoicing.follow(*which, max(_progress(each) for each in happened))


def _progress(happened: Event) -> int:
    return int((happened.state or {}).get("progress", 0))
