"""A webhook endpoint of a tenant: its record, its keys, its secrets, and how it is read. `endpoint_lifecycle.py`
changes it.

A secret is sealed and shown once. After a rotation the one before signs for another day, besides the new one.
"""

from collections.abc import Iterator, Sequence
from typing import Any, Final, NamedTuple

from functions.webhooks import published
from shared import clock, config, ids, sealing
from shared.callers.auth import Caller
from shared.clock import Instant
from shared.errors import NotFound
from shared.stage_secrets import StageSecret
from shared.storage import records, table
from shared.storage.attributes import Item, Key
from shared.storage.writes import ABSENT, Delete, Put, unchanged

MAX_ENDPOINTS: Final = 20

View = dict[str, Any]

secret = StageSecret(lambda: config.secret_id("WEBHOOK"))

# Longer than failures that belong together are apart (retry.py).
_HEALTH_KEPT = 7 * clock.DAY
PREFIX: Final = "WEBHOOK#"
"""What the sort keys of all endpoints of a tenant begin with."""
_HEALTH_PREFIX = "WEBHOOKHEALTH#"
# How filters are named in an item. Those without this attribute, 1, call webhooks notifications.
_NAMING = 2


class EndpointNotFound(NotFound):
    """404: your tenant has no webhook endpoint with this id."""

    def __init__(self) -> None:
        super().__init__("Your tenant has no webhook endpoint with this id.")


class Secret(NamedTuple):
    """A secret that signs, sealed; `ends_at` is when it signs no longer, None for the newest."""

    secret_id: str
    sealed: str
    created_at: str
    ends_at: Instant | None


class Endpoint(NamedTuple):
    """An endpoint as it is stored."""

    tenant_id: str
    endpoint_id: str
    url: str
    description: str
    event_types: Sequence[str]
    disabled: bool
    disabled_reason: str | None
    secrets: Sequence[Secret]
    created_by: str
    created_at: str
    updated_at: str
    version: int
    max_per_minute: int | None = None


class Health(NamedTuple):
    """That an endpoint fails, since when, or is slow, and when it last did or was."""

    endpoint_id: str
    failing_since: Instant | None
    noted_at: Instant


class Count(NamedTuple):
    """How many endpoints a tenant has."""

    endpoints: int
    version: int


class State(NamedTuple):
    """An endpoint, its health, and what else was read in the same call; None for what is not there."""

    endpoint: Endpoint | None
    health: Health | None
    others: Sequence[Item | None]


def partition(tenant_id: str) -> str:
    """Return the partition that everything of a tenant's webhooks lies in."""
    return f"TENANT#{tenant_id}"


def key(tenant_id: str, endpoint_id: str) -> Key:
    """Return the key of an endpoint. Raises EndpointNotFound for an id that none can have."""
    if not ids.is_valid(endpoint_id, "endpoint"):
        raise EndpointNotFound
    return Key(partition(tenant_id), f"{PREFIX}{endpoint_id}")


def health_key(tenant_id: str, endpoint_id: str) -> Key:
    """Return the key of the item that is there while an endpoint fails or is slow."""
    return Key(partition(tenant_id), f"{_HEALTH_PREFIX}{endpoint_id}")


def count_key(tenant_id: str) -> Key:
    """Return the key of the item that says how many endpoints a tenant has."""
    return Key(partition(tenant_id), "WEBHOOKS")


def new(caller: Caller, fields: Item, *, at: Instant) -> Endpoint:
    """Return a new endpoint with what the caller says of it, without secrets yet."""
    now = clock.to_rfc3339(at)
    return Endpoint(
        tenant_id=caller.tenant_id,
        endpoint_id=ids.new("endpoint", at=at),
        url=fields["url"],
        description=fields["description"],
        event_types=fields["event_types"],
        disabled=False,
        disabled_reason=None,
        secrets=(),
        created_by=caller.user_id,
        created_at=now,
        updated_at=now,
        version=1,
        max_per_minute=fields["max_per_minute"],
    )


def to_item(endpoint: Endpoint) -> Item:
    """Return the item of an endpoint."""
    item = records.to_item(key(endpoint.tenant_id, endpoint.endpoint_id), "WebhookEndpoint", endpoint)
    return item | {"secrets": [each._asdict() for each in endpoint.secrets], "naming": _NAMING}


def from_item(item: Item) -> Endpoint:
    """Return the endpoint of an item, with filters as they are named now."""
    filters = item["event_types"] if "naming" in item else [published.renamed(each) for each in item["event_types"]]
    secrets = [records.from_item(Secret, each) for each in item["secrets"]]
    return records.from_item(Endpoint, item)._replace(event_types=filters, secrets=secrets)


def counted(tenant_id: str, before: Count | None, *, more: int) -> Put:
    """Return the write that counts a tenant's endpoints; its version keeps two from being the last one both."""
    after = Count(more, 1) if before is None else Count(before.endpoints + more, before.version + 1)
    item = records.to_item(count_key(tenant_id), "WebhookCount", after)
    return Put(item, ABSENT if before is None else unchanged(before.version))


def unwell(endpoint: Endpoint, *, failing_since: Instant | None, at: Instant) -> Put:
    """Return the write that says that an endpoint failed or was slow just now; None is for slow."""
    health = Health(endpoint.endpoint_id, failing_since, at)
    item = records.to_item(health_key(endpoint.tenant_id, endpoint.endpoint_id), "WebhookHealth", health)
    return Put(item | {"ttl": (at + _HEALTH_KEPT) // clock.SECOND})


def well(endpoint: Endpoint) -> Delete:
    """Return the write that says that an endpoint answers as it should."""
    return Delete(health_key(endpoint.tenant_id, endpoint.endpoint_id))


def sealed(endpoint_id: str, text: str, *, at: Instant) -> Secret:
    """Return how a secret stands in its endpoint. Raises Unavailable."""
    seal = sealing.seal(secret, text, owner=endpoint_id)
    return Secret(secret_id=ids.new("secret", at=at), sealed=seal, created_at=clock.to_rfc3339(at), ends_at=None)


def live(endpoint: Endpoint, at: Instant) -> list[Secret]:
    """Return the secrets that still sign, the newest first."""
    return [each for each in endpoint.secrets if each.ends_at is None or at < each.ends_at]


def signing_keys(endpoint: Endpoint, at: Instant) -> list[str]:
    """Return the secrets that a message of this instant is signed with. Raises Unavailable."""
    return [sealing.unseal(secret, each.sealed, owner=endpoint.endpoint_id) for each in live(endpoint, at)]


def get(caller: Caller, endpoint_id: str) -> View:
    """Return an endpoint of the caller's tenant. Raises EndpointNotFound."""
    found = table.get_many([key(caller.tenant_id, endpoint_id), health_key(caller.tenant_id, endpoint_id)])
    endpoint, health, _ = _state(found)
    if endpoint is None:
        raise EndpointNotFound
    return view(endpoint, health, clock.now())


def page(caller: Caller, *, limit: int, cursor: str | None) -> tuple[list[View], str | None]:
    """Return a page of the endpoints of the caller's tenant, oldest first; one query and one call."""
    endpoints, further = listed(caller.tenant_id, limit=limit, cursor=cursor)
    healths = table.get_many([health_key(caller.tenant_id, each.endpoint_id) for each in endpoints])
    now = clock.now()
    shown = [view(each, _health(health), now) for each, health in zip(endpoints, healths, strict=True)]
    return shown, further


def listed(tenant_id: str, *, limit: int, cursor: str | None) -> tuple[list[Endpoint], str | None]:
    """Return a page of the endpoints of a tenant, oldest first; one query."""
    found = table.query(partition(tenant_id), PREFIX, limit=limit, cursor=cursor)
    return [from_item(item) for item in found.items], found.next_cursor


def listening(tenant_id: str, event_type: str) -> Iterator[tuple[Endpoint, Health | None]]:
    """Yield the endpoints of a tenant that are to be told of an event, each with its health; one query."""
    found = list(table.query_all(partition(tenant_id), "WEBHOOK"))
    healths = {item["endpoint_id"]: _health(item) for item in found if item["entity"] == "WebhookHealth"}
    for endpoint in [from_item(item) for item in found if item["entity"] == "WebhookEndpoint"]:
        if not endpoint.disabled and published.matches(endpoint.event_types, event_type):
            yield endpoint, healths.get(endpoint.endpoint_id)


def state(tenant_id: str, endpoint_id: str, *others: Key) -> State:
    """Return an endpoint, its health, and what lies under other keys, as they are now; one call."""
    places = [key(tenant_id, endpoint_id), health_key(tenant_id, endpoint_id), *others]
    return _state(table.get_many(places, consistent=True))


def count_of(item: Item | None) -> Count | None:
    """Return the count of an item; None for none."""
    return None if item is None else records.from_item(Count, item)


def view(endpoint: Endpoint, health: Health | None, at: Instant) -> View:
    """Return what callers see of an endpoint; never a secret."""
    failing_since = None if health is None else health.failing_since
    return {
        "endpoint_id": endpoint.endpoint_id,
        "url": endpoint.url,
        "description": endpoint.description,
        "event_types": endpoint.event_types,
        "max_per_minute": endpoint.max_per_minute,
        "disabled": endpoint.disabled,
        "disabled_reason": endpoint.disabled_reason,
        "created_by": endpoint.created_by,
        "created_at": endpoint.created_at,
        "updated_at": endpoint.updated_at,
        "version": endpoint.version,
        "failing_since": None if failing_since is None else clock.to_rfc3339(failing_since),
        "secrets": [_secret_view(each) for each in live(endpoint, at)],
    }


def next_version(endpoint: Endpoint, at: Instant) -> Endpoint:
    """Return a changed endpoint at its next version."""
    return endpoint._replace(updated_at=clock.to_rfc3339(at), version=endpoint.version + 1)


def written(before: Endpoint, after: Endpoint) -> Put:
    """Return the write of an endpoint that was at another version before."""
    return Put(to_item(after), unchanged(before.version))


def _state(found: Sequence[Item | None]) -> State:
    endpoint, health, *others = found
    return State(None if endpoint is None else from_item(endpoint), _health(health), others)


def _health(item: Item | None) -> Health | None:
    return None if item is None else records.from_item(Health, item)


def _secret_view(entry: Secret) -> View:
    ends_at = None if entry.ends_at is None else clock.to_rfc3339(entry.ends_at)
    return {"secret_id": entry.secret_id, "created_at": entry.created_at, "ends_at": ends_at}
