"""How a layer is opened for a caller: with its milestone, the other layers of its attempt, and who the caller is."""

from collections.abc import Sequence
from typing import Final, NamedTuple

from functions.projects import requirements
from functions.projects.layers import layers, seating
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
from shared.storage.writes import ABSENT, Check, Write, unchanged

_NOBODY: Final = Standing("", frozenset())


class Person(NamedTuple):
    """Somebody whose decision is made, by the items that say who they are; each may be absent."""

    user_id: str
    member: Item | None
    owner: Item | None
    membership: Item | None

    @property
    def may_decide(self) -> bool:
        """Whether they belong to project and tenant, in roles that decide."""
        looks_on = self.owner is not None and seating.looks_on(self.owner["role"])
        return self.member is not None and not looks_on and seating.may_decide(self.membership)


class Opened(NamedTuple):
    """A layer, all layers of its attempt, its milestone and how much evidence that has.

    The caller is the first of `people`; nobody is when background work has opened it.
    """

    partition: str
    layer: Layer
    layers: Sequence[Layer]
    of: opening.Opened
    people: Sequence[Person]
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


def layer(caller: Caller, verification_id: str, *, principal: str | None = None, consistent: bool = True) -> Opened:
    """Return a layer that the caller may see; two calls. Raises VerificationNotFound.

    A principal, in whose place the caller acts, is the second of its people.
    """
    people = [caller.user_id, *([] if principal is None else [principal])]
    opened = _found(caller.tenant_id, verification_id, people, consistent=consistent)
    standing = None if opened is None else access.of_member(caller, opened.people[0].member)
    if opened is None or standing is None:
        raise VerificationNotFound
    return opened._replace(of=opened.of._replace(standing=standing))


def by_itself(tenant_id: str, verification_id: str) -> Opened | None:
    """Return a layer for background work, None if there is none any more; two calls."""
    return _found(tenant_id, verification_id, [], consistent=True)


def _found(tenant_id: str, verification_id: str, user_ids: Sequence[str], *, consistent: bool) -> Opened | None:
    pointer = table.get(layers.pointer_key(tenant_id, verification_id), consistent=consistent)
    if pointer is None:
        return None
    milestone_id, project_id = pointer["project_milestone_id"], pointer["project_id"]
    place = milestones.partition(tenant_id, milestone_id)
    beside = [
        milestones.key(tenant_id, milestone_id),
        gates.billing_key(tenant_id, milestone_id),
        owners.lock_key(place),
        requirements.key(place),
    ]
    people = [key for each in user_ids for key in _keys(tenant_id, project_id, place, each)]
    keys = [*beside, *people, *[Key(place, sk) for sk in pointer["layers"]]]
    (item, billing, lock, counts), rest = _parted(table.get_many(keys, consistent=consistent), len(beside))
    persons, stored = _parted(rest, len(people))
    attempt = [layers.from_item(each) for each in stored if each is not None]
    wanted = next((each for each in attempt if each.verification_id == verification_id), None)
    if item is None or wanted is None:
        return None
    seen = opening.Opened(milestones.from_item(item), _NOBODY, billing, owners.primary_of(lock), False)
    told = [Person(each, *persons[3 * number : 3 * number + 3]) for number, each in enumerate(user_ids)]
    return Opened(place, wanted, attempt, seen, told, requirements.of(counts))


def _keys(tenant_id: str, project_id: str, partition: str, user_id: str) -> list[Key]:
    """Return where the items lie that say who somebody is, in the order in which a person has them."""
    return [
        project_members.key(tenant_id, project_id, user_id),
        owners.key(partition, user_id),
        auth.membership_key(tenant_id, user_id),
    ]


def _parted(found: Sequence[Item | None], at: int) -> tuple[Sequence[Item | None], Sequence[Item | None]]:
    return found[:at], found[at:]


def still_entitled(opened: Opened, person: Person) -> list[Write]:
    """Return the checks that somebody is in the project and the tenant as they were when they were read."""
    milestone = opened.milestone
    places = _keys(milestone.tenant_id, milestone.project_id, opened.partition, person.user_id)
    return [
        Check(place, ABSENT if item is None else unchanged(item["version"]))
        for place, item in zip(places, person[1:], strict=True)
    ]


def still_primary(opened: Opened) -> Write:
    """Return the check that the primary owner is who it was, on which the separation of duties rests."""
    primary = opened.of.primary
    return owners.still_free(opened.partition) if primary is None else owners.still_held(opened.partition, primary)
