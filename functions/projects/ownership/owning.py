"""How people become owners of a milestone, accept or decline, hand the ownership on, and are removed."""

from functions.projects.milestones import milestones, opening, transition, writing
from functions.projects.milestones.opening import Opened
from functions.projects.milestones.refusals import MilestoneFinal
from functions.projects.ownership import seats
from functions.projects.people import access, owners, teams, workloads
from functions.projects.people.owners import MilestoneOwnerNotFound, Owner, Primary, PrimaryOwnerExists, Role, View
from functions.projects.people.workloads import Workload
from shared import clock, ids
from shared.callers import auth, project_members
from shared.callers.caller import Caller
from shared.errors import Conflict, InvalidInput
from shared.storage import changes, table
from shared.storage.changes import Plan
from shared.storage.idempotency import Answer, Claim
from shared.storage.writes import ABSENT, PRESENT, Check, Delete, Put, Write, unchanged


class OwnerExists(Conflict):
    """409: the user is an owner of the milestone already."""

    def __init__(self) -> None:
        super().__init__("The user is an owner of the milestone already. Remove them first to give them another role.")


class TooManyOwners(Conflict):
    """409: a milestone has 20 owners at most."""

    def __init__(self) -> None:
        super().__init__(f"A milestone has {owners.MOST} owners at most.")


class OwnershipNotAssigned(Conflict):
    """409: nothing is assigned to you that you have not accepted yet."""

    def __init__(self) -> None:
        super().__init__("Nothing of this milestone is assigned to you that you have not accepted yet.")


def page(caller: Caller, milestone_id: str) -> list[View]:
    """Return the owners of a milestone, and how much work they have. Raises ProjectMilestoneNotFound."""
    opened = opening.milestone(caller, milestone_id, consistent=False)
    found = _all(milestones.partition(caller.tenant_id, milestone_id))
    seen = found if opened.standing.sees_internal_notes else []
    busy = workloads.of_people(caller.tenant_id, [each.user_id for each in seen if not each.is_team])
    return [workloads.shown(each, busy.get(each.user_id)) for each in found]


def assign(
    caller: Caller, milestone_id: str, user_id: str, role: Role, workload_percent: int, *, claim: Claim | None = None
) -> Answer:
    """Make a member or a team of the project an owner and return it; others than the caller and teams have to accept.

    Raises ProjectMilestoneNotFound, RoleRequired, InvalidInput, OwnerExists, TooManyOwners, PrimaryOwnerExists.
    """

    def plan() -> Plan[View]:
        now = clock.now()
        opened, place = _managed(caller, milestone_id)
        found = _all(place)
        if user_id in [each.user_id for each in found]:
            raise OwnerExists
        if len(found) >= owners.MOST:
            raise TooManyOwners
        moment, project_id = clock.to_rfc3339(now), opened.milestone.project_id
        new = Owner(milestone_id, user_id, role, "assigned", workload_percent, caller.user_id, moment, 1, project_id)
        if new.is_team and role == "primary":
            raise InvalidInput.of("role", "must not be primary for a team")
        if new.is_team or user_id == caller.user_id:
            new = new._replace(status="active")
        writes: list[Write] = [
            Put(owners.to_item(place, new, opened.milestone.due_on), ABSENT),
            _member(opened, new),
            *seats.told("assigned", opened.milestone, new, now),
            *workloads.taken(caller.tenant_id, [new]),
        ]
        view = workloads.shown(new, _busy(caller, new, new.workload_percent))
        if role == "primary":
            if opened.primary is not None:
                raise PrimaryOwnerExists
            writes.append(owners.locked(place, Primary(user_id, new.status == "active")))
            return Plan(view, [*writes, *writing.owned(opened.milestone, user_id)])
        return Plan(view, [*writes, *_joined(opened, new)])

    return changes.make(plan, claim=claim)


def accept(caller: Caller, milestone_id: str, *, claim: Claim | None = None) -> Answer:
    """Accept what is assigned to the caller, and return them as an owner.

    Raises ProjectMilestoneNotFound, OwnershipNotAssigned.
    """

    def plan() -> Plan[View]:
        now = clock.now()
        opened, place, before = _own(caller, milestone_id)
        after = before._replace(status="active", version=before.version + 1)
        writes: list[Write] = [
            Put(owners.to_item(place, after, opened.milestone.due_on), unchanged(before.version)),
            seats.still_open(opened.milestone),
            *seats.told("accepted", opened.milestone, after, now),
        ]
        if after.role == "primary":
            writes.append(owners.handed_on(place, Primary(after.user_id, False), Primary(after.user_id, True)))
        return Plan(workloads.shown(after, _busy(caller, after)), writes)

    return changes.make(plan, claim=claim)


def decline(caller: Caller, milestone_id: str, *, claim: Claim | None = None) -> Answer:
    """Decline what is assigned to the caller, who is no owner any more.

    Raises ProjectMilestoneNotFound, OwnershipNotAssigned.
    """

    def plan() -> Plan[View]:
        opened, _, before = _own(caller, milestone_id)
        return Plan({"user_id": before.user_id}, seats.given_up("declined", opened.milestone, before))

    return changes.make(plan, claim=claim)


def remove(caller: Caller, milestone_id: str, user_id: str) -> None:
    """End the ownership of somebody. Raises ProjectMilestoneNotFound, RoleRequired, MilestoneOwnerNotFound."""

    def plan() -> Plan[None]:
        opened, place = _managed(caller, milestone_id)
        found = _find(place, user_id)
        if found is None:
            raise MilestoneOwnerNotFound
        return Plan(None, seats.given_up("removed", opened.milestone, found))

    changes.make(plan)


def transfer(caller: Caller, milestone_id: str, user_id: str, *, claim: Claim | None = None) -> Answer:
    """Make another member the primary owner at once and return them; the one before is an owner no more.

    For managers, and for the active primary owner.
    Raises ProjectMilestoneNotFound, RoleRequired, InvalidInput, OwnerExists, and MilestoneOwnerNotFound if nobody is
    the primary owner.
    """

    def plan() -> Plan[View]:
        now = clock.now()
        opened = opening.milestone(caller, milestone_id)
        opened.require_worker()
        _require_open(opened)
        place = milestones.partition(caller.tenant_id, milestone_id)
        primary = opened.primary
        before = None if primary is None else _find(place, primary.user_id)
        if primary is None or before is None:
            raise MilestoneOwnerNotFound
        if _find(place, user_id) is not None:
            raise OwnerExists
        if ids.is_valid(user_id, teams.ID):
            raise _stranger()
        after = before._replace(
            user_id=user_id, status="active", assigned_by=caller.user_id, created_at=clock.to_rfc3339(now), version=1
        )
        writes: list[Write] = [
            Delete(owners.key(place, before.user_id), unchanged(before.version)),
            Put(owners.to_item(place, after, opened.milestone.due_on), ABSENT),
            owners.handed_on(place, primary, Primary(user_id, True)),
            *writing.owned(opened.milestone, user_id),
            _member(opened, after),
            *seats.told("transferred", opened.milestone, after, now),
            *workloads.given_back(caller.tenant_id, [before]),
            *workloads.taken(caller.tenant_id, [after]),
        ]
        is_seen = opened.standing.sees_internal_notes
        busy = _busy(caller, after, after.workload_percent) if is_seen else None
        return Plan(workloads.shown(after, busy), writes)

    return changes.make(plan, claim=claim)


def _joined(opened: Opened, owner: Owner) -> list[Write]:
    """Return the writes by which the gate shows a secondary owner, or for others the check of the milestone."""
    if owner.role == "secondary":
        return writing.seconded(opened.milestone, owner.user_id)
    return [seats.still_open(opened.milestone)]


def _busy(caller: Caller, owner: Owner, more: int = 0) -> Workload | None:
    """Return how much work an owner has with so much more; None for a team."""
    if owner.is_team:
        return None
    found = workloads.of(table.get(workloads.key(caller.tenant_id, owner.user_id), consistent=True))
    return found._replace(percent=found.percent + more)


def _managed(caller: Caller, milestone_id: str) -> tuple[Opened, str]:
    """Return a milestone whose owners the caller decides on, and its partition."""
    opened = opening.milestone(caller, milestone_id)
    opened.standing.require("manager")
    _require_open(opened)
    return opened, milestones.partition(caller.tenant_id, milestone_id)


def _own(caller: Caller, milestone_id: str) -> tuple[Opened, str, Owner]:
    """Return a milestone, its partition, and what of it is assigned to the caller."""
    opened = opening.milestone(caller, milestone_id)
    _require_open(opened)
    place = milestones.partition(caller.tenant_id, milestone_id)
    found = _find(place, caller.user_id)
    if found is None or found.status != "assigned":
        raise OwnershipNotAssigned
    return opened, place, found


def _require_open(opened: Opened) -> None:
    if opened.milestone.status in transition.FINAL:
        raise MilestoneFinal(opened.milestone.status)


def _member(opened: Opened, owner: Owner) -> Check:
    """Return the check that an owner is a member of the project, or a team of it.

    Raises InvalidInput if not, and for whoever may not write in the tenant, unless they only look on: they could
    neither accept the milestone nor work on it.
    """
    if owner.is_team:
        return _team(opened, owner.user_id)
    if not ids.is_valid(owner.user_id, "user"):
        raise _stranger()
    place = project_members.key(opened.milestone.tenant_id, opened.milestone.project_id, owner.user_id)
    membership = auth.membership_key(opened.milestone.tenant_id, owner.user_id)
    member, of_tenant = table.get_many([place, membership], consistent=True)
    if member is None:
        raise _stranger()
    if owner.role != "observer" and not access.may_write(of_tenant):
        raise _reader()
    return Check(place, PRESENT)


def _team(opened: Opened, team_id: str) -> Check:
    place = teams.key(opened.milestone.tenant_id, opened.milestone.project_id, team_id)
    if table.get(place, consistent=True) is None:
        raise InvalidInput.of("team_id", "must be a team of the project")
    return Check(place, PRESENT)


def _find(place: str, user_id: str) -> Owner | None:
    is_owner = ids.is_valid(user_id, "user") or ids.is_valid(user_id, teams.ID)
    item = table.get(owners.key(place, user_id), consistent=True) if is_owner else None
    return None if item is None else owners.from_item(item)


def _all(place: str) -> list[Owner]:
    found = table.query(place, owners.PREFIX, limit=owners.MOST, consistent=True)
    return [owners.from_item(item) for item in found.items]


def _stranger() -> InvalidInput:
    return InvalidInput.of("user_id", "must be a member of the project")


def _reader() -> InvalidInput:
    return InvalidInput.of(
        "user_id",
        "must not be a viewer or a guest of your tenant, who could not accept and may own it as observer alone; "
        "choose another, or make them a member of the tenant first",
    )
