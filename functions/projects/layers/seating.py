"""Which people a layer asks when it opens: roles become people, and those who may not decide get no seat."""

from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple

from functions.projects import projects, requirements
from functions.projects.layers import outsiders
from functions.projects.layers.layers import Layer
from functions.projects.layers.policy import MOST_PEOPLE, Approver, Rule
from functions.projects.people import members, owners, teams
from functions.projects.people.members import ProjectMember
from functions.projects.people.owners import Owner
from shared import tally
from shared.calendars.business_hours import Hours
from shared.callers import auth, project_members
from shared.errors import NotAllowed
from shared.storage import table
from shared.storage.attributes import Item
from shared.tally import Seat

_NEVER = ("observer", "contributor")
"""Owners with these roles decide nothing."""
_MAY_DECIDE: Final = frozenset({"owner", "admin", "member", "guest"})
"""The roles in a tenant that have the scope `projects:decide`."""


class NoEligibleApprover(NotAllowed):
    """422: too few people may approve a layer of the verification policy."""

    def __init__(self, layer: str) -> None:
        super().__init__(
            f"Too few people may approve the layer {layer!r}. Give members of the project the roles that it asks for, "
            "or change the verification policy."
        )


class TooManyApprovers(NotAllowed):
    """422: a layer of the verification policy asks more people than a layer has seats."""

    def __init__(self, layer: str) -> None:
        super().__init__(
            f"The layer {layer!r} asks more than {MOST_PEOPLE} people. Name some of them in the verification policy, "
            "or give fewer members the roles that it asks for."
        )


class People(NamedTuple):
    """The members of a project who may decide in the tenant, and who owns a milestone or brought its evidence.

    `in_teams` is as what people own it through teams.
    `hours` are the business hours of the project.
    """

    members: Mapping[str, ProjectMember]
    owners: Mapping[str, Owner]
    uploaders: frozenset[str] = frozenset()
    milestone_id: str = ""
    hours: Hours | None = None
    in_teams: Mapping[str, frozenset[owners.Role]] = {}

    def looks_on(self, user_id: str) -> bool:
        """Return whether somebody owns the milestone only to look on or help: themselves, or through a team."""
        own = self.owners.get(user_id)
        return any(looks_on(role) for role in ([own.role] if own is not None else self.in_teams.get(user_id, ())))


def looks_on(role: str) -> bool:
    """Return whether owners with this role decide nothing."""
    return role in _NEVER


def may_decide(membership: Item | None) -> bool:
    """Return whether whose membership of a tenant was read belongs to it, in a role that decides."""
    return membership is not None and auth.is_member(membership) and membership["role"] in _MAY_DECIDE


def read(tenant_id: str, project_id: str, partition: str) -> People:
    """Return the people of the milestone with this partition; two queries and two calls at most."""
    place = project_members.partition(tenant_id, project_id)
    found = table.query(place, project_members.PREFIX, limit=members.MOST + 50, consistent=True).items
    joined = [members.from_item(item) for item in found]
    asked = [auth.membership_key(tenant_id, each.user_id) for each in joined]
    beside = [requirements.key(partition), projects.key(tenant_id, project_id)]
    counts, project, *of_tenant = table.get_many([*beside, *asked], consistent=True)
    owned = [
        owners.from_item(item)
        for item in table.query(partition, owners.PREFIX, limit=owners.MOST + 5, consistent=True).items
    ]
    return People(
        {each.user_id: each for each, item in zip(joined, of_tenant, strict=True) if may_decide(item)},
        {each.user_id: each for each in owned},
        frozenset(requirements.of(counts).uploaders),
        partition.rpartition("#")[2],
        None if project is None else projects.from_item(project).hours,
        teams.roles(tenant_id, project_id, owned),
    )


def read_some(tenant_id: str, project_id: str, partition: str, user_ids: Sequence[str]) -> People:
    """Return what `read` does of these people alone; a call for each thirty of them, and a query for teams."""
    keys = [
        key
        for each in user_ids
        for key in (
            project_members.key(tenant_id, project_id, each),
            auth.membership_key(tenant_id, each),
            owners.key(partition, each),
        )
    ]
    counts, *found = table.get_many([requirements.key(partition), *keys], consistent=True)
    joined, of_tenant, owned = found[::3], found[1::3], found[2::3]
    owning = map(owners.from_item, table.query(partition, owners.TEAMS, limit=owners.MOST, consistent=True).items)
    return People(
        {
            each["user_id"]: members.from_item(each)
            for each, item in zip(joined, of_tenant, strict=True)
            if each is not None and may_decide(item)
        },
        {each["user_id"]: owners.from_item(each) for each in owned if each is not None},
        frozenset(requirements.of(counts).uploaders),
        partition.rpartition("#")[2],
        in_teams=teams.roles(tenant_id, project_id, owning),
    )


def seats(rule: Rule, people: People, barred: frozenset[str]) -> list[Seat]:
    """Return the seats of a layer, 50 at most, in the order of its policy; `barred` people have none."""
    return _eligible(rule, people, barred)[:MOST_PEOPLE]


def is_eligible(user_id: str, people: People, barred: frozenset[str]) -> bool:
    """Return whether somebody may decide: a member, neither barred nor an owner who only looks on or helps."""
    return user_id in people.members and user_id not in barred and not people.looks_on(user_id)


def barred(rule: Rule, uploaders: frozenset[str], submitter: str | None, primary: str | None) -> frozenset[str]:
    """Return who is kept from deciding in a layer by the separation of duties."""
    if not rule.separation_of_duties:
        return frozenset()
    return uploaders | {each for each in (submitter, primary) if each is not None}


def no_longer(layer: Layer, people: People, primary: str | None) -> list[str]:
    """Return who has a seat in a layer and may not decide there any more, or is not asked by its policy any more.

    Whom a manager has given a seat is asked, whatever the policy says. `people` are those of its seats.
    """
    rule = layer.policy
    kept_out = barred(rule, people.uploaders, layer.submitted_by, primary)
    asked = {seat.person for seat in _eligible(rule, people, kept_out)}
    asked |= {each for each in layer.given if is_eligible(each, people, kept_out)}
    return [seat.person for seat in layer.people if not seat.is_struck and seat.person not in asked]


def require_enough(rules: Sequence[Rule], people: People, primary: str | None) -> None:
    """Require that no layer asks too many people, and that each required one has enough who may approve.

    Raises TooManyApprovers or NoEligibleApprover.
    """
    for rule in [each for each in rules if not each.is_automated]:
        found = _eligible(rule, people, barred(rule, people.uploaders, None, primary))
        if len(found) > MOST_PEOPLE:
            raise TooManyApprovers(rule.name)
        if rule.required and tally.count(rule.rules, found, []).is_stalled:
            raise NoEligibleApprover(rule.name)


def stored(found: Sequence[Seat]) -> list[dict[str, Any]]:
    """Return seats as a layer holds them."""
    return [{"user_id": each.person, "weight": each.weight, "is_struck": each.is_struck} for each in found]


def _eligible(rule: Rule, people: People, barred: frozenset[str]) -> list[Seat]:
    found = [seat for approver in rule.asked for seat in _asked(approver, people)]
    return tally.seated(
        [seat for seat in found if outsiders.is_outside(seat.person) or is_eligible(seat.person, people, barred)]
    )


def _asked(approver: Approver, people: People) -> list[Seat]:
    """Return the seats of those whom one line of the policy asks, by their ids."""
    if approver.external is not None:
        return [Seat(outsiders.id_of(people.milestone_id, approver.external.address), approver.weight)]
    if approver.user is not None:
        return [Seat(approver.user, approver.weight)]
    if approver.role is not None:
        named = [each for each, member in people.members.items() if approver.role in member.roles]
    else:
        named = [
            each
            for each, owner in people.owners.items()
            if owner.role == approver.owner_role and owner.status == "active"
        ]
        named += [each for each, found in people.in_teams.items() if approver.owner_role in found]
    return [Seat(each, approver.weight) for each in sorted({*named})]
