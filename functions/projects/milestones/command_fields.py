"""What people let happen to a milestone, over GraphQL, on the functions that REST calls too."""

from functions.projects.graphql import View, claim, graphql, if_match
from functions.projects.graphql import milestone as shown
from functions.projects.milestones import commands
from functions.projects.milestones.transition import Event
from functions.projects.resolver import DECIDE, WRITE


@graphql.field("Mutation", "activateProjectMilestone", scope=WRITE)
def activate_project_milestone(project_milestone_id: str, expected_version: int | None = None) -> View:
    """Let a draft be started."""
    return _moved(project_milestone_id, "activate", expected_version)


@graphql.field("Mutation", "startProjectMilestone", scope=WRITE)
def start_project_milestone(project_milestone_id: str, expected_version: int | None = None) -> View:
    """Begin to work on a milestone."""
    return _moved(project_milestone_id, "start", expected_version)


@graphql.field("Mutation", "completeProjectMilestone", scope=WRITE)
def complete_project_milestone(project_milestone_id: str, expected_version: int | None = None) -> View:
    """Complete a milestone whose criteria are met."""
    return _moved(project_milestone_id, "complete", expected_version)


@graphql.field("Mutation", "recallProjectMilestone", scope=WRITE)
def recall_project_milestone(project_milestone_id: str, expected_version: int | None = None) -> View:
    """Take a completed milestone back from its layers."""
    return _moved(project_milestone_id, "recall", expected_version)


@graphql.field("Mutation", "acceptProjectMilestone", scope=DECIDE)
def accept_project_milestone(project_milestone_id: str, expected_version: int | None = None) -> View:
    """Approve a verified milestone."""
    return _moved(project_milestone_id, "accept", expected_version)


@graphql.field("Mutation", "refuseProjectMilestone", scope=DECIDE)
def refuse_project_milestone(project_milestone_id: str, reason: str, expected_version: int | None = None) -> View:
    """Reject a verified milestone."""
    return _moved(project_milestone_id, "reject", expected_version, _reason(reason))


@graphql.field("Mutation", "reworkProjectMilestone", scope=WRITE)
def rework_project_milestone(project_milestone_id: str, expected_version: int | None = None) -> View:
    """Begin the next attempt at a rejected milestone."""
    return _moved(project_milestone_id, "rework", expected_version)


@graphql.field("Mutation", "cancelProjectMilestone", scope=WRITE)
def cancel_project_milestone(project_milestone_id: str, reason: str, expected_version: int | None = None) -> View:
    """Cancel a milestone."""
    return _moved(project_milestone_id, "cancel", expected_version, _reason(reason))


@graphql.field("Mutation", "setProjectMilestoneProgress", scope=WRITE)
def set_project_milestone_progress(
    project_milestone_id: str, progress: int, expected_version: int | None = None
) -> View:
    """Say how far a milestone is."""
    from functions.projects.milestones import shapes  # noqa: PLC0415 - no read waits for pydantic on a cold start

    percent = shapes.ProgressSent.model_validate({"progress": progress}).progress
    match = if_match(expected_version)
    return shown(commands.set_progress(graphql.caller, project_milestone_id, percent, if_match=match))


@graphql.field("Mutation", "setProjectMilestoneCriterion", scope=WRITE)
def set_project_milestone_criterion(
    project_milestone_id: str,
    criterion_key: str,
    is_met: bool,  # noqa: FBT001 - an argument of the schema
    expected_version: int | None = None,
) -> View:
    """Say whether a criterion of a milestone is met."""
    match = if_match(expected_version)
    checked = commands.check(graphql.caller, project_milestone_id, criterion_key, is_met=is_met, if_match=match)
    return shown(checked)


def _reason(text: str) -> str:
    """Return why something is refused or cancelled, as REST takes it. Raises ValidationError."""
    from functions.projects.milestones import shapes  # noqa: PLC0415 - as above

    return str(shapes.ReasonSent.model_validate({"reason": text}).reason)


def _moved(milestone_id: str, event: Event, expected_version: int | None, reason: str | None = None) -> View:
    match = if_match(expected_version)
    moved = commands.advance(graphql.caller, milestone_id, event, if_match=match, reason=reason, claim=claim())
    return shown(moved)
