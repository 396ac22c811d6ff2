"""As whom a caller reads: themselves, their tenant, and what others have given them.

Goals that are shared lie in the caller's own partition, so one query says it as it is now: a new share is found at
once, and one that was taken back finds nothing more. Projects lie there in the index; who is in which is remembered for
a moment, as the index that is searched is. Search knows where such items lie and what they make of the caller, and
nothing else of them.
"""

from collections.abc import Iterator
from typing import Final

from functions.search.indexing.readers import LOOKED_AT_EVERY
from shared import clock
from shared.callers.caller import Caller
from shared.clock import Instant
from shared.messaging import search_feed
from shared.storage import table
from shared.storage.attributes import Item

MOST_GIVEN: Final = 1000
"""How many gifts of a kind are looked at: the newest of them."""
_SHARED_GOALS: Final = "SHARE#"
_OF_PROJECTS: Final = frozenset({"payments:read", "projects:read"})
"""Without one of these scopes, nothing is read that belongs to a project."""
_ADMINS: Final = frozenset({"payments:admin", "projects:admin"})
"""The scopes of those who count as managers of every project, and what they read as."""
_IN_PROJECTS: Final = "ENTITY#ProjectMember#"
_MOST_KNOWN: Final = 1_000
_known: dict[str, tuple[Instant, list[Item]]] = {}


def of(caller: Caller) -> list[str]:
    """Return as whom a caller reads now; a query for goals, and one for projects unless they were just looked at.

    Guests read nothing as members of the tenant.
    """
    own = [f"user:{caller.user_id}"] if _is_guest(caller) else [f"user:{caller.user_id}", of_tenant(caller)]
    goals = _goals(caller) if "goals:read" in caller.scopes else []
    return [*own, *goals, *(_projects(caller) if _OF_PROJECTS & caller.scopes else [])]


def of_tenant(caller: Caller) -> str:
    """Return the reader that everybody of a tenant is."""
    return f"tenant:{caller.tenant_id}"


def forget() -> None:
    """Forget who is in which project, as a new instance has looked at nothing."""
    _known.clear()


def _goals(caller: Caller) -> list[str]:
    partition = f"USER#{caller.user_id}"
    found = table.query(partition, _SHARED_GOALS, limit=MOST_GIVEN, newest_first=True, consistent=True).items
    return [f"goal:{item['goal_id']}" for item in found]


def _projects(caller: Caller) -> Iterator[str]:
    for item in _memberships(caller.user_id):
        # A user may be a member of several tenants, and of projects of each.
        if item["tenant_id"] == caller.tenant_id:
            for role in item["roles"]:
                yield search_feed.in_project(item["project_id"], role)
                if not _is_guest(caller):
                    yield search_feed.in_project(item["project_id"], role, of_tenant=True)
    yield from sorted(_ADMINS & caller.scopes)


def _memberships(user_id: str) -> list[Item]:
    now = clock.now()
    if (known := _known.get(user_id)) is not None and now - known[0] < LOOKED_AT_EVERY:
        return known[1]
    if len(_known) >= _MOST_KNOWN:
        _known.clear()
    found: list[Item] = table.query(
        f"USER#{user_id}", _IN_PROJECTS, limit=MOST_GIVEN, newest_first=True, index=True
    ).items
    _known[user_id] = now, found
    return found


def _is_guest(caller: Caller) -> bool:
    return "guest" in caller.roles
