"""How a layer is opened for a caller: with its milestone, the other layers of its attempt, and who the caller is."""

from collections.abc import Sequence
from typing import NamedTuple

from functions.projects import requirements
from functions.projects.layers import layers
from functions.projects.layers.layers import Layer, VerificationNotFound
from functions.projects.milestones import gates, milestones, opening
from functions.projects.milestones.milestones import ProjectMilestone
from functions.projects.people import access, owners
from functions.projects.people.access import Standing
from functions.projects.requirements import Counts
from shared.callers import auth, project_members
from shared.callers.caller import Caller
from shared.storage import table
from shared.storage.attributes import Item, Key
from shared.storage.writes import ABSENT, ENABLED, Check, Write, unchanged


class Person(NamedTuple):
    """Somebody whose decision is made, by the items that say who they are; each may be absent."""

    user_id: str
    member: Item | None
    owner: Item | None


class Opened(NamedTuple):
    """A layer that the caller may see, all layers of its attempt, its milestone and how much evidence that has."""

    partition: str
    layer: Layer
    layers: Sequence[Layer]
    of: opening.Opened
    caller: Person
    evidence: Counts

    @property
    def milestone(self) -> ProjectMilestone:
        """The milestone."""
        return self.of.milestone

    @property
    def standing(self) -> Standing:
        """Who the caller is in the project."""
        return self.of.standing

    @property
    def primary(self) -> str | None:
        """The primary owner of the milestone."""
        return None if self.of.primary is None else self.of.primary.user_id

    @property
    def others(self) -> list[Layer]:
        """The other layers of the attempt."""
        return [each for each in self.layers if each.verification_id != self.layer.verification_id]

    def with_layer(self, after: Layer) -> list[Layer]:
        """Return the layers of the attempt with this one as it is after a change."""
        return [after if each.verification_id == after.verification_id else each for each in self.layers]


def layer(caller: Caller, verification_id: str, *, consistent: bool = True) -> Opened:
    """Return a layer that the caller may see; two calls. Raises VerificationNotFound."""
    pointer = table.get(layers.pointer_key(caller.tenant_id, verification_id), consistent=consistent)
    if pointer is None:
        raise VerificationNotFound
    tenant_id, milestone_id = caller.tenant_id, pointer["project_milestone_id"]
    place = milestones.partition(tenant_id, milestone_id)
    keys = [
        milestones.key(tenant_id, milestone_id),
        gates.billing_key(tenant_id, milestone_id),
        owners.lock_key(place),
        project_members.key(tenant_id, pointer["project_id"], caller.user_id),
        owners.key(place, caller.user_id),
        requirements.key(place),
        *[Key(place, sk) for sk in pointer["layers"]],
    ]
    item, billing, lock, member, owner, counts, *found = table.get_many(keys, consistent=consistent)
    standing = access.of_member(caller, member)
    attempt = [layers.from_item(each) for each in found if each is not None]
    wanted = next((each for each in attempt if each.verification_id == verification_id), None)
    if item is None or standing is None or wanted is None:
        raise VerificationNotFound
    seen = opening.Opened(milestones.from_item(item), standing, billing, owners.primary_of(lock), False)
    return Opened(place, wanted, attempt, seen, Person(caller.user_id, member, owner), requirements.of(counts))


def still_entitled(opened: Opened, person: Person) -> list[Write]:
    """Return the checks that somebody is in the project and the tenant as they were when they were read."""
    tenant_id = opened.milestone.tenant_id
    member = project_members.key(tenant_id, opened.milestone.project_id, person.user_id)
    owner = owners.key(opened.partition, person.user_id)
    version = 0 if person.member is None else person.member["version"]
    return [
        Check(member, unchanged(version)),
        Check(auth.membership_key(tenant_id, person.user_id), ENABLED),
        Check(owner, ABSENT if person.owner is None else unchanged(person.owner["version"])),
    ]


def still_primary(opened: Opened) -> Write:
    """Return the check that the primary owner is who it was, on which the separation of duties rests."""
    primary = opened.of.primary
    return owners.still_free(opened.partition) if primary is None else owners.still_held(opened.partition, primary)
