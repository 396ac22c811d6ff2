"""The events of jobs: what long work was asked for, and how it has ended."""

from collections.abc import Mapping
from typing import Final

from pydantic import Field

from shared.messaging.event_data import EventData, EventType


class JobChanged(EventData):
    """Which job it is."""

    job_id: str
    kind: str = Field(description="What is done, such as `goals.export`.")
    user_id: str = Field(description="Who has asked for it.")


EVENT_TYPES: Final[Mapping[str, EventType]] = {
    "jobs.job.requested": EventType(JobChanged, "Long work was asked for; it begins in the background."),
    "jobs.job.completed": EventType(JobChanged, "All parts of a job are done; single things may have been refused."),
    "jobs.job.failed": EventType(JobChanged, "A job could not be done to its end."),
    "jobs.job.cancelled": EventType(JobChanged, "A job has ended because somebody cancelled it."),
}
