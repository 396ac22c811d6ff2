"""Whom a milestone may be assigned to: the members of its project, those who suit it best first."""

from collections.abc import Sequence
from typing import Any

from functions.projects.milestones import milestones, opening
from functions.projects.ownership import suitability
from functions.projects.people import members, owners, workloads
from functions.projects.people.members import ProjectMember
from functions.projects.people.workloads import FULL, Workload
from shared.callers import project_members
from shared.callers.caller import Caller
from shared.storage import table

View = dict[str, Any]

_FROM_OUTSIDE = {"client"}


def recommend(caller: Caller, milestone_id: str, skills: Sequence[str], *, limit: int) -> list[View]:
    """Return the members of a project who suit a milestone best, for managers; among equals by their ids.

    `skills` are wanted, or the tags of the milestone. Owners and clients are left out. It takes four calls, two queries
    and, of 200 members, two calls for their workloads. Raises ProjectMilestoneNotFound, RoleRequired.
    """
    opened = opening.milestone(caller, milestone_id, consistent=False)
    opened.standing.require("manager")
    milestone = opened.milestone
    place = milestones.partition(caller.tenant_id, milestone_id)
    owning = {item["user_id"] for item in table.query(place, owners.PREFIX, limit=owners.MOST).items}
    joined = table.query(
        project_members.partition(caller.tenant_id, milestone.project_id), project_members.PREFIX, limit=members.MOST
    )
    found = [members.from_item(item) for item in joined.items]
    able = [each for each in found if each.user_id not in owning and not {*each.roles} <= _FROM_OUTSIDE]
    busy = workloads.of_people(caller.tenant_id, [each.user_id for each in able])
    views = [_view(each, skills or milestone.tags, busy[each.user_id]) for each in able]
    return sorted(views, key=lambda each: (-each["score"], each["user_id"]))[:limit]


def wanted(text: str | None) -> list[str]:
    """Return the skills that a text names, with commas between."""
    return [each for each in map(str.strip, (text or "").split(",")) if each]


def _view(member: ProjectMember, wanted: Sequence[str], workload: Workload) -> View:
    suits = suitability.of(member.skills, wanted, workload.percent, workload.due, workload.on_time)
    return {
        "user_id": member.user_id,
        **suits._asdict(),
        "workload_percent": workload.percent,
        "is_overloaded": workload.percent > FULL,
    }
