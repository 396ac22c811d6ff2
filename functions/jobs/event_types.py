"""The events of jobs: what long work was asked for, and how it has ended."""

from collections.abc import Mapping
from functools import partial
from typing import Final

from pydantic import Field

from shared.messaging.event_data import EventData, EventType, SubjectState


class JobChanged(EventData):
    """Which job it is."""

    job_id: str
    kind: str = Field(description="What is done, such as `goals.export`.")
    user_id: str = Field(description="Who has asked for it.")


class JobState(SubjectState):
    """The job after the event."""

    status: str = Field(description="`queued`, `running`, `completed`, `failed`, or `cancelled`.")
    done: int
    refused: int
    total: int | None = None


_of_job = partial(EventType, state=JobState)

EVENT_TYPES: Final[Mapping[str, EventType]] = {
    "jobs.job.requested": _of_job(JobChanged, "Long work was asked for; it begins in the background.", is_audited=True),
    "jobs.job.completed": _of_job(JobChanged, "All parts of a job are done; single things may have been refused."),
    "jobs.job.failed": _of_job(JobChanged, "A job could not be done to its end."),
    "jobs.job.cancelled": _of_job(JobChanged, "A job has ended because somebody cancelled it."),
}
