"""Addresses that must not be written to: one item for each channel and address, which outlives the lead.

The address is kept as a digest under a key of the tenant. An item has every reason there is, for the channel or for one
topic of it, so that one reason that ends leaves the others.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final, Literal, NamedTuple

from functions.audience.settings.settings import Audience
from shared import clock
from shared.clock import Instant
from shared.storage import changes, records, table
from shared.storage.attributes import Item, Key
from shared.storage.changes import Plan
from shared.storage.writes import ABSENT, Put, Write, unchanged

Reason = Literal["unsubscribed", "hard_bounce", "complaint", "soft_bounces", "manual", "imported"]
REASONS: Final[tuple[Reason, ...]] = ("unsubscribed", "hard_bounce", "complaint", "soft_bounces", "manual", "imported")
SHARDS: Final = 16
"""The list of a tenant is spread over so many partitions of the index."""
MOST_TOPICS: Final = 100
"""Topics that somebody unsubscribes from one by one; with the next one they are out of the channel."""
MOST_SOFT_BOUNCES: Final = 3

_ENTITY: Final = "Suppression"
_KINDS: Final = {"email": "email", "sms": "phone", "whatsapp": "phone"}


class Cause(NamedTuple):
    """Since when there is a reason, and where it came from."""

    at: str
    source: str


class Suppression(NamedTuple):
    """Why an address is not written to on a channel.

    `reasons` hold for the channel, `topics` for the topics that somebody unsubscribed from. `soft_bounces` are the
    messages that could not be delivered for now; below three they are no reason.
    """

    tenant_id: str
    channel: str
    digest: str
    created_at: str
    updated_at: str
    version: int
    reasons: Mapping[Reason, Cause] = {}
    topics: Mapping[str, Cause] = {}
    soft_bounces: tuple[str, ...] = ()

    @property
    def is_one(self) -> bool:
        """Whether there is a reason, for the channel or for a topic."""
        return bool(self.reasons or self.topics)


def digest(audience: Audience, channel: str, address: str) -> str:
    """Return the digest of an address: of one number for SMS and WhatsApp, of what the channel sends to for others."""
    return audience.digests.of(_KINDS.get(channel, channel), address)


def key(tenant_id: str, channel: str, digest_: str) -> Key:
    """Return the key of a suppression."""
    return Key(f"TENANT#{tenant_id}#SUPPRESSED#{channel}#{digest_}", "SUPPRESSED")


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
        if send_id in known.soft_bounces or len(known.soft_bounces) == MOST_SOFT_BOUNCES:
            return Plan(known)
        after = _changed(known._replace(soft_bounces=(*known.soft_bounces, send_id)), cause.at)
        if len(after.soft_bounces) == MOST_SOFT_BOUNCES:
            after = after._replace(reasons={**after.reasons, "soft_bounces": cause})
        return Plan(after, [written(before, after)])

    return changes.make(plan)


def remove(
    tenant_id: str, channel: str, digest_: str, *, reasons: Iterable[Reason] = REASONS, also: Sequence[Write] = ()
) -> bool:
    """Take reasons away, by default all of them with the topics; return whether there were any.

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


def new(tenant_id: str, channel: str, digest_: str, at: Instant) -> Suppression:
    """Return what is known of an address before there is a reason."""
    moment = clock.to_rfc3339(at)
    return Suppression(tenant_id, channel, digest_, moment, moment, version=0)


def with_reason(suppression: Suppression, reason: Reason, cause: Cause) -> Suppression:
    """Return a suppression with a reason; itself where it has it already."""
    if reason in suppression.reasons:
        return suppression
    return _changed(suppression._replace(reasons={**suppression.reasons, reason: cause}), cause.at)


def left(suppression: Suppression, topics: Iterable[str], cause: Cause) -> Suppression:
    """Return a suppression after somebody unsubscribed from topics; itself where it names them already."""
    gone = {each: cause for each in topics if each not in suppression.topics}
    if not gone:
        return suppression
    if len(suppression.topics) + len(gone) > MOST_TOPICS:
        return with_reason(suppression, "unsubscribed", cause)
    return _changed(suppression._replace(topics={**suppression.topics, **gone}), cause.at)


def without(suppression: Suppression, reasons: frozenset[Reason], *, at: str) -> Suppression:
    """Return a suppression without these reasons; itself where it has none of them.

    Topics end with `unsubscribed`, and messages that could not be delivered with `soft_bounces`.
    """
    kept = suppression._replace(
        reasons={reason: cause for reason, cause in suppression.reasons.items() if reason not in reasons},
        topics={} if "unsubscribed" in reasons else suppression.topics,
        soft_bounces=() if "soft_bounces" in reasons else suppression.soft_bounces,
    )
    return suppression if kept == suppression else _changed(kept, at)


def written(before: Suppression | None, after: Suppression) -> Put:
    """Return the write of a suppression that nobody else has changed since `before`."""
    return Put(to_item(after), ABSENT if before is None else unchanged(before.version))


def to_item(suppression: Suppression) -> Item:
    """Return the item of a suppression; it is in the list while there is a reason."""
    place = key(suppression.tenant_id, suppression.channel, suppression.digest)
    item = records.to_item(place, _ENTITY, suppression)
    for name in ("reasons", "topics"):
        if name in item:
            item[name] = {each: list(cause) for each, cause in item[name].items()}
    if suppression.is_one:
        item |= {"GSI1PK": partition(suppression.tenant_id, _shard(suppression)), "GSI1SK": suppression.updated_at}
    return item


def from_item(item: Item) -> Suppression:
    """Return the suppression of an item."""
    found = records.from_item(Suppression, item)
    return found._replace(
        reasons={reason: Cause(*each) for reason, each in found.reasons.items()},
        topics={topic: Cause(*each) for topic, each in found.topics.items()},
        soft_bounces=tuple(found.soft_bounces),
    )


def partition(tenant_id: str, shard: int) -> str:
    """Return a partition of the list of a tenant, in the index."""
    return f"TENANT#{tenant_id}#SUPPRESSIONS#{shard:02d}"


def view(suppression: Suppression) -> dict[str, Any]:
    """Return what callers see of a suppression: the digest, never the address."""
    return {
        "channel": suppression.channel,
        "digest": suppression.digest,
        "reasons": [{"reason": reason, **cause._asdict()} for reason, cause in suppression.reasons.items()],
        "topics": [{"topic": topic, **cause._asdict()} for topic, cause in suppression.topics.items()],
        "created_at": suppression.created_at,
        "updated_at": suppression.updated_at,
        "version": suppression.version,
    }


def _shard(suppression: Suppression) -> int:
    return int(suppression.digest[:1], 16)


def _changed(suppression: Suppression, at: str) -> Suppression:
    return suppression._replace(updated_at=at, version=suppression.version + 1)
