"""What suppresses an address: its record and key, and what makes of one the next. It outlives the lead.

The address is kept as a digest under a key of the tenant. An item has every reason there is, for the channel or for one
topic of it, so that one reason that ends leaves the others.
"""

from collections.abc import Iterable, Mapping
from typing import Any, Final, Literal, NamedTuple

from functions.audience.settings.settings import Audience
from shared import clock
from shared.clock import Instant
from shared.storage import records
from shared.storage.attributes import Item, Key
from shared.storage.writes import ABSENT, Put, unchanged

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
    return audience.digests.of(kind(channel), address)


def kind(channel: str) -> str:
    """Return of which kind the addresses of a channel are."""
    return _KINDS.get(channel, channel)


def key(tenant_id: str, channel: str, digest_: str) -> Key:
    """Return the key of a suppression."""
    return Key(f"TENANT#{tenant_id}#SUPPRESSED#{channel}#{digest_}", "SUPPRESSED")


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


def back(suppression: Suppression, topic: str, *, at: str) -> Suppression:
    """Return a suppression after somebody has agreed to a topic again; itself where they had not left it."""
    if topic not in suppression.topics:
        return suppression
    topics = {name: cause for name, cause in suppression.topics.items() if name != topic}
    return _changed(suppression._replace(topics=topics), at)


def bounced_softly(suppression: Suppression, send_id: str, cause: Cause) -> Suppression:
    """Return a suppression after a message could not be delivered for now; itself where that is known, or no news."""
    if send_id in suppression.soft_bounces or len(suppression.soft_bounces) == MOST_SOFT_BOUNCES:
        return suppression
    after = _changed(suppression._replace(soft_bounces=(*suppression.soft_bounces, send_id)), cause.at)
    if len(after.soft_bounces) < MOST_SOFT_BOUNCES:
        return after
    return after._replace(reasons={**after.reasons, "soft_bounces": cause})


def without(suppression: Suppression, reasons: frozenset[Reason], *, at: str) -> Suppression:
    """Return a suppression without these reasons; itself where it has none of them.

    Topics end with all reasons only, and messages that could not be delivered with `soft_bounces`.
    """
    kept = suppression._replace(
        reasons={reason: cause for reason, cause in suppression.reasons.items() if reason not in reasons},
        topics={} if reasons.issuperset(REASONS) else suppression.topics,
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
        "suppression_id": f"{suppression.channel}-{suppression.digest}",
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
