"""When an attempt may begin at an endpoint that takes only so many messages a minute.

Every attempt has a slot of its own (`shared/pace.py`), also a retry, a replay and a test. One that has to wait for its
slot goes back to the queue until then. Slots are given an hour ahead at most: who finds none waits without. A new limit
has slots of its own from now on, so it holds at once.
"""

from typing import Final

from functions.webhooks.deliveries import Delivery
from functions.webhooks.endpoints import Endpoint
from shared.clock import SECOND, Instant
from shared.pace import Pace
from shared.storage import slots
from shared.storage.slots import NoSlot

REACH: Final[Instant] = 3600 * SECOND
LATENESS: Final[Instant] = 5 * SECOND
"""How long a slot is good: a message of a queue comes some seconds after its delay, which is in whole seconds."""


class Turn:
    """The slot of the next attempt of one delivery, which is reserved once however often the attempt is planned."""

    def __init__(self) -> None:
        self._given: Delivery | None = None

    def of(self, endpoint: Endpoint, delivery: Delivery, now: Instant) -> Delivery:
        """Return the delivery, due when its attempt may begin. Raises Unavailable."""
        if may_begin(endpoint, delivery, now):
            return delivery
        if _is_ahead(endpoint, delivery, now):
            return delivery._replace(due_at=delivery.slot)
        given = self._given
        if given is None or not (may_begin(endpoint, given, now) or _is_ahead(endpoint, given, now)):
            given = self._given = _with_slot(endpoint, delivery, now)
        return delivery._replace(due_at=given.due_at, slot=given.slot, paced=given.paced)


def may_begin(endpoint: Endpoint, delivery: Delivery, now: Instant) -> bool:
    """Return whether an attempt may begin now: by its slot, if the endpoint has a limit."""
    if endpoint.max_per_minute is None:
        return True
    slot = _slot(endpoint, delivery)
    return slot is not None and _pace(endpoint.max_per_minute).is_good(slot, now)


def without_slot(delivery: Delivery) -> Delivery:
    """Return the delivery without a slot, which is good for one attempt."""
    return delivery._replace(slot=None, paced=None)


def _is_ahead(endpoint: Endpoint, delivery: Delivery, now: Instant) -> bool:
    slot = _slot(endpoint, delivery)
    return slot is not None and slot > now


def _slot(endpoint: Endpoint, delivery: Delivery) -> Instant | None:
    """Return the slot of a delivery, None for none and for one that was given under another limit."""
    return delivery.slot if delivery.paced == endpoint.max_per_minute else None


def _pace(max_per_minute: int) -> Pace:
    return Pace(max_per_minute, lateness=LATENESS)


def _with_slot(endpoint: Endpoint, delivery: Delivery, now: Instant) -> Delivery:
    """Return the delivery with a slot of its own, or without one until the first is in reach. Raises Unavailable."""
    limit = endpoint.max_per_minute
    if limit is None:
        return delivery
    try:
        # By the limit as well: what is reserved under another one for an hour ahead is good no more.
        (slot,) = slots.reserve(f"{endpoint.endpoint_id}#{limit}", 1, _pace(limit), now=now, within=REACH)
    except NoSlot as none:
        return without_slot(delivery)._replace(due_at=none.until)
    return delivery._replace(due_at=slot, slot=slot, paced=limit)
