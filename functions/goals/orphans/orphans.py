"""Orphaned goals: those whose owner was removed from the tenant, or is disabled.

They are closed to everybody the owner shared them with, and so are the owner's links. An owner of the tenant reads and
deletes them, and ends their shares, naming whose goals they are. When their owner is back, everything is as it was.
"""

from functions.goals import goals, views
from functions.goals import lifecycle as goal_lifecycle
from functions.goals.goals import Goal, GoalNotFound
from functions.goals.sharing import shares
from functions.goals.views import View
from shared import ids
from shared.callers import auth
from shared.callers.auth import Caller
from shared.errors import Conflict, Forbidden, NotFound
from shared.storage import table
from shared.storage.attributes import Item, Key

TENANT_OWNER = "tenant_owner"
"""As whom an owner of the tenant sees an orphaned goal."""


class NotTenantOwner(Forbidden):
    """403: only an owner of the tenant sees the goals of a member who was removed or disabled."""


class OwnerIsActive(Conflict):
    """409: this member is active, and their goals are theirs alone; the goals of removed and disabled members show."""


class OwnerNotFound(NotFound):
    """404: your tenant never had this member, or they left no goals."""


def page(caller: Caller, owner_id: str, *, limit: int, cursor: str | None) -> tuple[list[View], str | None]:
    """Return a page of the goals of a removed or disabled member, newest first; one call and one query.

    Raises NotTenantOwner, OwnerIsActive, OwnerNotFound.
    """
    actor, member = _read(caller, owner_id)
    if not _governs(actor):
        raise NotTenantOwner("Only an owner of the tenant sees these goals; ask one of them.")
    if auth.is_member(member):
        raise OwnerIsActive("This member is active, and their goals are theirs alone.")
    if not ids.is_valid(owner_id, "user"):
        raise _owner_not_found()
    found, next_cursor = goals.page(owner_id, limit=limit, cursor=cursor)
    # A user is of one tenant all their life: where one goal is of another tenant, all are, and the cursor would tell.
    is_ours = all(each.tenant_id == caller.tenant_id for each in found)
    if not is_ours or (member is None and not found):
        raise _owner_not_found()
    return [views.goal(each, goals.present(each), role=TENANT_OWNER) for each in found], next_cursor


def get(caller: Caller, owner_id: str, goal_id: str) -> View:
    """Return an orphaned goal with its progress, its milestones and its answers. Raises GoalNotFound."""
    goal = open_goal(caller, owner_id, goal_id)
    return {**views.goal(goal, goals.present(goal), role=TENANT_OWNER), "answers": goals.answers_of(goal)}


def answers(caller: Caller, owner_id: str, goal_id: str) -> dict[str, str] | None:
    """Return the answers of an orphaned goal. Raises GoalNotFound."""
    return goals.answers_of(open_goal(caller, owner_id, goal_id))


def export(caller: Caller, owner_id: str, goal_id: str, *, limit: int, cursor: str | None) -> View:
    """Return a page of the export of an orphaned goal, with its tasks and its history. Raises GoalNotFound."""
    from functions.goals.transfer import exports  # noqa: PLC0415 - nobody else waits for it on a cold start

    return exports.page_of_goal(open_goal(caller, owner_id, goal_id), limit=limit, cursor=cursor)


def delete(caller: Caller, owner_id: str, goal_id: str, *, if_match: str | None = None) -> None:
    """Delete an orphaned goal, as its owner would have. Raises GoalNotFound, Stale."""
    goal_lifecycle.remove(lambda: open_goal(caller, owner_id, goal_id), if_match=if_match)


def page_of_shares(
    caller: Caller, owner_id: str, goal_id: str, *, limit: int, cursor: str | None
) -> tuple[list[View], str | None]:
    """Return a page of those an orphaned goal is shared with. Raises GoalNotFound."""
    return shares.page_of_goal(open_goal(caller, owner_id, goal_id), limit=limit, cursor=cursor)


def unshare(caller: Caller, owner_id: str, goal_id: str, user_id: str) -> None:
    """End the sharing of an orphaned goal with a user. Raises GoalNotFound, ShareNotFound."""
    shares.end(lambda: open_goal(caller, owner_id, goal_id), user_id)


def open_goal(caller: Caller, owner_id: str, goal_id: str) -> Goal:
    """Return an orphaned goal to an owner of its tenant; one consistent call.

    Who governs is read from the table, for whoever was just demoted still holds a token of an owner. Raises
    GoalNotFound for everybody else, and for a goal whose owner is active.
    """
    if not ids.is_valid(owner_id, "user"):
        raise GoalNotFound
    actor, member, goal = _read(caller, owner_id, goals.key(owner_id, goal_id))
    if goal is None or goal["tenant_id"] != caller.tenant_id or not _governs(actor) or auth.is_member(member):
        raise GoalNotFound
    return goals.from_item(goal)


def _read(caller: Caller, owner_id: str, *also: Key) -> list[Item | None]:
    """Return the membership of the caller, that of the owner, and what else is asked for."""
    members = [auth.membership_key(caller.tenant_id, each) for each in (caller.user_id, owner_id)]
    return table.get_many([*members, *also], consistent=True)


def _owner_not_found() -> OwnerNotFound:
    return OwnerNotFound("Your tenant never had this member, or they left no goals.")


def _governs(membership: Item | None) -> bool:
    return membership is not None and auth.is_member(membership) and membership["role"] == "owner"
