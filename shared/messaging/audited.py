"""Events for the audit log of a tenant, on a queue of their own (SQS FIFO) that keeps those of a tenant in their order.

The outbox sends them there itself: a rule of the bus keeps no order, and consumers that append to one chain at the same
time get into each other's way. The queue gives the events of one tenant to one consumer at a time.
"""

from collections.abc import Sequence
from typing import Final

from shared import config, ids
from shared.messaging import bus, queues
from shared.messaging.queues import Outgoing
from shared.storage.events import Event

_PREFIX: Final = "identity."
LEFT_OUT: Final = frozenset({"identity.session.refreshed", "identity.user.renamed"})
"""Not security events: a session goes on every quarter of an hour, and a name is a name.

Refreshed sessions have no event any more; `make republish` finds those of earlier versions for a week.
"""


def takes(event: Event) -> bool:
    """Return whether the audit log of a tenant keeps the event; an unknown address has no tenant."""
    return (
        event.event_type.startswith(_PREFIX)
        and event.event_type not in LEFT_OUT
        and ids.is_valid(event.tenant_id, "tenant")
    )


def put(happened: Sequence[Event]) -> int:
    """Send events that it takes, and return how many were taken before the first that was not.

    Of those behind it, none of the same tenant was. Raises Unavailable when nothing can be said of them.
    """
    if not happened:
        return 0
    return queues.put_in_order(
        config.audit_queue_url(),
        [_outgoing(event) for event in happened],
    )


def _outgoing(event: Event) -> Outgoing:
    # It says itself for which request it happened.
    return Outgoing(bus.message(event), group=event.tenant_id, known_as=event.event_id)
