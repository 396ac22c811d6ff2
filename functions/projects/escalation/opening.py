"""How an escalation is opened for a caller: itself, its milestone, and who the caller is there."""

from typing import NamedTuple

from functions.projects import escalations
from functions.projects.escalations import Escalation, EscalationNotFound
from functions.projects.milestones import milestones, opening
from functions.projects.milestones.milestones import ProjectMilestone, ProjectMilestoneNotFound
from functions.projects.milestones.opening import Opened as OpenedMilestone
from functions.projects.people.access import RoleRequired
from shared.callers.caller import Caller
from shared.storage import table


class Opened(NamedTuple):
    """An escalation that the caller may see, and its milestone."""

    escalation: Escalation
    of: OpenedMilestone

    @property
    def milestone(self) -> ProjectMilestone:
        """The milestone."""
        return self.of.milestone

    @property
    def partition(self) -> str:
        """The partition of the milestone."""
        return milestones.partition(self.milestone.tenant_id, self.milestone.project_milestone_id)

    @property
    def is_raiser(self) -> bool:
        """Whether the caller has raised it."""
        return self.escalation.raised_by == self.of.standing.user_id

    def require_concerned(self) -> None:
        """Require that the caller works on the milestone, or has raised the escalation. Raises RoleRequired."""
        if self.is_raiser:
            return
        try:
            self.of.require_worker()
        except RoleRequired as error:
            raise RoleRequired("manager", "primary owner", "whoever raised it") from error


def escalation(caller: Caller, escalation_id: str, *, consistent: bool = True) -> Opened:
    """Return an escalation that the caller may see; three calls. Raises EscalationNotFound."""
    pointer = table.get(escalations.pointer_key(caller.tenant_id, escalation_id), consistent=consistent)
    if pointer is None:
        raise EscalationNotFound
    milestone_id = pointer["project_milestone_id"]
    own = escalations.key(milestones.partition(caller.tenant_id, milestone_id), escalation_id)
    try:
        found = opening.milestone(caller, milestone_id, also=[own], consistent=consistent)
    except ProjectMilestoneNotFound as error:
        raise EscalationNotFound from error
    item = found.others[0]
    if item is None:
        raise EscalationNotFound
    return Opened(escalations.from_item(item), found)
