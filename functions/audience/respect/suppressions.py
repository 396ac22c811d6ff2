"""Addresses that must not be written to: found, added, counted, removed. Twice is once."""

from collections.abc import Iterable, Mapping, Sequence

from functions.audience.leads.suppression import (
    REASONS,
    Cause,
    Reason,
    Suppression,
    bounced_softly,
    digest,
    from_item,
    key,
    left,
    new,
    with_reason,
    without,
    written,
)
from shared import clock
from shared.storage import changes, table
from shared.storage.changes import Plan
from shared.storage.writes import Write

__all__ = ["REASONS", "Cause", "Reason", "Suppression", "add", "digest", "find", "remove", "soft_bounced", "stored"]


def find(tenant_id: str, channel: str, digests: Sequence[str]) -> Mapping[str, Suppression]:
    """Return the suppressions that there are of these digests, read consistently; a call for each hundred."""
    keys = [key(tenant_id, channel, each) for each in digests]
    items = table.get_many(keys, consistent=True) if keys else []
    found = {each: from_item(item) for each, item in zip(digests, items, strict=True) if item is not None}
    return {each: suppression for each, suppression in found.items() if suppression.is_one}


def add(
    tenant_id: str, channel: str, digest_: str, reason: Reason, *, source: str, topics: Iterable[str] = ()
) -> Suppression:
    """Suppress an address and return what is stored; twice is once.

    With topics, only for these; `unsubscribed` is the one reason that can be for a topic.
    """
    now = clock.now()
    cause = Cause(clock.to_rfc3339(now), source)

    def plan() -> Plan[Suppression]:
        before = stored(tenant_id, channel, digest_)
        known = before or new(tenant_id, channel, digest_, now)
        after = left(known, topics, cause) if topics else with_reason(known, reason, cause)
        return Plan(after, [] if after is before else [written(before, after)])

    return changes.make(plan)


def soft_bounced(tenant_id: str, channel: str, digest_: str, *, send_id: str) -> Suppression:
    """Count a message that could not be delivered for now; the third of an address suppresses it. Twice is once."""
    now = clock.now()
    cause = Cause(clock.to_rfc3339(now), "receipt")

    def plan() -> Plan[Suppression]:
        before = stored(tenant_id, channel, digest_)
        known = before or new(tenant_id, channel, digest_, now)
        after = bounced_softly(known, send_id, cause)
        return Plan(after, [] if after is before else [written(before, after)])

    return changes.make(plan)


def remove(
    tenant_id: str, channel: str, digest_: str, *, reasons: Iterable[Reason] = REASONS, also: Sequence[Write] = ()
) -> bool:
    """Take reasons away, by default all of them and the topics; return whether there were any.

    `also` is written in the same transaction, where there is something to take away.
    """
    ending = frozenset(reasons)
    now = clock.to_rfc3339(clock.now())

    def plan() -> Plan[bool]:
        before = stored(tenant_id, channel, digest_)
        after = None if before is None else without(before, ending, at=now)
        if before is None or after is None or after is before:
            return Plan(answer=False)
        return Plan(True, [written(before, after), *also])

    return changes.make(plan)


def stored(tenant_id: str, channel: str, digest_: str) -> Suppression | None:
    """Return what is stored of an address, also where it is not suppressed (yet, or any more)."""
    item = table.get(key(tenant_id, channel, digest_), consistent=True)
    return None if item is None else from_item(item)
