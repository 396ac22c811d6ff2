"""What is stored of a service and its API keys, and what of it is shown.

A service is looked up by its name in its tenant, a key by its id wherever it is sent to. The two are always written
together, under the version of the service.
"""

import re
from collections.abc import Sequence
from typing import Any, Final

from functions.identity.accounts import tenants
from functions.identity.scopes import SCOPES, Role
from functions.identity.tenancy import members
from shared import clock, ids
from shared.callers import api_keys
from shared.callers.api_keys import ApiKey
from shared.callers.auth import Caller
from shared.clock import DAY, SECOND, Instant
from shared.rates import Rate
from shared.storage.attributes import Item, Key
from shared.storage.writes import ABSENT, PRESENT, Put

PREFIX: Final = "SERVICE#"
NAME: Final = re.compile(r"[a-z0-9][a-z0-9-]{0,62}", re.ASCII)

View = dict[str, Any]

# What is over still tells its holder so, instead of nothing.
_REMEMBERED = 90 * DAY
_ROLES: tuple[Role, ...] = ("viewer", "member", "admin")


def key(tenant_id: str, service_name: str) -> Key:
    """Return the key of a service."""
    return Key(tenants.key(tenant_id).pk, f"{PREFIX}{service_name}")


def principal_key(tenant_id: str, service_name: str) -> Key:
    """Return the key of the item that says as which user a service of this name acts, whenever it is made."""
    return Key(tenants.key(tenant_id).pk, f"PRINCIPAL#{service_name}")


def principal(tenant_id: str, service_name: str, *, at: Instant) -> Put:
    """Return the write of the user that a new service acts as."""
    pk, sk = principal_key(tenant_id, service_name)
    return Put({"PK": pk, "SK": sk, "entity": "Principal", "user_id": ids.new("user", at=at)}, ABSENT)


def joined(service: Item, *, at: Instant) -> Put:
    """Return the write that makes the service a member, in the least role that may do what its keys may.

    So goals can be shared with it, and what it governs is read from the table as with people.
    """
    role = next(role for role in _ROLES if SCOPES[role].issuperset(service["scopes"]))
    return members.joined(tenant_id=service["tenant_id"], user_id=service["user_id"], role=role, at=at)


def service(
    caller: Caller,
    service_name: str,
    *,
    user_id: str,
    scopes: Sequence[str],
    expires_at: Instant | None,
    rate_limit: Rate | None,
    at: Instant,
) -> Item:
    """Return the item of a new service, without keys yet."""
    pk, sk = key(caller.tenant_id, service_name)
    return {
        "PK": pk,
        "SK": sk,
        "entity": "Service",
        "tenant_id": caller.tenant_id,
        "service_name": service_name,
        "user_id": user_id,
        "scopes": sorted(scopes),
        "expires_at": expires_at,
        "disabled": False,
        "rate_limit": stored_rate(rate_limit),
        "keys": [],
        "created_by": caller.user_id,
        "created_at": clock.to_rfc3339(at),
        "version": 1,
    }


def entry(made: ApiKey, service: Item, *, at: Instant) -> Item:
    """Return how a key stands with its service."""
    return {
        "key_id": made.key_id,
        "last_four": made.last_four,
        "created_at": clock.to_rfc3339(at),
        "valid_until": service["expires_at"],
    }


def recorded(made: ApiKey, service: Item) -> Put:
    """Return the write of the record that a new key is verified with. Raises Unavailable."""
    version = api_keys.pepper.current()
    pk, sk = api_keys.record_key(made.key_id)
    item = {
        "PK": pk,
        "SK": sk,
        "entity": "ApiKey",
        "key_id": made.key_id,
        "tenant_id": service["tenant_id"],
        "user_id": service["user_id"],
        "service_name": service["service_name"],
        "scopes": service["scopes"],
        "digest": api_keys.digest(made.text, version),
        "pepper_version": version.name,
        "valid_until": service["expires_at"],
        "disabled": service["disabled"],
        "rate_limit": service.get("rate_limit"),
        "revoked": False,
    }
    return Put(_with_ttl(item), ABSENT)


def stored_rate(rate: Rate | None) -> Item | None:
    """Return how a rate stands with a service and its keys, None for that of every caller."""
    return None if rate is None else rate._asdict()


def changed(record: Item, *, now: Instant, **changes: Any) -> Put:
    """Return the write of a record that is otherwise as it was."""
    after = record | changes
    if after["revoked"]:
        after["valid_until"] = min(now, after["valid_until"] or now)
    return Put(_with_ttl(after), PRESENT)


def live(service: Item, now: Instant) -> list[Item]:
    """Return the keys of a service that have not ended."""
    return [each for each in service["keys"] if each["valid_until"] is None or now < each["valid_until"]]


def view(service: Item, uses: Sequence[Item | None], now: Instant) -> View:
    """Return what is shown of a service; `uses` are the items of `use_keys` in their order."""
    names = ("service_name", "user_id", "scopes", "disabled", "created_by", "created_at", "version")
    shown = {name: service[name] for name in names}
    keys = [_entry_view(each, use) for each, use in zip(live(service, now), uses, strict=True)]
    shown["rate_limit"] = service.get("rate_limit")
    return shown | {"expires_at": _instant(service["expires_at"]), "keys": keys}


def use_keys(service: Item, now: Instant) -> list[Key]:
    """Return the keys of the items that say when each key that is shown was last used."""
    return [api_keys.use_key(each["key_id"]) for each in live(service, now)]


def _entry_view(entry: Item, use: Item | None) -> View:
    shown = {name: entry[name] for name in ("key_id", "last_four", "created_at")}
    used_on = use["last_used_on"] if use else None
    return shown | {"valid_until": _instant(entry["valid_until"]), "last_used_on": used_on}


def _instant(instant: Instant | None) -> str | None:
    return None if instant is None else clock.to_rfc3339(instant)


def _with_ttl(record: Item) -> Item:
    if record["valid_until"] is None:
        return record
    return record | {"ttl": (record["valid_until"] + _REMEMBERED) // SECOND}
