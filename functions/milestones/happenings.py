"""What happened to a tracked milestone: the writes of its events, and the state of it that they announce."""

from typing import Any

from functions.milestones.milestones import Milestone
from shared import clock
from shared.clock import Instant
from shared.storage import events
from shared.storage.events import Event
from shared.storage.writes import Put


def happened(what: str, milestone: Milestone, at: Instant, **more: Any) -> Put:
    """Return the write of the event `milestones.milestone.<what>` of a milestone as it is stored after it."""
    return _occurred(what, milestone, at, state=stated(milestone), data={**_identified(milestone), **more})


def restated(milestone: Milestone) -> Event:
    """Return the event that says how a milestone is stored now."""
    return events.stated(
        "milestones.milestone",
        subject_id=milestone.milestone_uid,
        tenant_id=milestone.tenant_id,
        data=_identified(milestone),
        state=stated(milestone),
    )


def requested(milestone: Milestone, at: Instant) -> Put:
    """Return the write of the event that lets the queue tell the evaluator; it is no fact, and has no state."""
    return _occurred("sync_requested", milestone, at, state=None, data=_identified(milestone))


def stated(milestone: Milestone) -> dict[str, Any]:
    """Return the state of a milestone as its events announce it: made of what is stored alone."""
    optional = {
        "timeframe_from": milestone.timeframe_from,
        "timeframe_to": milestone.timeframe_to,
        "completed_at": None if milestone.completed_at is None else clock.to_rfc3339(milestone.completed_at),
    }
    return {
        "version": milestone.version,
        "status": milestone.status if milestone.deleted_at is None else "deleted",
        "project_id": milestone.project_id,
        "target": str(milestone.target),
        "current_value": str(milestone.current_value),
        "weight": milestone.weight,
        "created_at": clock.to_rfc3339(milestone.created_at),
        **{name: value for name, value in optional.items() if value is not None},
    }


def _occurred(
    what: str, milestone: Milestone, at: Instant, *, state: dict[str, Any] | None, data: dict[str, Any]
) -> Put:
    return events.occurred(
        f"milestones.milestone.{what}",
        partition=milestone.partition,
        subject_id=milestone.milestone_uid,
        tenant_id=milestone.tenant_id,
        at=at,
        data=data,
        state=state,
    )


def _identified(milestone: Milestone) -> dict[str, Any]:
    """Return the data that every event of a milestone has."""
    return {
        "milestone_uid": milestone.milestone_uid,
        "milestone_version": milestone.version,
        "project_id": milestone.project_id,
        "kpi_id": milestone.kpi_id,
        "status": milestone.status,
        "target": str(milestone.target),
        "current_value": str(milestone.current_value),
    }
