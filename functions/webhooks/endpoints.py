"""A webhook endpoint of a tenant: its record, its keys, its secrets, and how it is read. `endpoint_lifecycle.py`
changes it.

A secret is sealed and shown once. After a rotation the one before signs for another day, besides the new one.
"""

from collections.abc import Iterator, Sequence
from typing import Any, Final

from functions.webhooks import published
from shared import clock, config, ids, sealing
from shared.callers.auth import Caller
from shared.clock import Instant
from shared.errors import NotFound
from shared.stage_secrets import StageSecret
from shared.storage import events, table
from shared.storage.attributes import Item, Key
from shared.storage.writes import ABSENT, Delete, Put, unchanged

MAX_ENDPOINTS: Final = 20

View = dict[str, Any]

secret = StageSecret(config.webhook_secret_id)

# Longer than failures that belong together are apart (retry.py).
_HEALTH_KEPT = 7 * clock.DAY
_PREFIX = "WEBHOOK#"
_HEALTH_PREFIX = "WEBHOOKHEALTH#"
_SHOWN = (
    "endpoint_id",
    "url",
    "description",
    "event_types",
    "disabled",
    "disabled_reason",
    "created_by",
    "created_at",
    "updated_at",
    "version",
)


class EndpointNotFound(NotFound):
    """404: your tenant has no webhook endpoint with this id."""

    def __init__(self) -> None:
        super().__init__("Your tenant has no webhook endpoint with this id.")


def partition(tenant_id: str) -> str:
    """Return the partition that everything of a tenant's webhooks lies in."""
    return f"TENANT#{tenant_id}"


def key(tenant_id: str, endpoint_id: str) -> Key:
    """Return the key of an endpoint. Raises EndpointNotFound for an id that none can have."""
    if not ids.is_valid(endpoint_id, "endpoint"):
        raise EndpointNotFound
    return Key(partition(tenant_id), f"{_PREFIX}{endpoint_id}")


def health_key(tenant_id: str, endpoint_id: str) -> Key:
    """Return the key of the item that is there while an endpoint fails or is slow."""
    return Key(partition(tenant_id), f"{_HEALTH_PREFIX}{endpoint_id}")


def count_key(tenant_id: str) -> Key:
    """Return the key of the item that says how many endpoints a tenant has."""
    return Key(partition(tenant_id), "WEBHOOKS")


def to_item(caller: Caller, fields: Item, *, at: Instant) -> Item:
    """Return the item of a new endpoint with a url, a description and event types, without secrets yet."""
    endpoint_id = ids.new("endpoint", at=at)
    pk, sk = key(caller.tenant_id, endpoint_id)
    return {
        "PK": pk,
        "SK": sk,
        "entity": "WebhookEndpoint",
        "tenant_id": caller.tenant_id,
        "endpoint_id": endpoint_id,
        **fields,
        "disabled": False,
        "disabled_reason": None,
        "secrets": [],
        "created_by": caller.user_id,
        "created_at": clock.to_rfc3339(at),
        "updated_at": clock.to_rfc3339(at),
        "version": 1,
    }


def counted(tenant_id: str, count: int, *, version: int) -> Put:
    """Return the write that counts a tenant's endpoints; its version keeps two from being the last one both."""
    pk, sk = count_key(tenant_id)
    item = {"PK": pk, "SK": sk, "entity": "WebhookCount", "endpoints": count, "version": version + 1}
    return Put(item, unchanged(version) if version else ABSENT)


def unwell(endpoint: Item, *, failing_since: Instant | None, at: Instant) -> Put:
    """Return the write that says that an endpoint failed or was slow just now; None is for slow."""
    pk, sk = health_key(endpoint["tenant_id"], endpoint["endpoint_id"])
    item = {
        "PK": pk,
        "SK": sk,
        "entity": "WebhookHealth",
        "endpoint_id": endpoint["endpoint_id"],
        "failing_since": failing_since,
        "noted_at": at,
        "ttl": (at + _HEALTH_KEPT) // clock.SECOND,
    }
    return Put(item)


def well(endpoint: Item) -> Delete:
    """Return the write that says that an endpoint answers as it should."""
    return Delete(health_key(endpoint["tenant_id"], endpoint["endpoint_id"]))


def sealed(endpoint_id: str, text: str, *, at: Instant) -> Item:
    """Return how a secret stands in its endpoint. Raises Unavailable."""
    seal = sealing.seal(secret, text, owner=endpoint_id)
    return {
        "secret_id": ids.new("secret", at=at),
        "sealed": seal,
        "created_at": clock.to_rfc3339(at),
        "ends_at": None,
    }


def live(endpoint: Item, at: Instant) -> list[Item]:
    """Return the secrets that still sign, the newest first."""
    return [each for each in endpoint["secrets"] if each["ends_at"] is None or at < each["ends_at"]]


def signing_keys(endpoint: Item, at: Instant) -> list[str]:
    """Return the secrets that a message of this instant is signed with. Raises Unavailable."""
    return [sealing.unseal(secret, each["sealed"], owner=endpoint["endpoint_id"]) for each in live(endpoint, at)]


def get(caller: Caller, endpoint_id: str) -> View:
    """Return an endpoint of the caller's tenant. Raises EndpointNotFound."""
    place = key(caller.tenant_id, endpoint_id)
    endpoint, health = table.get_many([place, health_key(caller.tenant_id, endpoint_id)])
    if endpoint is None:
        raise EndpointNotFound
    return view(endpoint, health, clock.now())


def page(caller: Caller, *, limit: int, cursor: str | None) -> tuple[list[View], str | None]:
    """Return a page of the endpoints of the caller's tenant, oldest first; one query and one call."""
    found = table.query(partition(caller.tenant_id), _PREFIX, limit=limit, cursor=cursor)
    asked = [health_key(caller.tenant_id, item["endpoint_id"]) for item in found.items]
    now = clock.now()
    pairs = zip(found.items, table.get_many(asked), strict=True)
    return [view(endpoint, health, now) for endpoint, health in pairs], found.next_cursor


def listening(tenant_id: str, event_type: str) -> Iterator[tuple[Item, Item | None]]:
    """Yield the endpoints of a tenant that are to be told of an event, each with its health; one query."""
    found = list(table.query_all(partition(tenant_id), "WEBHOOK"))
    healths = {item["endpoint_id"]: item for item in found if item["entity"] == "WebhookHealth"}
    for item in found:
        is_enabled = item["entity"] == "WebhookEndpoint" and not item["disabled"]
        if is_enabled and published.matches(item["event_types"], event_type):
            yield item, healths.get(item["endpoint_id"])


def view(endpoint: Item, health: Item | None, at: Instant) -> View:
    """Return what callers see of an endpoint; never a secret."""
    failing_since = None if health is None else health["failing_since"]
    return {
        **{name: endpoint[name] for name in _SHOWN},
        "failing_since": None if failing_since is None else clock.to_rfc3339(failing_since),
        "secrets": [_secret_view(each) for each in live(endpoint, at)],
    }


def happened(what: str, endpoint: Item, at: Instant, *, follows: str | None = None, **data: Any) -> Put:
    """Return the write of the event `notifications.<what>` about an endpoint; `follows` as in `events.occurred`."""
    return events.occurred(
        f"notifications.{what}",
        partition=partition(endpoint["tenant_id"]),
        subject_id=endpoint["endpoint_id"],
        tenant_id=endpoint["tenant_id"],
        at=at,
        data={"endpoint_id": endpoint["endpoint_id"], **data},
        follows=follows,
    )


def _secret_view(entry: Item) -> View:
    ends_at = entry["ends_at"]
    shown = {name: entry[name] for name in ("secret_id", "created_at")}
    return shown | {"ends_at": None if ends_at is None else clock.to_rfc3339(ends_at)}


def next_version(endpoint: Item, at: Instant, **changes: Any) -> Item:
    """Return an endpoint at its next version."""
    changed = {"updated_at": clock.to_rfc3339(at), "version": endpoint["version"] + 1}
    return endpoint | changes | changed


def written(before: Item, after: Item) -> Put:
    """Return the write of an endpoint that was at another version before."""
    return Put(after, unchanged(before["version"]))


def states(tenant_id: str, endpoint_id: str, *others: Key) -> Sequence[Item | None]:
    """Return an endpoint, its health, and what lies under other keys, as they are now; one call."""
    places = [key(tenant_id, endpoint_id), health_key(tenant_id, endpoint_id), *others]
    return table.get_many(places, consistent=True)
