"""The events of projects: what becomes of them, of their members, of their milestones and of whom these belong to.

None has an amount, a note, or another text that people wrote.
"""

from collections.abc import Mapping
from functools import partial
from typing import Final

from pydantic import Field

from functions.projects import evidence_events, plan_events
from functions.projects.event_data import (
    DelegationChanged,
    ProbeChanged,
    ProjectMilestoneChanged,
    ProjectTeamChanged,
    WorklistChanged,
)
from shared.messaging.event_data import EventData, EventType, SubjectState


class ProjectChanged(EventData):
    """Which project it is, and how it is after the change."""

    project_id: str
    project_version: int = Field(description="As `version` of its state.")
    status: str


class ProjectState(SubjectState):
    """The project after the event."""

    status: str = Field(description="`active`, `completed`, `archived`, or `deleted`.")
    currency: str
    time_zone: str


class ProjectMemberChanged(EventData):
    """Which member of which project it is, and in which roles."""

    project_id: str
    user_id: str
    roles: list[str]


class ProjectMilestoneState(SubjectState):
    """The milestone after the event."""

    status: str = Field(description="A status of docs/projects.md, or `deleted`.")
    project_id: str
    kind: str
    priority: str
    progress: int = Field(description="In percent.")
    weight: int
    attempt: int
    start_on: str | None = Field(description="A day, as the next.")
    due_on: str | None


class OwnerChanged(ProjectMilestoneChanged):
    """Which owner of the milestone it is, a user or a team, and as what."""

    user_id: str | None = None
    team_id: str | None = None
    role: str


class DependencyChanged(ProjectMilestoneChanged):
    """Which milestone depends on which, and how."""

    from_id: str = Field(description="What the milestone depends on.")
    dependency_type: str


class GoalBound(ProjectMilestoneChanged):
    """Which goal the progress of the milestone follows from now on."""

    goal_id: str
    owner_id: str = Field(description="The user whose goal it is.")
    threshold: int = Field(description="The percentage at which it counts as reached.")


class KpiBound(ProjectMilestoneChanged):
    """Which tracked milestone the progress of the milestone follows from now on."""

    milestone_uid: str


class LayerChanged(ProjectMilestoneChanged):
    """Which layer of the milestone it is, and how it is after the change; `user_id` is whose seat it is."""

    verification_id: str
    level: int
    layer_status: str = Field(description="`waiting`, `open`, `approved`, `rejected`, `skipped`, `withdrawn`.")
    user_id: str | None = None
    link_id: str | None = Field(default=None, description="Of a link for somebody from outside; not the link itself.")
    due_at: str | None = Field(default=None, description="With a reminder: until when the layer is to be decided.")


class VerificationChanged(LayerChanged):
    """What somebody decided in the layer; `user_id` is whose seat it is."""

    decision: str = Field(description="`approve` or `reject`.")
    delegation_id: str | None = Field(default=None, description="By which the actor decided in the place of another.")


class CommentChanged(ProjectMilestoneChanged):
    """Which comment it is, and on which layer or evidence of the milestone."""

    comment_id: str
    verification_id: str | None = None
    evidence_id: str | None = None


class EscalationChanged(ProjectMilestoneChanged):
    """Which escalation of the milestone it is, and how it is after the change."""

    escalation_id: str
    escalation_status: str = Field(description="`pending`, `in_progress`, `resolved`, `closed`, `rejected`.")
    kind: str
    severity: str
    level: int = Field(description="How far up it has gone, from 1.")
    trigger: str | None = Field(None, description="What has raised it, if nobody has, as docs/escalations.md says.")
    blocks_work: bool = Field(description="Whether it stops the milestone while it is open.")


_of_a_project = partial(EventType, ProjectChanged, state=ProjectState)
_of_a_milestone = partial(EventType, ProjectMilestoneChanged, state=ProjectMilestoneState)
_of_an_escalation = partial(EventType, EscalationChanged, is_published=True)

EVENT_TYPES: Final[Mapping[str, EventType]] = {
    "projects.project.created": _of_a_project("A project was created.", is_published=True),
    "projects.project.updated": _of_a_project("Fields of a project were changed.", is_published=True),
    "projects.project.completed": _of_a_project("A project was completed.", is_published=True, is_audited=True),
    "projects.project.reopened": _of_a_project("A completed project is active again.", is_published=True),
    "projects.project.archived": _of_a_project("A completed project was archived.", is_published=True),
    "projects.project.deleted": _of_a_project("A project is gone.", is_published=True, is_audited=True),
    "projects.project.stated": _of_a_project("Nothing happened: an operator had said how a project is."),
    "projects.member.added": EventType(ProjectMemberChanged, "Somebody is a member of a project.", is_audited=True),
    "projects.member.changed": EventType(
        ProjectMemberChanged, "Roles or skills of a member of a project were changed.", is_audited=True
    ),
    "projects.member.removed": EventType(
        ProjectMemberChanged, "Somebody is a member of a project no more.", is_audited=True
    ),
    **evidence_events.EVENT_TYPES,
    **plan_events.EVENT_TYPES,
    "projects.team.created": EventType(ProjectTeamChanged, "A project has a team more.", is_audited=True),
    "projects.team.changed": EventType(ProjectTeamChanged, "A team of a project was changed.", is_audited=True),
    "projects.team.removed": EventType(ProjectTeamChanged, "A team of a project is gone.", is_audited=True),
    "projects.milestone.created": _of_a_milestone("A milestone of a project was created.", is_published=True),
    "projects.milestone.updated": _of_a_milestone("Fields of a milestone were changed.", is_published=True),
    "projects.milestone.activated": _of_a_milestone(
        "A milestone may be started, once nothing that it depends on is open.", is_published=True
    ),
    "projects.milestone.unblocked": _of_a_milestone(
        "Nothing that a milestone depends on is open any more.", is_published=True
    ),
    "projects.milestone.blocked": _of_a_milestone("Something that a milestone depends on is open.", is_published=True),
    "projects.milestone.started": _of_a_milestone("Work on a milestone has begun.", is_published=True),
    "projects.milestone.progressed": _of_a_milestone(
        "The progress or a criterion of a milestone was set.", is_published=True
    ),
    "projects.milestone.completed": _of_a_milestone("A milestone was completed.", is_published=True, is_audited=True),
    "projects.milestone.verified": _of_a_milestone("A completed milestone was verified.", is_published=True),
    "projects.milestone.approved": _of_a_milestone("A milestone was accepted.", is_published=True, is_audited=True),
    "projects.milestone.recalled": _of_a_milestone("A completed milestone was taken back.", is_published=True),
    "projects.milestone.rejected": _of_a_milestone("A milestone was refused.", is_published=True, is_audited=True),
    "projects.milestone.reopened": _of_a_milestone(
        "Layers decide on a milestone again: evidence that they saw has expired.", is_published=True
    ),
    "projects.milestone.reworked": _of_a_milestone("The next attempt at a milestone has begun.", is_published=True),
    "projects.milestone.goal_bound": EventType(
        GoalBound, "A milestone follows a goal, and asks how that is.", state=ProjectMilestoneState
    ),
    "projects.milestone.kpi_bound": EventType(
        KpiBound, "A milestone follows a tracked milestone, and asks how that is.", state=ProjectMilestoneState
    ),
    "projects.milestone.source_reached": _of_a_milestone("What a milestone follows is reached.", is_published=True),
    "projects.milestone.source_lost": _of_a_milestone(
        "What a milestone follows is not reached any more; it is taken back if it was completed, and not yet approved.",
        is_published=True,
        is_audited=True,
    ),
    "projects.milestone.escalated": _of_a_milestone(
        "An escalation that blocks work has stopped a milestone.", is_published=True, is_audited=True
    ),
    "projects.milestone.cleared": _of_a_milestone(
        "Nothing blocks the work on a milestone any more.", is_published=True
    ),
    "projects.milestone.cancelled": _of_a_milestone("A milestone was cancelled.", is_published=True, is_audited=True),
    "projects.milestone.deleted": _of_a_milestone("A milestone is gone.", is_published=True, is_audited=True),
    "projects.milestone.stated": _of_a_milestone("Nothing happened: an operator had said how a milestone is."),
    "projects.dependency.added": EventType(DependencyChanged, "A milestone depends on another.", is_published=True),
    "projects.dependency.removed": EventType(
        DependencyChanged, "A milestone does not depend on another any more.", is_published=True
    ),
    "projects.baseline.frozen": EventType(ProjectChanged, "The plan of a project was frozen as its baseline."),
    "projects.layer.opened": EventType(LayerChanged, "A layer has opened and asks its people.", is_published=True),
    "projects.layer.asked": EventType(LayerChanged, "A layer asks more people than one event names."),
    "projects.layer.skipped": EventType(
        LayerChanged, "A layer does not apply to what is under review.", is_published=True, is_audited=True
    ),
    "projects.layer.reopened": EventType(
        LayerChanged, "A layer that was approved on evidence which has expired.", is_published=True, is_audited=True
    ),
    "projects.layer.stalled": EventType(LayerChanged, "The people of a layer cannot approve it.", is_published=True),
    "projects.layer.struck": EventType(
        LayerChanged, "Somebody with a seat of a layer may not decide there any more.", is_audited=True
    ),
    "projects.layer.linked": EventType(
        LayerChanged, "A link was made by which somebody from outside decides.", is_audited=True
    ),
    "projects.layer.link_bounced": EventType(
        LayerChanged, "The mail with the link of somebody from outside did not arrive.", is_audited=True
    ),
    "projects.layer.link_complained": EventType(
        LayerChanged, "Somebody from outside has marked the mail with their link as spam.", is_audited=True
    ),
    "projects.layer.reassigned": EventType(LayerChanged, "Somebody has a seat of a layer now.", is_audited=True),
    "projects.layer.asked_again": EventType(
        LayerChanged, "Approvals of a layer do not count any more: other evidence is under review.", is_published=True
    ),
    "projects.layer.reminded": EventType(
        LayerChanged, "Half of the time of a layer, or four fifths of it, is over.", is_published=True
    ),
    "projects.layer.approved": EventType(LayerChanged, "A layer was approved.", is_published=True, is_audited=True),
    "projects.layer.rejected": EventType(LayerChanged, "A layer was rejected.", is_published=True, is_audited=True),
    "projects.verification.decided": EventType(
        VerificationChanged, "Somebody decided in a layer.", is_published=True, is_audited=True
    ),
    "projects.verification.withdrawn": EventType(
        VerificationChanged, "Somebody took a decision back.", is_published=True, is_audited=True
    ),
    "projects.comment.added": EventType(CommentChanged, "Somebody has commented on a layer or on evidence."),
    "projects.comment.edited": EventType(CommentChanged, "A comment has another text."),
    "projects.comment.deleted": EventType(CommentChanged, "A comment is gone.", is_audited=True),
    "projects.worklist.changed": EventType(WorklistChanged, "Something waits for users, or waits for them no more."),
    "projects.delegation.created": EventType(
        DelegationChanged, "Somebody lets another decide in their place.", is_audited=True
    ),
    "projects.delegation.revoked": EventType(DelegationChanged, "A delegation has ended early.", is_audited=True),
    "projects.escalation.raised": _of_an_escalation("An escalation of a milestone was raised.", is_audited=True),
    "projects.escalation.acknowledged": _of_an_escalation("Somebody sees to an escalation."),
    "projects.escalation.escalated": _of_an_escalation("An escalation has gone to the next level.", is_audited=True),
    "projects.escalation.reminded": EventType(
        EscalationChanged, "The people of a level of an escalation were told again, as nobody has acknowledged it."
    ),
    "projects.escalation.resolved": _of_an_escalation("An escalation was resolved.", is_audited=True),
    "projects.escalation.closed": _of_an_escalation("An escalation was closed, or its milestone cancelled."),
    "projects.escalation.rejected": _of_an_escalation("An escalation was rejected.", is_audited=True),
    "projects.escalation.action_added": EventType(EscalationChanged, "Something is to be done about an escalation."),
    "projects.escalation.action_completed": EventType(EscalationChanged, "Something was done about an escalation."),
    "projects.probe.created": EventType(ProbeChanged, "A probe of a milestone was created."),
    "projects.probe.updated": EventType(ProbeChanged, "Fields of a probe were changed."),
    "projects.probe.paused": EventType(ProbeChanged, "A probe asks no more until it is resumed."),
    "projects.probe.resumed": EventType(ProbeChanged, "A paused probe asks again."),
    "projects.probe.deleted": EventType(ProbeChanged, "A probe is gone."),
    "projects.probe.asked": EventType(ProbeChanged, "A probe has asked the owner of a milestone.", is_published=True),
    "projects.probe.reminded": EventType(ProbeChanged, "A probe has waited for an answer for a day."),
    "projects.probe.mail_bounced": EventType(ProbeChanged, "The mail with the question of a probe did not arrive."),
    "projects.probe.mail_complained": EventType(
        ProbeChanged, "Whoever a probe has asked has marked the mail with the question as spam."
    ),
    "projects.probe.answered": EventType(ProbeChanged, "A probe was answered.", is_published=True),
    "projects.probe.missed": EventType(
        ProbeChanged, "A probe was not answered before it was to ask again.", is_published=True
    ),
    "projects.probe.ended": EventType(ProbeChanged, "Nobody is asked about an approved or cancelled milestone."),
    "projects.owner.assigned": EventType(OwnerChanged, "A milestone was assigned to somebody."),
    "projects.owner.accepted": EventType(OwnerChanged, "Somebody has accepted a milestone."),
    "projects.owner.declined": EventType(OwnerChanged, "Somebody has declined a milestone."),
    "projects.owner.transferred": EventType(OwnerChanged, "A milestone has another primary owner.", is_audited=True),
    "projects.owner.removed": EventType(OwnerChanged, "Somebody is an owner of a milestone no more."),
}
