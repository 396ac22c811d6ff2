"""The data of events of milestones and their probes, of who decides for whom, and of what waits for users."""

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


class ProjectMilestoneChanged(EventData):
    """Which milestone it is, and how it is after the change."""

    project_milestone_id: str
    milestone_version: int = Field(description="As `version` of its state.")
    project_id: str
    status: str
    attempt: int
    parent_id: str | None = Field(None, description="The milestone that it is part of.")
    former_parent_id: str | None = Field(None, description="The one that it was part of before, if that was another.")


class ProbeChanged(ProjectMilestoneChanged):
    """Which probe of the milestone it is."""

    probe_id: str
    misses: int = Field(description="How often in a row it was not answered.")
    run_id: str | None = Field(None, description="Which run has begun to call an address, where it does.")
    failure: str | None = Field(None, description="Why a call has failed, such as `timed_out`.")
    state: str | None = Field(None, description="Of an answer: `on_track`, `at_risk`, `blocked`, `done`.")


class ProjectTeamChanged(EventData):
    """Which team of which project it is."""

    project_id: str
    team_id: str
    people: int = Field(description="How many are in it.")


class PlanTemplateChanged(EventData):
    """Which plan template it is, and how it is after the change, or was at the end."""

    plan_template_id: str
    template_version: int
    milestones: int = Field(description="How many it has.")


class PlanInstantiated(EventData):
    """Which plan it is, in which project, and of which template it was made."""

    project_id: str
    plan_id: str
    plan_template_id: str = Field(description="The name of one that is shipped.")
    milestones: int = Field(description="How many it has.")
