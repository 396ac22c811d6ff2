"""Shares: who besides its owner may look at a goal (viewer) or also add tasks and change their own (contributor).

A share lies in the partition of the one it is given to, so a caller's own partition says what they may open; to
everybody else a goal does not exist. A share opens nothing while the owner of the goal is removed or disabled
(functions/goals/orphans); it opens the goal again when they are back.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

from functions.goals import goals, views
from functions.goals.goals import Goal, GoalNotFound
from functions.goals.views import View
from shared import clock, ids
from shared.callers import auth, sources
from shared.callers.auth import Caller
from shared.errors import Forbidden, InvalidInput, NotFound
from shared.storage import changes, records, table
from shared.storage.attributes import Item, Key
from shared.storage.changes import Plan
from shared.storage.events import Concern
from shared.storage.writes import PRESENT, Check, Delete, Put

if TYPE_CHECKING:
    from functions.goals.shapes import ShareDraft

OWNER = "owner"


class NotYours(Forbidden):
    """403: the goal is shared with you, but not for this."""


class ShareNotFound(NotFound):
    """404: the goal is not shared with this user."""


class Share(NamedTuple):
    """A share as it is stored."""

    goal_id: str
    owner_id: str
    user_id: str
    role: str
    shared_at: str


class Access(NamedTuple):
    """A goal that the caller may open, as whom, and what else was read in the same call."""

    goal: Goal
    role: str
    others: Sequence[Item | None] = ()


def key(user_id: str, goal_id: str) -> Key:
    """Return the key of the share that a user has of a goal."""
    return sources.share_key(user_id, goal_id)


def open_goal(
    caller: Caller,
    goal_id: str,
    *,
    also: Callable[[str], list[Key]] | None = None,
    consistent: bool = False,
) -> Access:
    """Return a goal of the caller or one shared with them, and the items that `also` names for its owner.

    One call for an owner, three for others; the last of those is consistent, so that a goal is closed as soon as its
    owner is removed or disabled. Raises GoalNotFound for everybody who may not know of the goal.
    """
    own = _read(caller.user_id, goal_id, also, consistent=consistent)
    if own[0] is not None:
        return Access(goals.from_item(own[0]), OWNER, own[1:])
    item = table.get(key(caller.user_id, goal_id), consistent=consistent)
    if item is None:
        raise GoalNotFound
    share = from_item(item)
    places = [auth.membership_key(caller.tenant_id, share.owner_id), goals.key(share.owner_id, goal_id)]
    member, goal, *others = table.get_many([*places, *(also(share.owner_id) if also else ())], consistent=True)
    if goal is None or goal["tenant_id"] != caller.tenant_id or not auth.is_member(member):
        raise GoalNotFound
    return Access(goals.from_item(goal), share.role, others)


def open_goals(caller: Caller, goal_ids: Iterable[str]) -> dict[str, Access]:
    """Return those of up to 100 goals that the caller may open, by id; the others are left out.

    One call when all are the caller's own, four at most. The answer is as of the last second or so, but for whose
    owner was removed or disabled.
    """
    wanted = [goal_id for goal_id in dict.fromkeys(goal_ids) if ids.is_valid(goal_id, "goal")]
    own = table.get_many([goals.key(caller.user_id, goal_id) for goal_id in wanted])
    opened = {item["goal_id"]: Access(goals.from_item(item), OWNER) for item in own if item is not None}
    received = table.get_many([key(caller.user_id, goal_id) for goal_id in wanted if goal_id not in opened])
    for access in _of_members(caller, [from_item(share) for share in received if share is not None]):
        opened[access.goal.goal_id] = access
    return opened


def require_owner(access: Access) -> None:
    """Return when the caller owns the goal. Raises NotYours."""
    if access.role != OWNER:
        raise NotYours("Only the owner of the goal may do this.")


def give(caller: Caller, goal_id: str, user_id: str, draft: "ShareDraft") -> View:
    """Share a goal with a user of the same tenant, or change as what, and return the share. Raises InvalidInput."""
    member = auth.membership_key(caller.tenant_id, user_id)

    def plan() -> Plan[View]:
        access = open_goal(caller, goal_id, consistent=True)
        require_owner(access)
        if user_id == caller.user_id or not ids.is_valid(user_id, "user") or table.get(member, consistent=True) is None:
            raise InvalidInput.of("user_id", "must be another user of your tenant")
        given = table.get(key(user_id, goal_id), consistent=True)
        if given is not None and from_item(given).role == draft.role:
            return Plan(view(from_item(given)))
        share = Share(goal_id, access.goal.owner_id, user_id, draft.role, clock.to_rfc3339(clock.now()))
        told = {"user_id": user_id, "role": draft.role}
        event = goals.happened("goal.shared", access.goal, clock.now(), concerns=[_concerned(user_id)], **told)
        goal_key = goals.key(caller.user_id, goal_id)
        return Plan(view(share), [Put(to_item(share)), Check(goal_key, PRESENT), Check(member, PRESENT), event])

    return changes.make(plan)


def take_back(caller: Caller, goal_id: str, user_id: str) -> None:
    """End the sharing of a goal with a user. Raises ShareNotFound."""

    def opened() -> Goal:
        access = open_goal(caller, goal_id, consistent=True)
        require_owner(access)
        return access.goal

    end(opened, user_id)


def end(opened: Callable[[], Goal], user_id: str) -> None:
    """End the sharing of a goal that whoever calls may end it for, as `opened` says. Raises ShareNotFound."""

    def plan() -> Plan[None]:
        goal = opened()
        share = key(user_id, goal.goal_id) if ids.is_valid(user_id, "user") else None
        if share is None or table.get(share, consistent=True) is None:
            raise ShareNotFound("The goal is not shared with this user.")
        event = goals.happened("goal.unshared", goal, clock.now(), concerns=[_concerned(user_id)], user_id=user_id)
        return Plan(None, [Delete(share, PRESENT), event])

    changes.make(plan)


def _concerned(user_id: str) -> Concern:
    """Return that it concerns whom a goal is shared with."""
    return Concern(user_id, "watching")


def page(caller: Caller, goal_id: str, *, limit: int, cursor: str | None) -> tuple[list[View], str | None]:
    """Return a page of those a goal is shared with; for its owner."""
    access = open_goal(caller, goal_id)
    require_owner(access)
    return page_of_goal(access.goal, limit=limit, cursor=cursor)


def page_of_goal(goal: Goal, *, limit: int, cursor: str | None) -> tuple[list[View], str | None]:
    """Return a page of those a goal is shared with, whoever calls; one query."""
    found = table.query(goal.partition, listed(goal.goal_id), index=True, limit=limit, cursor=cursor)
    return [view(from_item(item)) for item in found.items], found.next_cursor


def page_of_received(caller: Caller, *, limit: int, cursor: str | None) -> tuple[list[View], str | None]:
    """Return a page of the goals that others share with the caller: one query, one call for the goals, one for owners.

    Those whose owner was removed or disabled are left out.
    """
    found = table.query(goals.partition(caller.user_id), "SHARE#", limit=limit, cursor=cursor)
    opened = _of_members(caller, [from_item(item) for item in found.items])
    return [views.goal(each.goal, goals.present(each.goal), role=each.role) for each in opened], found.next_cursor


def listed(goal_id: str) -> str:
    """Return what the index keys of a goal's shares begin with, in the partition of its owner."""
    return f"ENTITY#Share#{goal_id}#"


def to_item(share: Share) -> Item:
    """Return the item of a share; the index lists it with its goal, in the partition of the owner."""
    place = {"GSI1PK": goals.partition(share.owner_id), "GSI1SK": f"{listed(share.goal_id)}{share.user_id}"}
    return records.to_item(key(share.user_id, share.goal_id), "Share", share) | place


def from_item(item: Item) -> Share:
    """Return the share of an item."""
    return records.from_item(Share, item)


def view(share: Share) -> View:
    """Return what the owner sees of a share."""
    return {
        "goal_id": share.goal_id,
        "user_id": share.user_id,
        "role": share.role,
        "shared_at": share.shared_at,
    }


def _of_members(caller: Caller, received: Sequence[Share]) -> Iterator[Access]:
    """Yield the goals of shares whose owners are members: one call for the goals, and a consistent one for the owners.

    Two calls, because a hundred of each are more than one call takes.
    """
    items = table.get_many([goals.key(share.owner_id, share.goal_id) for share in received])
    owners = [auth.membership_key(caller.tenant_id, share.owner_id) for share in received]
    for share, item, member in zip(received, items, table.get_many(owners, consistent=True), strict=True):
        if item is not None and item["tenant_id"] == caller.tenant_id and auth.is_member(member):
            yield Access(goals.from_item(item), share.role)


def _read(
    owner_id: str, goal_id: str, also: Callable[[str], list[Key]] | None, *, consistent: bool
) -> list[Item | None]:
    goal_key = goals.key(owner_id, goal_id)
    if also is None:
        return [table.get(goal_key, consistent=consistent)]
    return table.get_many([goal_key, *also(owner_id)], consistent=consistent)
