"""What the progress of a project milestone may follow: the keys by which another context asks for it, and who may.

A goal is followed by its owner and by whoever it is shared with, a tracked milestone by whoever sees its project.
"""

import re
from typing import Final, NamedTuple

from shared import ids
from shared.callers import auth, project_members
from shared.callers.caller import Caller
from shared.callers.project_members import ProjectNotFound
from shared.storage import table
from shared.storage.attributes import Key
from shared.storage.writes import PRESENT, Check, Condition

GOAL_ID: Final = "goal"
READS_GOALS: Final = "goals:read"
READS_TRACKED: Final = "milestones:read"

# RFC 9562, in the form in which it is handed out.
_UUID4 = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}", re.ASCII)
_NOT_DELETED: Final = Condition(
    "attribute_exists(#pk) AND attribute_not_exists(#deleted)", {"#pk": "PK", "#deleted": "deleted_at"}, {}
)


class Visible(NamedTuple):
    """A source that a caller may follow: the checks that this is still so, and whose goal it is if it is one."""

    checks: list[Check]
    owner_id: str | None = None


def is_tracked_id(text: str) -> bool:
    """Return whether a tracked milestone can have this id."""
    return _UUID4.fullmatch(text) is not None


def goal_key(owner_id: str, goal_id: str) -> Key:
    """Return the key of a goal."""
    return Key(f"USER#{owner_id}", f"GOAL#{goal_id}")


def share_key(user_id: str, goal_id: str) -> Key:
    """Return the key of the share that a user has of a goal; there is an item as long as it is shared with them."""
    return Key(f"USER#{user_id}", f"SHARE#{goal_id}")


def tracked_key(tenant_id: str, milestone_uid: str) -> Key:
    """Return the key of a tracked milestone."""
    return Key(f"TENANT#{tenant_id}#TRACKED#{milestone_uid}", "TRACKED")


def goal(caller: Caller, goal_id: str) -> Visible | None:
    """Return a goal that the caller owns or that is shared with them, None for any other; two calls at most."""
    if READS_GOALS not in caller.scopes or not ids.is_valid(goal_id, GOAL_ID):
        return None
    own, shared = goal_key(caller.user_id, goal_id), share_key(caller.user_id, goal_id)
    mine, share = table.get_many([own, shared], consistent=True)
    if mine is not None:
        return Visible([Check(own, PRESENT)], caller.user_id) if mine["tenant_id"] == caller.tenant_id else None
    if share is None:
        return None
    owner_id = share["owner_id"]
    of_owner = goal_key(owner_id, goal_id)
    found, member = table.get_many([of_owner, auth.membership_key(caller.tenant_id, owner_id)], consistent=True)
    if found is None or found["tenant_id"] != caller.tenant_id or not auth.is_member(member):
        return None
    return Visible([Check(of_owner, PRESENT), Check(shared, PRESENT)], owner_id)


def tracked_milestone(caller: Caller, milestone_uid: str) -> Visible | None:
    """Return a tracked milestone of a project that the caller sees, None for any other; two calls at most."""
    if READS_TRACKED not in caller.scopes or not is_tracked_id(milestone_uid):
        return None
    place = tracked_key(caller.tenant_id, milestone_uid)
    item = table.get(place, consistent=True)
    if item is None or "deleted_at" in item:
        return None
    try:
        project_members.require_visible(caller, item["project_id"])
    except ProjectNotFound:
        return None
    return Visible([Check(place, _NOT_DELETED)])
