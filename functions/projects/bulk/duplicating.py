"""A draft made from a milestone: what was planned, without money, decisions, evidence, or what was done."""

from typing import Any, Final

from functions.projects.milestones import lifecycle, opening
from functions.projects.milestones.milestones import ProjectMilestone
from functions.projects.sources import sources
from shared.callers.caller import Caller
from shared.storage.idempotency import Answer, Claim

_PLANNED: Final = (
    "title",
    "kind",
    "description",
    "priority",
    "start_on",
    "due_on",
    "parent_id",
    "estimated_hours",
    "weight",
    "progress_source",
    "allow_decrease",
    "rework_progress",
    "evidence_requirements",
    "acceptance",
    "verification_policy",
    "tags",
    "metadata",
    "custom_fields",
    "notes",
    "internal_notes",
)


def duplicate(caller: Caller, milestone_id: str, *, claim: Claim | None = None) -> Answer:
    """Create a draft from a milestone in the same project, and return it; for managers and creators.

    Raises ProjectMilestoneNotFound, RoleRequired, ProjectStatusNotPossible, TooManyMilestones, ParentNotPossible.
    """
    opened = opening.milestone(caller, milestone_id)
    opened.standing.require("manager", "creator")
    return lifecycle.create(caller, opened.milestone.project_id, _planned(opened.milestone), claim=claim)


def _planned(milestone: ProjectMilestone) -> dict[str, Any]:
    criteria = [{**each, "is_met": False} for each in milestone.completion_criteria]
    # Whoever copies a plan may not be allowed to follow what its milestone is bound to.
    free = {"progress_source": "manual"} if milestone.progress_source in sources.BOUND else {}
    return {name: getattr(milestone, name) for name in _PLANNED} | {"completion_criteria": criteria} | free
