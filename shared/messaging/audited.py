"""Events for the audit log of a tenant, on a queue of their own (SQS FIFO) that keeps those of a tenant in their order.

The outbox sends them there itself: a rule of the bus keeps no order, and consumers that append to one chain at the same
time get into each other's way. The queue gives the events of one tenant to one consumer at a time.
"""

from collections.abc import Sequence
from typing import Final

from shared import config, ids
from shared.messaging import bus, declarations, queues
from shared.messaging.queues import Outgoing
from shared.storage.events import Event

_SECURITY: Final = "identity."
FORMER: Final = frozenset({"identity.session.refreshed"})
"""Types of earlier versions that are no security events; `make republish` finds their events for a week."""


def takes(event: Event) -> bool:
    """Return whether the audit log of a tenant keeps the event; an unknown address has no tenant.

    While a deployment runs, the writer of an event may know a type that is not declared here yet. A security event is
    kept then, for what is not sent now is in no log ever.
    """
    declared = declarations.EVENTS.get(event.event_type)
    if declared is None:
        is_audited = event.event_type.startswith(_SECURITY) and event.event_type not in FORMER
    else:
        is_audited = declared.is_audited
    return is_audited and ids.is_valid(event.tenant_id, "tenant")


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
