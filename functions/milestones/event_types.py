"""The events of tracked milestones. Their order is told by `milestone_version`, which every change raises.

Numbers are decimals in text, so that nobody who passes them on changes them.
"""

from collections.abc import Mapping
from functools import partial
from typing import Final

from pydantic import Field

from shared.messaging.event_data import EventData, EventType, SubjectState


class TrackedMilestoneChanged(EventData):
    """Which milestone it is, and how it is after the change."""

    milestone_uid: str
    milestone_version: int = Field(ge=1, description="The version of the milestone after the change.")
    project_id: str
    kpi_id: str
    status: str
    target: str = Field(description="A decimal.")
    current_value: str = Field(description="A decimal.")


class TrackedMilestoneSyncFailed(TrackedMilestoneChanged):
    """How often it was tried, and what went wrong the last time."""

    attempts: int
    last_error: str


class TrackedMilestoneState(SubjectState):
    """The milestone after the event; the same as a later event of the same version has."""

    status: str = Field(description="`pending`, `in_progress`, `completed`, `missed`, or `deleted`.")
    project_id: str
    target: str = Field(description="A decimal.")
    current_value: str = Field(description="A decimal.")
    weight: int
    timeframe_from: str | None = Field(default=None, description="A day, as the next.")
    timeframe_to: str | None = None
    completed_at: str | None = Field(default=None, description="RFC 3339.")


_published = partial(EventType, state=TrackedMilestoneState, is_published=True)

EVENT_TYPES: Final[Mapping[str, EventType]] = {
    "milestones.milestone.created": _published(TrackedMilestoneChanged, "A tracked milestone was created."),
    "milestones.milestone.updated": _published(
        TrackedMilestoneChanged, "Target, value, status or dependencies of a tracked milestone were changed."
    ),
    "milestones.milestone.completed": _published(
        TrackedMilestoneChanged, "A tracked milestone was completed.", is_audited=True
    ),
    "milestones.milestone.missed": _published(
        TrackedMilestoneChanged, "The time of a tracked milestone was over before it was completed."
    ),
    "milestones.milestone.deleted": _published(
        TrackedMilestoneChanged, "A tracked milestone is gone.", is_audited=True
    ),
    "milestones.milestone.stated": EventType(
        TrackedMilestoneChanged,
        "Nothing happened: an operator had said how a tracked milestone is.",
        state=TrackedMilestoneState,
    ),
    "milestones.milestone.sync_requested": EventType(
        TrackedMilestoneChanged, "The evaluator does not know a tracked milestone as it is; the queue is to tell it."
    ),
    "milestones.milestone.sync_failed": _published(
        TrackedMilestoneSyncFailed, "The evaluator could not be reached eight times, or refused the call."
    ),
}
