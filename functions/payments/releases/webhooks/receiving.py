"""How an event of a gateway is taken: once, for the payment of its reference, or kept until that is there."""

from functools import partial
from typing import Literal

from functions.payments.gateways import references
from functions.payments.gateways.told import Told
from functions.payments.releases import opening
from functions.payments.releases.webhooks import applying, events
from functions.payments.releases.webhooks.events import Waiting
from shared import clock
from shared.messaging import sweep_parts
from shared.observability import logger
from shared.storage import changes
from shared.storage.changes import Plan
from shared.storage.writes import Write

Taken = Literal["received", "repeated", "kept"]


def receive(gateway: str, told: Told) -> Taken:
    """Apply an event, and return what has become of it: `kept` while nobody knows its payment."""

    def plan() -> Plan[Taken]:
        now = clock.now()
        if events.is_seen(gateway, told.event_id, now):
            return Plan("repeated")
        follows = _follows(gateway, told)
        if follows is None:
            return Plan("kept", [events.kept(gateway, told, now)])
        return Plan("received", [events.seen(gateway, told, now), *follows])

    return changes.make(plan)


def sweep() -> int:
    """Apply the events whose payments are there by now, give up those that have waited for a week; return how many.

    Raises ExceptionGroup, after all, for those that failed.
    """
    return sum(sweep_parts.run({each.event_id: partial(_again, each) for each in events.waiting()}).values())


def _again(waiting: Waiting) -> bool:
    def plan() -> Plan[bool]:
        follows = _follows(waiting.gateway, waiting.told)
        if follows is not None:
            return Plan(True, [events.ended(waiting), *follows])
        if clock.now() - clock.from_rfc3339(waiting.received_at) < events.WAITS:
            return Plan(False)
        logger.warning("an event of a gateway is of no payment", gateway=waiting.gateway, event_id=waiting.event_id)
        return Plan(True, [events.ended(waiting)])

    return changes.make(plan)


def _follows(gateway: str, told: Told) -> list[Write] | None:
    """Return the writes that follow from an event, None if nobody knows its payment."""
    found = references.find(gateway, told.reference)
    opened = None if found is None else opening.by_itself(found.tenant_id, found.payment_id)
    return None if opened is None else applying.writes(opened, told, clock.now())
