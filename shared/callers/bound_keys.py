"""API keys that a context binds to what is its own: their records, which whoever is called reads (`api_keys.py`).

A record holds no scopes beside its restriction: where nobody knows of restrictions, a version of the code from before
there were any included, such a key may do nothing.
"""

import re
from typing import Final, Literal, NamedTuple

from shared.callers import api_keys
from shared.callers.api_keys import ApiKey
from shared.callers.caller import Restriction
from shared.clock import DAY, SECOND, Instant
from shared.storage import records, table
from shared.storage.attributes import Item, Key
from shared.storage.writes import ABSENT, PRESENT, Put

# What is over still tells its holder so, instead of nothing.
REMEMBERED: Final = 90 * DAY
_PREFIX: Final = "key_"
_USER_ID: Final = re.compile(r"key_[0-9A-Za-z]{12}", re.ASCII)
_AS_OF_SERVICES: Final[Item] = {"scopes": [], "disabled": False, "revoked": False, "naming": api_keys.NAMING}


class _Record(NamedTuple):
    """What a key is verified with."""

    key_id: str
    tenant_id: str
    user_id: str
    digest: str
    pepper_version: str
    valid_until: Instant | None
    ttl: int | None = None


def recorded(made: ApiKey, restriction: Restriction, *, tenant_id: str, valid_until: Instant | None) -> Put:
    """Return the write of the record of a new key, which calls as nobody but itself. Raises Unavailable."""
    version = api_keys.pepper.current()
    record = _Record(
        key_id=made.key_id,
        tenant_id=tenant_id,
        user_id=f"{_PREFIX}{made.key_id}",
        digest=api_keys.digest(made.text, version),
        pepper_version=version.name,
        valid_until=valid_until,
        ttl=ttl(valid_until),
    )
    item = records.to_item(api_keys.record_key(made.key_id), "ApiKey", record)
    return Put(item | _AS_OF_SERVICES | {"restriction": restriction._asdict()}, ABSENT)


def revoked(key_id: str, *, now: Instant) -> Put | None:
    """Return the write after which a key is good for nothing; None if its record is gone already. One call."""
    item = table.get(api_keys.record_key(key_id), consistent=True)
    if item is None:
        return None
    ended: Item = {**item, "revoked": True, "valid_until": now, "ttl": ttl(now)}
    return Put(ended, PRESENT)


def calls_as(user_id: str) -> str | None:
    """Return the id of the bound key that calls under this id of a user, None for the id of anybody else."""
    return user_id.removeprefix(_PREFIX) if _USER_ID.fullmatch(user_id) else None


def ended(key_id: str, *, now: Instant) -> Literal["key_revoked", "key_expired"] | None:
    """Return why a key is good for nothing as of now, None for one that is good. One call. Raises Unavailable."""
    item = table.get(api_keys.record_key(key_id), consistent=True)
    if item is None or item["revoked"]:
        return "key_revoked"
    return "key_expired" if item["valid_until"] is not None and item["valid_until"] <= now else None


def places(key_id: str) -> list[Key]:
    """Return the keys of all that is stored of a key besides what its context lists."""
    return [api_keys.record_key(key_id), api_keys.use_key(key_id)]


def ttl(valid_until: Instant | None) -> int | None:
    """Return when DynamoDB may remove a key that ends then, None for one without an end."""
    return None if valid_until is None else (valid_until + REMEMBERED) // SECOND
