"""What is stored of a service and its API keys, and what of it is shown.

A service is looked up by its name in its tenant, a key by its id wherever it is sent to. The two are always written
together, under the version of the service.
"""

import re
from collections.abc import Sequence
from typing import Any, Final, NamedTuple

from functions.identity.accounts import memberships, tenants
from functions.identity.scopes import SCOPES, Role
from shared import clock, ids
from shared.callers import api_keys
from shared.callers.api_keys import ApiKey
from shared.callers.auth import Caller
from shared.clock import DAY, SECOND, Instant
from shared.rates import Rate
from shared.storage import records, table
from shared.storage.attributes import Item, Key
from shared.storage.writes import ABSENT, PRESENT, Put, unchanged

PREFIX: Final = "SERVICE#"
PRINCIPALS: Final = "PRINCIPAL#"
NAME: Final = re.compile(r"[a-z0-9][a-z0-9-]{0,62}", re.ASCII)

View = dict[str, Any]

# What is over still tells its holder so, instead of nothing.
_REMEMBERED = 90 * DAY
_ROLES: tuple[Role, ...] = ("viewer", "member", "admin")


class KeyEntry(NamedTuple):
    """A key as it stands with its service."""

    key_id: str
    last_four: str
    created_at: str
    valid_until: Instant | None


class Service(NamedTuple):
    """A service as it is stored."""

    tenant_id: str
    service_name: str
    user_id: str
    scopes: Sequence[str]
    expires_at: Instant | None
    disabled: bool
    rate_limit: Rate | None
    keys: Sequence[KeyEntry]
    created_by: str
    created_at: str
    version: int


class KeyRecord(NamedTuple):
    """What a key is verified with, wherever it is sent to."""

    key_id: str
    tenant_id: str
    user_id: str
    service_name: str
    scopes: Sequence[str]
    digest: str
    pepper_version: str
    valid_until: Instant | None
    disabled: bool
    rate_limit: Rate | None
    revoked: bool


class Principal(NamedTuple):
    """The user that a service of a name acts as."""

    user_id: str


def key(tenant_id: str, service_name: str) -> Key:
    """Return the key of a service."""
    return Key(tenants.key(tenant_id).pk, f"{PREFIX}{service_name}")


def principal_key(tenant_id: str, service_name: str) -> Key:
    """Return the key of the item that says as which user a service of this name acts, whenever it is made."""
    return Key(tenants.key(tenant_id).pk, f"{PRINCIPALS}{service_name}")


def principal_of(item: Item | None, *, at: Instant) -> Principal:
    """Return the user that a service acts as: the one that a service of its name was before, or a new one."""
    return Principal(ids.new("user", at=at)) if item is None else records.from_item(Principal, item)


def acting(tenant_id: str, service_name: str, principal: Principal) -> Put:
    """Return the write after which services of this name act as this user."""
    return Put(records.to_item(principal_key(tenant_id, service_name), "Principal", principal), ABSENT)


def joined(service: Service, *, at: Instant) -> Put:
    """Return the write that makes the service a member, in the least role that may do what its keys may.

    So goals can be shared with it, and what it governs is read from the table as with people.
    """
    role = next(role for role in _ROLES if SCOPES[role].issuperset(service.scopes))
    return memberships.joined(tenant_id=service.tenant_id, user_id=service.user_id, role=role, at=at)


def new(
    caller: Caller,
    service_name: str,
    principal: Principal,
    *,
    scopes: Sequence[str],
    expires_at: Instant | None,
    rate_limit: Rate | None,
    at: Instant,
) -> Service:
    """Return a new service, without keys yet."""
    return Service(
        tenant_id=caller.tenant_id,
        service_name=service_name,
        user_id=principal.user_id,
        scopes=sorted(scopes),
        expires_at=expires_at,
        disabled=False,
        rate_limit=rate_limit,
        keys=(),
        created_by=caller.user_id,
        created_at=clock.to_rfc3339(at),
        version=1,
    )


def stated(service: Service) -> dict[str, Any]:
    """Return the state of a service as its events announce it."""
    ends = {} if service.expires_at is None else {"expires_at": clock.to_rfc3339(service.expires_at)}
    return {
        "version": service.version,
        "created_at": service.created_at,
        "status": "disabled" if service.disabled else "active",
        "created_by": service.created_by,
        **ends,
    }


def to_item(service: Service) -> Item:
    """Return the item of a service."""
    item = records.to_item(key(service.tenant_id, service.service_name), "Service", service)
    keys = [each._asdict() for each in service.keys]
    return item | {"rate_limit": _stored_rate(service.rate_limit), "keys": keys, "naming": api_keys.NAMING}


def from_item(item: Item) -> Service:
    """Return the service of an item; one that was made before there were rates has that of every caller."""
    service = records.from_item(Service, {"rate_limit": None, **item})
    keys = [records.from_item(KeyEntry, each) for each in item["keys"]]
    return service._replace(scopes=api_keys.scopes_of(item), rate_limit=_rate_of(item), keys=keys)


def listed(tenant_id: str, *, limit: int, cursor: str | None) -> tuple[list[Service], str | None]:
    """Return a page of the services of a tenant by name; one query."""
    found = table.query(tenants.key(tenant_id).pk, PREFIX, limit=limit, cursor=cursor)
    return [from_item(item) for item in found.items], found.next_cursor


def written(before: Service, after: Service) -> Put:
    """Return the write of a service that brings it to its next version."""
    return Put(to_item(after._replace(version=before.version + 1)), unchanged(before.version))


def entry(made: ApiKey, service: Service, *, at: Instant) -> KeyEntry:
    """Return how a key stands with its service."""
    return KeyEntry(made.key_id, made.last_four, clock.to_rfc3339(at), service.expires_at)


def recorded(made: ApiKey, service: Service) -> Put:
    """Return the write of the record that a new key is verified with. Raises Unavailable."""
    version = api_keys.pepper.current()
    record = KeyRecord(
        key_id=made.key_id,
        tenant_id=service.tenant_id,
        user_id=service.user_id,
        service_name=service.service_name,
        scopes=service.scopes,
        digest=api_keys.digest(made.text, version),
        pepper_version=version.name,
        valid_until=service.expires_at,
        disabled=service.disabled,
        rate_limit=service.rate_limit,
        revoked=False,
    )
    return Put(_record_to_item(record), ABSENT)


def record_of(item: Item) -> KeyRecord:
    """Return the record of an item; one that was made before there were rates has that of every caller."""
    record = records.from_item(KeyRecord, {"rate_limit": None, **item})
    return record._replace(scopes=api_keys.scopes_of(item), rate_limit=_rate_of(item))


def changed(record: KeyRecord) -> Put:
    """Return the write of a record that was changed."""
    return Put(_record_to_item(record), PRESENT)


def revoked(record: KeyRecord, *, now: Instant) -> Put:
    """Return the write after which a key is good for nothing."""
    return changed(record._replace(revoked=True, valid_until=min(now, record.valid_until or now)))


def live(service: Service, now: Instant) -> list[KeyEntry]:
    """Return the keys of a service that have not ended."""
    return [each for each in service.keys if each.valid_until is None or now < each.valid_until]


def view(service: Service, uses: Sequence[Item | None], now: Instant) -> View:
    """Return what is shown of a service; `uses` are the items of `use_keys` in their order."""
    return {
        "service_name": service.service_name,
        "user_id": service.user_id,
        "scopes": service.scopes,
        "disabled": service.disabled,
        "created_by": service.created_by,
        "created_at": service.created_at,
        "version": service.version,
        "rate_limit": _stored_rate(service.rate_limit),
        "expires_at": _instant(service.expires_at),
        "keys": [_entry_view(each, use) for each, use in zip(live(service, now), uses, strict=True)],
    }


def use_keys(service: Service, now: Instant) -> list[Key]:
    """Return the keys of the items that say when each key that is shown was last used."""
    return [api_keys.use_key(each.key_id) for each in live(service, now)]


def _entry_view(entry: KeyEntry, use: Item | None) -> View:
    return {
        "key_id": entry.key_id,
        "last_four": entry.last_four,
        "created_at": entry.created_at,
        "valid_until": _instant(entry.valid_until),
        "last_used_on": use["last_used_on"] if use else None,
    }


def _instant(instant: Instant | None) -> str | None:
    return None if instant is None else clock.to_rfc3339(instant)


def _stored_rate(rate: Rate | None) -> dict[str, int] | None:
    """Return how a rate stands with a service and its keys, None for that of every caller."""
    return None if rate is None else rate._asdict()


def _rate_of(item: Item) -> Rate | None:
    return Rate(**item["rate_limit"]) if item.get("rate_limit") else None


def _record_to_item(record: KeyRecord) -> Item:
    item = records.to_item(api_keys.record_key(record.key_id), "ApiKey", record)
    item |= {"rate_limit": _stored_rate(record.rate_limit), "naming": api_keys.NAMING}
    if record.valid_until is not None:
        item["ttl"] = (record.valid_until + _REMEMBERED) // SECOND
    return item
