"""What happened to a milestone: its events, and its history, which stays when the events are gone."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from functions.projects.escalations import Escalation
from functions.projects.milestones import milestones
from functions.projects.milestones.milestones import ProjectMilestone
from shared.clock import Instant
from shared.storage import events
from shared.storage.attributes import Item
from shared.storage.events import Concern, Event
from shared.storage.writes import ABSENT, Put, Write

View = dict[str, Any]

PREFIX: Final = "ENTRY#"


def happened(
    what: str,
    milestone: ProjectMilestone,
    at: Instant,
    *,
    before: str | None = None,
    concerns: Sequence[Concern] = (),
    noun: str = "milestone",
    more: Mapping[str, Any] | None = None,
    reason: str | None = None,
) -> list[Write]:
    """Return the writes of the event `projects.<noun>.<what>` and of its entry in the history.

    Only the history has the reason; it is a text of people and leaves with no event.
    """
    event = announced(what, milestone, at, concerns=concerns, noun=noun, more=more)
    optional = {"status_before": before, "reason": reason, **(more or {})}
    entry = _entry(event, milestone) | {name: value for name, value in optional.items() if value is not None}
    return [event, Put(entry, ABSENT)]


def announced(
    what: str,
    milestone: ProjectMilestone,
    at: Instant,
    *,
    concerns: Sequence[Concern] = (),
    noun: str = "milestone",
    more: Mapping[str, Any] | None = None,
) -> Put:
    """Return the write of the event `projects.<noun>.<what>` alone."""
    return events.occurred(
        f"projects.{noun}.{what}",
        partition=milestones.history(milestone.tenant_id, milestone.project_milestone_id),
        subject_id=milestone.project_milestone_id,
        tenant_id=milestone.tenant_id,
        at=at,
        data={**_identified(milestone), **(more or {})},
        state=stated(milestone, what) if noun == "milestone" else None,
        concerns=concerns,
    )


def of_escalation(
    what: str,
    escalation: Escalation,
    milestone: ProjectMilestone,
    now: Instant,
    *,
    reason: str | None = None,
    concerns: Sequence[Concern] = (),
) -> list[Write]:
    """Return the writes of the event `projects.escalation.<what>` and of its entry in the history of the milestone.

    It has no text that people wrote, and no amount.
    """
    more = {
        "escalation_id": escalation.escalation_id,
        "escalation_status": escalation.status,
        "kind": escalation.kind,
        "severity": escalation.severity,
        "level": escalation.level,
        "blocks_work": escalation.blocks_work,
    }
    more |= {} if escalation.trigger is None else {"trigger": escalation.trigger}
    return happened(what, milestone, now, noun="escalation", more=more, reason=reason, concerns=concerns)


def restated(milestone: ProjectMilestone) -> Event:
    """Return the event that says how a milestone is stored now."""
    return events.stated(
        "projects.milestone",
        subject_id=milestone.project_milestone_id,
        tenant_id=milestone.tenant_id,
        data=_identified(milestone),
        state=stated(milestone),
    )


def stated(milestone: ProjectMilestone, what: str | None = None) -> dict[str, Any]:
    """Return the state of a milestone as its events announce it: no amount, no text that people wrote."""
    return {
        "version": milestone.version,
        "created_at": milestone.created_at,
        "status": "deleted" if what == "deleted" else milestone.status,
        "project_id": milestone.project_id,
        "kind": milestone.kind,
        "priority": milestone.priority,
        "progress": milestone.progress,
        "weight": milestone.weight,
        "attempt": milestone.attempt,
        "start_on": milestone.start_on,
        "due_on": milestone.due_on,
    }


def view(item: Item) -> View:
    """Return what members of the project see of an entry of the history."""
    return {
        "event_id": item["SK"].removeprefix(PREFIX),
        "event_type": item["event_type"],
        "at": item["at"],
        "by": {"id": None, **item["by"]},
        "status_before": item.get("status_before"),
        "status": item["status"],
        "attempt": item["attempt"],
        "version": item["version"],
        "user_id": item.get("user_id"),
        "team_id": item.get("team_id"),
        "role": item.get("role"),
        "verification_id": item.get("verification_id"),
        "evidence_id": item.get("evidence_id"),
        "escalation_id": item.get("escalation_id"),
        "comment_id": item.get("comment_id"),
        "reason": item.get("reason"),
    }


def _entry(event: Put, milestone: ProjectMilestone) -> Item:
    told = event.item
    return {
        "PK": told["PK"],
        "SK": f"{PREFIX}{told['event_id']}",
        "entity": "HistoryEntry",
        "event_type": told["event_type"],
        "at": told["occurred_at"],
        "by": told["actor"],
        "status": milestone.status,
        "attempt": milestone.attempt,
        "version": milestone.version,
    }


def _identified(milestone: ProjectMilestone) -> dict[str, Any]:
    parent = {} if milestone.parent_id is None else {"parent_id": milestone.parent_id}
    return parent | {
        "project_milestone_id": milestone.project_milestone_id,
        "milestone_version": milestone.version,
        "project_id": milestone.project_id,
        "status": milestone.status,
        "attempt": milestone.attempt,
    }
