"""How a milestone is opened for a caller: itself, what lies beside it, and who the caller is there."""

from collections.abc import Sequence
from typing import NamedTuple

from functions.projects import open_escalations, projects, requirements
from functions.projects.dependencies import dependencies
from functions.projects.dependencies.dependencies import BEFORE_FINISH, GUARDING, Type
from functions.projects.dependencies.standing import Found, Open, Read
from functions.projects.milestones import gates, milestones, transition
from functions.projects.milestones.milestones import ProjectMilestone, ProjectMilestoneNotFound
from functions.projects.open_escalations import OpenEscalations
from functions.projects.people import access, owners
from functions.projects.people.access import RoleRequired, Standing
from functions.projects.people.owners import Primary
from functions.projects.requirements import Counts
from functions.projects.sources import sources
from functions.projects.sources.sources import Source
from shared import clock
from shared.callers import project_members
from shared.callers.caller import Caller
from shared.storage import table
from shared.storage.attributes import Item, Key
from shared.storage.writes import Check


class Opened(NamedTuple):
    """A milestone that the caller may see, who they are in its project, its billing, its primary owner, its evidence.

    `prerequisites` is what its dependencies are judged by, None without any and from completion on.
    `others` is what else was read in the same call, `source` what its progress follows in another context, and
    `time_zone` that of the project.
    """

    milestone: ProjectMilestone
    standing: Standing
    billing: Item | None
    primary: Primary | None
    primary_is_member: bool
    counts: Counts = Counts()
    escalations: OpenEscalations = OpenEscalations()
    others: Sequence[Item | None] = ()
    prerequisites: Read | None = None
    source: Source | None = None
    time_zone: str = "UTC"

    @property
    def is_primary(self) -> bool:
        """Whether the caller is the primary owner."""
        return self.primary is not None and self.primary.user_id == self.standing.user_id

    def blocked_by(self, milestone: ProjectMilestone) -> list[str]:
        """Return what keeps the milestone, as a command makes it, from being complete: criteria, evidence, others."""
        missing = requirements.missing(milestone.evidence_requirements, self.counts)
        return [*milestone.open_criteria, *missing, *self.waiting_for(milestone)]

    def waiting_for(self, milestone: ProjectMilestone) -> list[str]:
        """Return the open dependencies that keep the milestone from being complete, as `dependency:<id>`."""
        return [f"dependency:{each.dependency.from_id}" for each in self.open(milestone, BEFORE_FINISH)]

    def open(self, milestone: ProjectMilestone, types: frozenset[Type]) -> list[Open]:
        """Return the dependencies of these types that are open now."""
        return [] if self.prerequisites is None else self.prerequisites.open(milestone, types, clock.now())

    def blocking(self, milestone: ProjectMilestone) -> list[Open]:
        """Return the open dependencies by which the milestone shows that it is blocked."""
        return self.open(milestone, GUARDING.get(milestone.status, frozenset()))

    def still(self, types: frozenset[Type]) -> list[Check]:
        """Return the checks that what its dependencies of these types were judged by is still so."""
        return [] if self.prerequisites is None else self.prerequisites.checks(self.milestone, types)

    @property
    def is_worker(self) -> bool:
        """Whether the caller works on the milestone: as a manager, or as its active primary owner."""
        is_owner = self.is_primary and self.primary is not None and self.primary.is_active
        return is_owner or self.standing.is_any("manager")

    def require_worker(self) -> None:
        """Require that the caller works on the milestone. Raises RoleRequired."""
        if not self.is_worker:
            raise RoleRequired("manager", "primary owner")


def milestone(caller: Caller, milestone_id: str, *, also: Sequence[Key] = (), consistent: bool = True) -> Opened:
    """Return a milestone that the caller may see, and the items of other keys; two calls.

    Raises ProjectMilestoneNotFound.
    """
    tenant_id = caller.tenant_id
    keys = [*_keys(tenant_id, milestone_id), *also]
    item, billing, lock, counts, escalated, *others = table.get_many(keys, consistent=consistent)
    if item is None:
        raise ProjectMilestoneNotFound
    found = milestones.from_item(item)
    primary = owners.primary_of(lock)
    people = [caller.user_id, *([primary.user_id] if primary is not None else [])]
    asked = [project_members.key(tenant_id, found.project_id, each) for each in people]
    followed = _followed(found)
    around = beside(found) or [projects.key(tenant_id, found.project_id)]
    read = table.get_many([*asked, *followed, *around], consistent=consistent)
    own, *of_primary = read[: len(asked)]
    source, rest = sources.of(read[len(asked)]) if followed else None, read[len(asked) + len(followed) :]
    project = rest[0]
    standing = access.of_member(caller, own)
    if standing is None or project is None:
        raise ProjectMilestoneNotFound
    is_member = of_primary not in ([], [None])
    evidence, escalations = requirements.of(counts), open_escalations.of(escalated)
    return Opened(
        found,
        standing,
        billing,
        primary,
        is_member,
        evidence,
        escalations,
        others,
        read_beside(found, rest),
        source,
        projects.from_item(project).time_zone,
    )


def by_itself(tenant_id: str, milestone_id: str) -> Opened | None:
    """Return a milestone for what happens without a caller, who would be its primary owner; None if it is gone."""
    item, billing, lock, counts, escalated = table.get_many(_keys(tenant_id, milestone_id), consistent=True)
    if item is None:
        return None
    found, primary = milestones.from_item(item), owners.primary_of(lock)
    followed = _followed(found)
    needed = [*followed, *beside(found)]
    read = table.get_many(needed, consistent=True) if needed else []
    return Opened(
        milestone=found,
        standing=Standing(found.created_by if primary is None else primary.user_id, frozenset()),
        billing=billing,
        primary=primary,
        primary_is_member=False,
        counts=requirements.of(counts),
        escalations=open_escalations.of(escalated),
        prerequisites=read_beside(found, read[len(followed) :]),
        source=sources.of(read[0]) if followed else None,
    )


def _keys(tenant_id: str, milestone_id: str) -> list[Key]:
    """Return the keys of a milestone and of what always lies beside it. Raises ProjectMilestoneNotFound."""
    place = milestones.partition(tenant_id, milestone_id)
    keys = [milestones.key(tenant_id, milestone_id), gates.billing_key(tenant_id, milestone_id)]
    return [*keys, owners.lock_key(place), requirements.key(place), open_escalations.key(place)]


def _followed(milestone: ProjectMilestone) -> list[Key]:
    """Return the key of what the progress of a milestone follows in another context, none if nothing."""
    source_id = milestone.source_id
    return [] if source_id is None else [sources.key(milestone.tenant_id, source_id, milestone.project_milestone_id)]


def beside(milestone: ProjectMilestone) -> list[Key]:
    """Return the keys of what the dependencies of a milestone are judged by; none if it has none that matter."""
    found = dependencies.of(milestone.dependencies)
    if not found or milestone.status in transition.SUBMITTED | transition.FINAL:
        return []
    tenant_id = milestone.tenant_id
    paid = [each.from_id for each in found if each.type == "payment_to_start"]
    return [
        projects.key(tenant_id, milestone.project_id),
        *(milestones.key(tenant_id, each.from_id) for each in found),
        *(gates.billing_key(tenant_id, each) for each in paid),
    ]


def read_beside(milestone: ProjectMilestone, items: Sequence[Item | None]) -> Read | None:
    """Return what was read by the keys of `beside`, None if there were none, or the project is gone."""
    keys, found = beside(milestone), dict[str, Found]()
    if not keys or items[0] is None:
        return None
    by_key = dict(zip(keys, items, strict=True))
    for each in dependencies.of(milestone.dependencies):
        place = milestones.key(milestone.tenant_id, each.from_id)
        billing = gates.billing_key(milestone.tenant_id, each.from_id)
        found[each.from_id] = Found(place, by_key[place], billing, by_key.get(billing))
    return Read(found, projects.from_item(items[0]))
