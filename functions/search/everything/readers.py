"""As whom a caller reads: themselves, their tenant, and what others have given them.

What others give lies in the caller's own partition, so one query says it as it is now: a new share is found at once,
and one that was taken back finds nothing more. Search knows where such items lie and what they make of the caller, and
nothing else of them.
"""

from typing import Final, NamedTuple

from shared.callers.caller import Caller
from shared.storage import table
from shared.storage.attributes import Item

MOST_GIVEN: Final = 1000
"""How many gifts are looked at: the newest of them."""


class Gift(NamedTuple):
    """A kind of items in a user's partition, by the beginning of their sort keys, and as whom each lets them read."""

    prefix: str
    reader: str


SHARED_GOALS: Final = Gift("SHARE#", "goal:{goal_id}")


def of(caller: Caller) -> list[str]:
    """Return as whom a caller reads now; one query. Guests read nothing as members of the tenant."""
    own = [f"user:{caller.user_id}"] if "guest" in caller.roles else [f"user:{caller.user_id}", of_tenant(caller)]
    return [*own, *_given(caller, SHARED_GOALS)]


def of_tenant(caller: Caller) -> str:
    """Return the reader that everybody of a tenant is."""
    return f"tenant:{caller.tenant_id}"


def _given(caller: Caller, gift: Gift) -> list[str]:
    found: list[Item] = table.query(
        f"USER#{caller.user_id}", gift.prefix, limit=MOST_GIVEN, newest_first=True, consistent=True
    ).items
    return [gift.reader.format_map(item) for item in found]
