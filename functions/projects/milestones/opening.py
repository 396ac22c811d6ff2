"""How a milestone is opened for a caller: itself, what lies beside it, and who the caller is there."""

from collections.abc import Sequence
from typing import NamedTuple

from functions.projects import open_escalations, requirements
from functions.projects.milestones import gates, milestones
from functions.projects.milestones.milestones import ProjectMilestone, ProjectMilestoneNotFound
from functions.projects.open_escalations import OpenEscalations
from functions.projects.people import access, owners
from functions.projects.people.access import RoleRequired, Standing
from functions.projects.people.owners import Primary
from functions.projects.requirements import Counts
from shared.callers import project_members
from shared.callers.caller import Caller
from shared.storage import table
from shared.storage.attributes import Item, Key


class Opened(NamedTuple):
    """A milestone that the caller may see, who they are in its project, its billing, its primary owner, its evidence.

    `others` is what else was read in the same call.
    """

    milestone: ProjectMilestone
    standing: Standing
    billing: Item | None
    primary: Primary | None
    primary_is_member: bool
    counts: Counts = Counts()
    escalations: OpenEscalations = OpenEscalations()
    others: Sequence[Item | None] = ()

    @property
    def is_primary(self) -> bool:
        """Whether the caller is the primary owner."""
        return self.primary is not None and self.primary.user_id == self.standing.user_id

    def blocked_by(self, milestone: ProjectMilestone) -> list[str]:
        """Return what keeps the milestone, as a command makes it, from being complete: criteria and evidence."""
        return [*milestone.open_criteria, *requirements.missing(milestone.evidence_requirements, self.counts)]

    def require_worker(self) -> None:
        """Require that the caller works on the milestone: as a manager, or as its active primary owner.

        Raises RoleRequired.
        """
        is_owner = self.is_primary and self.primary is not None and self.primary.is_active
        if not is_owner and not self.standing.is_any("manager"):
            raise RoleRequired("manager", "primary owner")


def milestone(caller: Caller, milestone_id: str, *, also: Sequence[Key] = (), consistent: bool = True) -> Opened:
    """Return a milestone that the caller may see, and the items of other keys; two calls.

    Raises ProjectMilestoneNotFound.
    """
    tenant_id = caller.tenant_id
    place = milestones.partition(tenant_id, milestone_id)
    keys = [milestones.key(tenant_id, milestone_id), gates.billing_key(tenant_id, milestone_id)]
    keys += [owners.lock_key(place), requirements.key(place), open_escalations.key(place), *also]
    item, billing, lock, counts, escalated, *others = table.get_many(keys, consistent=consistent)
    if item is None:
        raise ProjectMilestoneNotFound
    found = milestones.from_item(item)
    primary = owners.primary_of(lock)
    people = [caller.user_id, *([primary.user_id] if primary is not None else [])]
    asked = [project_members.key(tenant_id, found.project_id, each) for each in people]
    own, *of_primary = table.get_many(asked, consistent=consistent)
    standing = access.of_member(caller, own)
    if standing is None:
        raise ProjectMilestoneNotFound
    is_member = of_primary not in ([], [None])
    evidence, escalations = requirements.of(counts), open_escalations.of(escalated)
    return Opened(found, standing, billing, primary, is_member, evidence, escalations, others)
