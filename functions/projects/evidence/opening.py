"""How evidence is opened for a caller: the piece, its milestone, and who the caller is there."""

from typing import NamedTuple

from functions.projects.evidence import evidence
from functions.projects.evidence.evidence import Evidence, EvidenceNotFound
from functions.projects.milestones import milestones, opening
from functions.projects.milestones.milestones import ProjectMilestoneNotFound
from functions.projects.milestones.opening import Opened as OpenedMilestone
from functions.projects.people import owners, teams
from functions.projects.people.access import RoleRequired
from functions.projects.people.owners import Owner
from shared.callers.caller import Caller
from shared.storage import table
from shared.storage.attributes import Item, Key

_WORKING: frozenset[owners.Role] = frozenset({"primary", "secondary", "contributor"})


class Place(NamedTuple):
    """A milestone that the caller may see, as what they own it, and what else was read."""

    within: OpenedMilestone
    owner: Owner | None
    others: tuple[Item | None, ...]
    in_teams: frozenset[owners.Role] = frozenset()

    @property
    def works_on_it(self) -> bool:
        """Whether the caller works on the milestone: as a manager or creator, or as an owner who has accepted."""
        owner = self.owner
        is_owner = owner is not None and owner.status == "active" and owner.role in _WORKING
        return is_owner or bool(self.in_teams & _WORKING) or self.within.standing.is_any("manager", "creator")

    def require_worker(self) -> None:
        """Require that the caller works on the milestone. Raises RoleRequired."""
        if not self.works_on_it:
            raise RoleRequired("manager", "creator", "an owner who works on it")


class Opened(NamedTuple):
    """A piece of evidence that the caller may see, and where it belongs."""

    piece: Evidence
    place: Place

    @property
    def is_uploader(self) -> bool:
        """Whether the caller has brought it."""
        return self.piece.uploaded_by == self.place.within.standing.user_id

    def require_author(self) -> None:
        """Require that the caller has brought it and works on the milestone still, or is a manager.

        Raises RoleRequired.
        """
        is_manager = self.place.within.standing.is_any("manager")
        if not is_manager and not (self.is_uploader and self.place.works_on_it):
            raise RoleRequired("manager", "whoever brought it")


def milestone(caller: Caller, milestone_id: str, *, also: tuple[Key, ...] = (), consistent: bool = True) -> Place:
    """Return the milestone of evidence, and the items of other keys; two calls. Raises ProjectMilestoneNotFound.

    For a write of somebody who does not work on it by themselves, their teams are asked for, a query and a call more.
    """
    own = owners.key(milestones.partition(caller.tenant_id, milestone_id), caller.user_id)
    within = opening.milestone(caller, milestone_id, also=[own, *also], consistent=consistent)
    owner, *others = within.others
    place = Place(within, None if owner is None else owners.from_item(owner), tuple(others))
    if not consistent or place.works_on_it:
        return place
    return place._replace(in_teams=_in_teams(caller, within))


def _in_teams(caller: Caller, within: OpenedMilestone) -> frozenset[owners.Role]:
    """Return as what the caller owns a milestone through teams."""
    found = within.milestone
    place = milestones.partition(found.tenant_id, found.project_milestone_id)
    owning = map(owners.from_item, table.query(place, owners.TEAMS, limit=owners.MOST, consistent=True).items)
    return teams.roles(found.tenant_id, found.project_id, owning).get(caller.user_id, frozenset())


def piece(caller: Caller, evidence_id: str, *, also: tuple[Key, ...] = (), consistent: bool = True) -> Opened:
    """Return a piece of evidence that the caller may see; three calls. Raises EvidenceNotFound."""
    pointer = table.get(evidence.pointer_key(caller.tenant_id, evidence_id), consistent=consistent)
    if pointer is None:
        raise EvidenceNotFound
    milestone_id = pointer["project_milestone_id"]
    own = evidence.key(caller.tenant_id, milestone_id, evidence_id)
    try:
        place = milestone(caller, milestone_id, also=(own, *also), consistent=consistent)
    except ProjectMilestoneNotFound as error:
        raise EvidenceNotFound from error
    item, *others = place.others
    if item is None:
        raise EvidenceNotFound
    return Opened(evidence.from_item(item), place._replace(others=tuple(others)))
