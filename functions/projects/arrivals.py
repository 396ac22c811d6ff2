"""Plans that arrive: written in several transactions, and shown by no list before they are whole.

Each row that is written for a plan names it. While the item of the plan says that it is staged, lists leave its rows
out; one write that says otherwise shows them all. A plan whose item is gone has arrived: the rows of one that failed
are removed before it.
"""

from collections.abc import Callable, Sequence
from typing import Final, NamedTuple

from shared.callers import project_members
from shared.storage import table
from shared.storage.attributes import Item, Key
from shared.storage.table import Page

PLAN: Final = "plan_id"
"""The attribute by which a row names its plan; every later change of the row drops it."""
HIDDEN: Final = frozenset({"staged", "dropped"})
"""The statuses of a plan whose rows no list shows."""


class Arriving(NamedTuple):
    """Which plan a row belongs to."""

    tenant_id: str
    project_id: str
    plan_id: str


def key(arriving: Arriving) -> Key:
    """Return the key of a plan that arrives."""
    return Key(project_members.partition(arriving.tenant_id, arriving.project_id), f"PLAN#{arriving.plan_id}")


def shown(tenant_id: str, read: Callable[[], Page]) -> Page:
    """Return what `read` returns, without rows of plans that are still to arrive.

    It is one call more for rows of a plan, and another reading for those of one that has just arrived: when they were
    read, not all of them may have been there.
    """
    arrived = set[Arriving]()
    while True:
        page = read()
        unknown = {plan for plan in map(_plan(tenant_id), page.items) if plan is not None} - arrived
        waiting = _waiting(sorted(unknown))
        if waiting == unknown:
            of_plan = _plan(tenant_id)
            return Page([item for item in page.items if of_plan(item) not in waiting], page.next_cursor)
        arrived |= unknown - waiting


def _plan(tenant_id: str) -> Callable[[Item], Arriving | None]:
    def plan(item: Item) -> Arriving | None:
        return Arriving(tenant_id, project_members.project_of(item), item[PLAN]) if PLAN in item else None

    return plan


def _waiting(plans: Sequence[Arriving]) -> set[Arriving]:
    """Return those of the plans whose rows are not to be shown."""
    found = table.get_many([key(each) for each in plans], consistent=True) if plans else []
    return {plan for plan, item in zip(plans, found, strict=True) if item is not None and item["status"] in HIDDEN}
