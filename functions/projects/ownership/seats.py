"""The seat of an owner at a milestone: the writes that give it up, and those that tell of it."""

from functions.projects.milestones import happenings, milestones, writing
from functions.projects.milestones.milestones import ProjectMilestone
from functions.projects.people import owners, workloads
from functions.projects.people.owners import Owner, Primary
from shared import clock
from shared.clock import Instant
from shared.storage.events import Concern
from shared.storage.writes import Check, Delete, Write, unchanged


def given_up(what: str, milestone: ProjectMilestone, owner: Owner) -> list[Write]:
    """Return the writes after which somebody is no owner any more; `what` is how the event calls it."""
    place = milestones.partition(milestone.tenant_id, milestone.project_milestone_id)
    writes: list[Write] = [
        Delete(owners.key(place, owner.user_id), unchanged(owner.version)),
        *_unowned(milestone, owner),
        *workloads.given_back(milestone.tenant_id, [owner]),
        *told(what, milestone, owner, clock.now()),
    ]
    if owner.role == "primary":
        writes.append(owners.released(place, Primary(owner.user_id, owner.status == "active")))
    return writes


def _unowned(milestone: ProjectMilestone, owner: Owner) -> list[Write]:
    """Return the writes by which lists and the gate show a milestone without this owner.

    For one whom neither shows, return the check that the milestone is as it was read.
    """
    if owner.role == "primary":
        return writing.owned(milestone, None)
    return writing.unseconded(milestone, owner.user_id) if owner.role == "secondary" else [still_open(milestone)]


def still_open(milestone: ProjectMilestone) -> Check:
    """Return the check that the milestone is as it was read."""
    return Check(milestones.key(milestone.tenant_id, milestone.project_milestone_id), unchanged(milestone.version))


def told(what: str, milestone: ProjectMilestone, owner: Owner, at: Instant) -> list[Write]:
    """Return the writes of the event `projects.owner.<what>`, which concerns the owner unless that is a team."""
    named = "team_id" if owner.is_team else "user_id"
    more = {named: owner.user_id, "role": owner.role}
    concerns = [] if owner.is_team else [Concern(owner.user_id, "assigned")]
    return happenings.happened(what, milestone, at, noun="owner", more=more, concerns=concerns)
