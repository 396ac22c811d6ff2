"""How a milestone is opened for a caller: itself, its billing and its primary owner, and who the caller is there."""

from typing import NamedTuple

from functions.projects.milestones import gates, milestones
from functions.projects.milestones.milestones import ProjectMilestone, ProjectMilestoneNotFound
from functions.projects.people import access, owners
from functions.projects.people.access import RoleRequired, Standing
from functions.projects.people.owners import Primary
from shared.callers import project_members
from shared.callers.caller import Caller
from shared.storage import table
from shared.storage.attributes import Item


class Opened(NamedTuple):
    """A milestone that the caller may see, who they are in its project, its billing and its primary owner."""

    milestone: ProjectMilestone
    standing: Standing
    billing: Item | None
    primary: Primary | None
    primary_is_member: bool

    @property
    def is_primary(self) -> bool:
        """Whether the caller is the primary owner."""
        return self.primary is not None and self.primary.user_id == self.standing.user_id

    def require_worker(self) -> None:
        """Require that the caller works on the milestone: as a manager, or as its active primary owner.

        Raises RoleRequired.
        """
        is_owner = self.is_primary and self.primary is not None and self.primary.is_active
        if not is_owner and not self.standing.is_any("manager"):
            raise RoleRequired("manager", "primary owner")


def milestone(caller: Caller, milestone_id: str, *, consistent: bool = True) -> Opened:
    """Return a milestone that the caller may see; two calls. Raises ProjectMilestoneNotFound."""
    place = milestones.partition(caller.tenant_id, milestone_id)
    keys = [milestones.key(caller.tenant_id, milestone_id), gates.billing_key(caller.tenant_id, milestone_id)]
    item, billing, lock = table.get_many([*keys, owners.lock_key(place)], consistent=consistent)
    if item is None:
        raise ProjectMilestoneNotFound
    found = milestones.from_item(item)
    primary = owners.primary_of(lock)
    people = [caller.user_id, *([primary.user_id] if primary is not None else [])]
    asked = [project_members.key(caller.tenant_id, found.project_id, each) for each in people]
    own, *others = table.get_many(asked, consistent=consistent)
    standing = access.of_member(caller, own)
    if standing is None:
        raise ProjectMilestoneNotFound
    return Opened(found, standing, billing, primary, others not in ([], [None]))
