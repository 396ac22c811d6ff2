"""Background work: whoever listens to a project (`onProjectChanged`) is told how it is after each of its events.

Whoever listens to their worklist is told of each change of it (`published_worklists.py`).

What is published is the project and the milestone of now, as every member sees them in lists: no amount, no note, no
reason. An event that comes twice publishes twice, and two may overtake each other; a listener keeps the newest `asOf`.

Whoever may not listen any more is disconnected: who has left the project, and who has left the tenant or has another
role there. Those who still may listen subscribe again.
"""

from collections.abc import Sequence
from typing import Any, Final, NamedTuple

from functions.projects import projects, totals
from functions.projects.listening import listeners, published_worklists
from functions.projects.milestones import entries, milestones
from shared import clock, ids
from shared.api import casing
from shared.callers import project_members
from shared.messaging import appsync, batches, bus
from shared.messaging.batches import Message
from shared.storage import table
from shared.teamwork import worklist

# Subscribers get those fields that are selected here, and no others.
PUBLISH: Final = """
mutation Publish($change: ProjectChangeInput!) {
  publishProjectChange(change: $change) {
    projectId name status version
    progressPercent progressText milestones openMilestones milestonesByStatus { status milestones } members
    projectMilestoneId
    milestone {
      projectMilestoneId projectId title kind priority status progress weight version startOn dueOn parentId
      primaryOwnerId isBlocked
    }
    asOf
  }
}
"""
DISCONNECT: Final = """
mutation Disconnect($whom: ProjectListenersInput!) {
  disconnectProjectListeners(whom: $whom)
}
"""
DEPARTURES: Final = (
    "identity.member.removed",
    "identity.member.disabled",
    "identity.member.role_changed",
    "identity.key.revoked",
)
"""The events of a user, or of a service, who may see fewer projects now."""

_OF_NO_PROJECT: Final = ("projects.plan_template.", "projects.delegation.")
_LEFT: Final = "projects.member.removed"


class Nothing(NamedTuple):
    """What no project shows: a template, or a delegation in the whole tenant."""


class Changed(NamedTuple):
    """A project that something has happened to, or to a milestone of it."""

    tenant_id: str
    project_id: str
    milestone_id: str | None


class Left(NamedTuple):
    """Somebody who is a member of a project no more."""

    tenant_id: str
    project_id: str
    user_id: str


class Departed(NamedTuple):
    """Somebody whose standing in the tenant has changed."""

    user_id: str


def handler(event: dict[str, Any], _context: object) -> dict[str, Any]:
    """Publish what the events of a batch are of, and disconnect who may not listen; answers those that failed."""
    return batches.per_subject(event, _subject, _tell)


def _subject(message: Message) -> Nothing | Changed | Left | Departed | published_worklists.Changed:
    """Return what an event is of. Raises KeyError or ValueError for ids that nothing can have."""
    happened = bus.read(message)
    if happened.event_type in DEPARTURES:
        return Departed(happened.subject_id)
    if happened.event_type == worklist.CHANGED:
        return published_worklists.of_event(happened)
    if happened.event_type.startswith(_OF_NO_PROJECT) and happened.data.get("project_id") is None:
        return Nothing()
    tenant_id, project_id = happened.tenant_id, happened.data["project_id"]
    milestone_id = happened.data.get("project_milestone_id")
    if not ids.is_valid(project_id, project_members.ID):
        raise ValueError("no project has such an id")
    if milestone_id is not None and not ids.is_valid(milestone_id, milestones.ID):
        raise ValueError("no milestone has such an id")
    if happened.event_type == _LEFT:
        return Left(tenant_id, project_id, happened.data["user_id"])
    return Changed(tenant_id, project_id, milestone_id)


def _tell(
    which: Nothing | Changed | Left | Departed | published_worklists.Changed, _messages: Sequence[Message]
) -> None:
    match which:
        case Nothing():
            return
        case Changed():
            _publish(which)
        case Left(tenant_id, project_id, user_id):
            appsync.call(DISCONNECT, {"whom": {"projectId": project_id, "listenerId": user_id}})
            _publish(Changed(tenant_id, project_id, None))
        case Departed(user_id):
            appsync.call(DISCONNECT, {"whom": {"departedId": user_id}})
            published_worklists.disconnect(user_id)
        case published_worklists.Changed():
            published_worklists.publish(which)


def _publish(which: Changed) -> None:
    tenant_id, project_id, milestone_id = which
    if not listeners.may_be(tenant_id, project_id):
        return
    keys = [projects.key(tenant_id, project_id), totals.key(tenant_id, project_id)]
    if milestone_id is not None:
        keys.append(entries.place(tenant_id, project_id, milestone_id))
    item, counted, *entry = table.get_many(keys, consistent=True)
    if item is None:
        return
    shown = projects.summary(projects.from_item(item)) | totals.listed(totals.view(counted))
    change = {name: value for name, value in shown.items() if name not in ("currency", "client", "created_at")} | {
        "project_milestone_id": milestone_id,
        "milestone": entries.view(entry[0]) if entry and entry[0] is not None else None,
        "as_of": clock.to_rfc3339(clock.now()),
    }
    appsync.call(PUBLISH, {"change": casing.camel(change)})
