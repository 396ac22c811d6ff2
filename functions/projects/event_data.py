"""The data of events of projects that are no milestone's: who decides for whom, and what waits for users."""

from pydantic import Field

from shared.messaging.event_data import EventData


class DelegationChanged(EventData):
    """Which delegation it is."""

    delegation_id: str
    principal_id: str
    delegate_id: str
    scope: str = Field(description="`milestone`, `project` or `tenant`.")
    starts_at: str
    ends_at: str
    project_id: str | None = None
    project_milestone_id: str | None = None


class WorklistChanged(EventData):
    """Which piece of work it is, and for whom it waits now, or waits no more."""

    work_id: str
    kind: str = Field(description="`approval`, `task`, `probe`, `escalation`.")
    due_at: str | None
    user_ids: list[str] = Field(description="90 at most: more users are another event.")
