"""The events of tracked milestones. Their order is told by `milestone_version`, which every change raises.

Numbers are decimals in text, so that nobody who passes them on changes them.
"""

from collections.abc import Mapping
from typing import Final

from pydantic import Field

from shared.messaging.event_data import EventData, EventType


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


EVENT_TYPES: Final[Mapping[str, EventType]] = {
    "milestones.milestone.created": EventType(TrackedMilestoneChanged, "A tracked milestone was created."),
    "milestones.milestone.updated": EventType(
        TrackedMilestoneChanged, "Target, value, status or dependencies of a tracked milestone were changed."
    ),
    "milestones.milestone.completed": EventType(TrackedMilestoneChanged, "A tracked milestone was completed."),
    "milestones.milestone.missed": EventType(
        TrackedMilestoneChanged, "The time of a tracked milestone was over before it was completed."
    ),
    "milestones.milestone.deleted": EventType(TrackedMilestoneChanged, "A tracked milestone is gone."),
    "milestones.milestone.sync_requested": EventType(
        TrackedMilestoneChanged, "The evaluator does not know a tracked milestone as it is; the queue is to tell it."
    ),
    "milestones.milestone.sync_failed": EventType(
        TrackedMilestoneSyncFailed, "The evaluator could not be reached eight times, or refused the call."
    ),
}
