"""What is read of a milestone to see what is due of it, and what there is to escalate."""

from collections.abc import Sequence
from typing import NamedTuple

from functions.projects import escalations, open_escalations, payment_troubles, projects, requirements
from functions.projects.escalations import SYSTEM, Escalation
from functions.projects.layers import layers
from functions.projects.layers.layers import Layer
from functions.projects.milestones import gates, milestones, opening
from functions.projects.milestones.milestones import ProjectMilestone
from functions.projects.milestones.opening import Opened
from functions.projects.payment_troubles import PaymentTroubles
from functions.projects.people import owners
from functions.projects.people.access import Standing
from functions.projects.probes import probes
from functions.projects.probes.probes import Probes
from functions.projects.projects import Project
from shared.storage import table
from shared.teamwork import absences
from shared.teamwork.absences import Absence


class Subject(NamedTuple):
    """Which milestone it is."""

    tenant_id: str
    project_id: str
    project_milestone_id: str

    @property
    def partition(self) -> str:
        """The partition of the milestone."""
        return milestones.partition(self.tenant_id, self.project_milestone_id)


class Seen(NamedTuple):
    """A milestone that nobody has asked for, its project, the layers that are under way, and its open escalations.

    `absences` are those of the people whom its open layers wait for.
    """

    opened: Opened
    project: Project
    layers: Sequence[Layer]
    escalations: Sequence[Escalation]
    absences: Sequence[Absence] = ()
    probes: Probes = Probes()
    payments: PaymentTroubles = PaymentTroubles()

    @property
    def milestone(self) -> ProjectMilestone:
        """The milestone."""
        return self.opened.milestone

    @property
    def partition(self) -> str:
        """The partition of the milestone."""
        return milestones.partition(self.milestone.tenant_id, self.milestone.project_milestone_id)

    @property
    def is_stopped(self) -> bool:
        """Whether it is escalated, and its clocks stand still."""
        return self.milestone.status == "escalated"


def read(which: Subject) -> Seen | None:
    """Return a milestone as it is now, None if it is gone; one call, and one each for what it has besides."""
    place, tenant_id = which.partition, which.tenant_id
    keys = [
        milestones.key(tenant_id, which.project_milestone_id),
        projects.key(tenant_id, which.project_id),
        gates.billing_key(tenant_id, which.project_milestone_id),
        owners.lock_key(place),
        requirements.key(place),
        open_escalations.key(place),
        probes.key(place),
        payment_troubles.key(place),
    ]
    item, project, billing, lock, counts, escalated, asking, paying = table.get_many(keys, consistent=True)
    if item is None or project is None:
        return None
    milestone, still_open = milestones.from_item(item), open_escalations.of(escalated)
    needed = opening.beside(milestone)
    opened = Opened(
        milestone,
        Standing(SYSTEM, frozenset()),
        billing,
        owners.primary_of(lock),
        False,
        requirements.of(counts),
        still_open,
        prerequisites=opening.read_beside(milestone, table.get_many(needed, consistent=True) if needed else []),
    )
    under_way = layers.find_attempt(place, milestone.attempt) if milestone.stage == "completed" else []
    found, troubles = escalations.find(place, [*still_open.by_kind.values()]), payment_troubles.of(paying)
    return Seen(
        opened, projects.from_item(project), under_way, found, _absences(under_way), probes.of(asking), troubles
    )


def _absences(under_way: Sequence[Layer]) -> list[Absence]:
    """Return when those are away whom open layers wait for; a call if there are any."""
    asked = sorted({each for layer in under_way if layer.status == "open" for each in layer.awaited})
    items = table.get_many([absences.key(each) for each in asked], consistent=True) if asked else []
    return [absence for absence in map(absences.found, items) if absence is not None and not absence.is_over]
