"""Payments that wait for a deposit of their project, and how they are looked at once that has changed."""

from collections.abc import Sequence
from typing import Any, Final

from functions.payments import payments
from functions.payments.escrow import funds
from shared.messaging import queues
from shared.messaging.queues import Outgoing
from shared.storage import table
from shared.storage.attributes import Item

SHOWN: Final = 100
"""How many of them are shown."""
_SHOWN: Final = ("payment_id", "amount_minor_units", "requested_at")


def of(tenant_id: str, project_id: str) -> list[dict[str, Any]]:
    """Return the payments of a project that wait, in the order in which they were asked for, at most 100; one query."""
    place = payments.queue_of(tenant_id, project_id)
    found = table.query(place, payments.WAITING, limit=SHOWN, consistent=True)
    return [{name: item[name] for name in _SHOWN} for item in found.items]


def wake(tenant_id: str, project_id: str, *, queue_url: str) -> int:
    """Have every payment looked at that waits and is covered by itself now, and return how many those are.

    One query, and one read more if any waits. Which of them go, their claims decide. Raises Unavailable.
    """
    found = [*table.query_all(payments.queue_of(tenant_id, project_id), payments.WAITING)]
    covered = _covered(tenant_id, project_id, found) if found else []
    told = [{name: item[name] for name in ("tenant_id", "payment_id")} for item in covered]
    queues.send_all(queue_url, [Outgoing(message, group=tenant_id) for message in told])
    return len(told)


def _covered(tenant_id: str, project_id: str, found: Sequence[Item]) -> list[Item]:
    """Return those that need not wait; all are in the currency of their project."""
    items = table.get_many(funds.keys(tenant_id, project_id, found[0]["currency"]), consistent=True)
    held = funds.of(items)
    return [item for item in found if held.cover(item["amount_minor_units"])]
