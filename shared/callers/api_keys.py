"""API keys: what one looks like, and from a key to the service that calls with it.

    mlp_<stage>_<id, 12>_<secret, 43><checksum, 6>        digits and letters only

The checksum is the CRC-32 of everything before it in base 62: a scanner knows a leaked key from a random word, and
what is mistyped, cut off or of another stage is refused before anything is read. Stored is an HMAC of the whole key.

A record is read at most once a minute, key and instance, whatever secrets are tried; what was revoked is refused after
60 seconds at the latest. Identity writes the records (functions/identity/api_keys/keys.py), and a context that binds
keys to what is its own (`bound_keys.py`); whoever is called reads.
"""

import hmac
import re
import secrets
import string
import zlib
from collections import OrderedDict
from dataclasses import dataclass, field
from enum import StrEnum, auto
from typing import NamedTuple

from shared import clock, config
from shared.callers.caller import Caller, Restriction
from shared.callers.challenges import ApiKeyDisabled, ApiKeyExpired, ApiKeyMalformed, ApiKeyRevoked, UnknownApiKey
from shared.clock import SECOND, Instant
from shared.errors import Unavailable
from shared.rates import Rate
from shared.stage_secrets import StageSecret, Version
from shared.storage.attributes import Item, Key

PREFIX = "mlp_"
NAMING = 2
"""How scopes are named in a record. Those without a `naming`, 1, call the scopes of webhooks `notifications:*`."""

_DIGITS = string.digits + string.ascii_uppercase + string.ascii_lowercase
_ID_CHARACTERS = 12
# 62^43 is a little more than 2^256.
_SECRET_CHARACTERS = 43
_CHECKSUM_CHARACTERS = 6
_MAX_CHARACTERS = 96
_SHAPE = re.compile(r"(mlp_([a-z]{1,16})_([0-9A-Za-z]{12})_[0-9A-Za-z]{43})([0-9A-Za-z]{6})", re.ASCII)

# What stored digests are made with besides the key, so that the table alone proves none.
pepper = StageSecret(config.pepper_secret_id)

_FORMER_SCOPES = {f"notifications:{may}": f"webhooks:{may}" for may in ("admin", "read", "write")}
_KEPT = 60 * SECOND
_MAX_KEPT = 1000


class Outcome(StrEnum):
    """What came of looking at a key.

    Whether it may do what it asks for, and as often, is asked of its caller, as of every other: InsufficientScope and
    RateLimited are the outcomes then.
    """

    VALID = auto()
    MALFORMED = auto()
    NOT_FOUND = auto()
    REVOKED = auto()
    EXPIRED = auto()
    DISABLED = auto()


_REFUSALS = {
    Outcome.MALFORMED: (ApiKeyMalformed, "This is not an API key of this stage; it may have been cut off."),
    Outcome.NOT_FOUND: (UnknownApiKey, "This API key is not known."),
    Outcome.REVOKED: (ApiKeyRevoked, "This API key has been revoked."),
    Outcome.EXPIRED: (ApiKeyExpired, "This API key has expired, or was replaced by a newer one."),
    Outcome.DISABLED: (ApiKeyDisabled, "The service of this API key has been disabled."),
}


@dataclass(frozen=True, slots=True)
class ApiKey:
    """A key as its holder sends it, and the part of it that names its record."""

    key_id: str
    text: str = field(repr=False)

    @property
    def last_four(self) -> str:
        """What tells one key from another when only one of them can be seen."""
        return self.text[-4:]


class Identified(NamedTuple):
    """Who calls with a key, and until when that may be remembered without looking again."""

    caller: Caller
    until: Instant


@dataclass(slots=True)
class Known:
    """What was read of a key; `record` is None when there is none."""

    record: Item | None
    used_on: str | None
    until: Instant


_known: OrderedDict[str, Known] = OrderedDict()


def new() -> ApiKey:
    """Return a key of this stage that nobody has seen."""
    key_id = _random(_ID_CHARACTERS)
    signed = f"{PREFIX}{config.stage()}_{key_id}_{_random(_SECRET_CHARACTERS)}"
    return ApiKey(key_id, signed + checksum(signed))


def parse(text: str) -> ApiKey | None:
    """Return the key that the text is, None when it is none of this stage."""
    match = _SHAPE.fullmatch(text) if len(text) <= _MAX_CHARACTERS else None
    if match is None or match[2] != config.stage() or match[4] != checksum(match[1]):
        return None
    return ApiKey(match[3], text)


def checksum(text: str) -> str:
    """Return the CRC-32 of an ASCII text, in six digits of base 62."""
    number, digits = zlib.crc32(text.encode()), ""
    for _ in range(_CHECKSUM_CHARACTERS):
        number, digit = divmod(number, len(_DIGITS))
        digits = _DIGITS[digit] + digits
    return digits


def digest(text: str, version: Version) -> str:
    """Return what is stored of a key: its HMAC-SHA-256 under a version of the pepper, in hexadecimal digits."""
    return hmac.digest(version.value, text.encode(), "sha256").hex()


def record_key(key_id: str) -> Key:
    """Return the primary key of the record of an API key."""
    return Key(f"APIKEY#{key_id}", "APIKEY")


def use_key(key_id: str) -> Key:
    """Return the primary key of the item that says on which day an API key was last used."""
    return Key(f"APIKEY#{key_id}", "USE")


def scopes_of(record: Item) -> list[str]:
    """Return the scopes of a stored key or service, as they are named now."""
    scopes: list[str] = record["scopes"]
    return scopes if "naming" in record else sorted(_FORMER_SCOPES.get(each, each) for each in scopes)


def verify(text: str, *, now: Instant) -> Identified:
    """Return who calls with the key, and write down once a day that it is in use.

    Raises ApiKeyMalformed, UnknownApiKey (also for a wrong secret), ApiKeyRevoked, ApiKeyExpired, ApiKeyDisabled;
    Unavailable when table or pepper cannot be read.
    """
    outcome, known = examine(text, now=now)
    if known is None or known.record is None or outcome is not Outcome.VALID:
        refusal, detail = _REFUSALS[outcome]
        raise refusal(detail)
    _note_use(known, known.record["key_id"], now)
    ends_at = known.record["valid_until"]
    return Identified(_caller(known.record), known.until if ends_at is None else min(known.until, ends_at))


def examine(text: str, *, now: Instant) -> tuple[Outcome, Known | None]:
    """Return what is to be said of a key, and what is known of it. Only who has the secret learns more than NOT_FOUND.

    Raises Unavailable.
    """
    key = parse(text)
    if key is None:
        return Outcome.MALFORMED, None
    known = _recall(key.key_id, now)
    record = known.record
    if record is None:
        return Outcome.NOT_FOUND, known
    if not hmac.compare_digest(digest(text, pepper.of(record["pepper_version"])), record["digest"]):
        return Outcome.NOT_FOUND, known
    return _state(record, now), known


def forget() -> None:
    """Let go of every key this process remembers; the pepper is kept."""
    _known.clear()


def _random(length: int) -> str:
    return "".join(secrets.choice(_DIGITS) for _ in range(length))


def _recall(key_id: str, now: Instant) -> Known:
    """Return what is known of a key, read in one call when that is a minute old."""
    known = _known.get(key_id)
    if known is None or now >= known.until:
        from shared.storage import table  # noqa: PLC0415 - for a cold start: a malformed key needs no read

        record, use = table.get_many([record_key(key_id), use_key(key_id)], consistent=True)
        known = _known[key_id] = Known(record, use["last_used_on"] if use else None, now + _KEPT)
        if len(_known) > _MAX_KEPT:
            _known.popitem(last=False)
    return known


def _state(record: Item, now: Instant) -> Outcome:
    if record["revoked"]:
        return Outcome.REVOKED
    if record["valid_until"] is not None and now >= record["valid_until"]:
        return Outcome.EXPIRED
    return Outcome.DISABLED if record["disabled"] else Outcome.VALID


def _caller(record: Item) -> Caller:
    restriction = record.get("restriction")
    return Caller(
        user_id=record["user_id"],
        tenant_id=record["tenant_id"],
        roles=(),
        scopes=frozenset(scopes_of(record)),
        key_id=record["key_id"],
        amr=(),
        auth_time=None,
        rate_limit=Rate(**record["rate_limit"]) if record.get("rate_limit") else None,
        restriction=None if restriction is None else Restriction(**restriction),
    )


def _note_use(known: Known, key_id: str, now: Instant) -> None:
    """Write the day of the use, unless it is written. The request is worth more than the note: it goes on without."""
    today = clock.to_rfc3339(now)[:10]
    if known.used_on is not None and known.used_on >= today:
        return
    from shared.storage import table  # noqa: PLC0415 - as above
    from shared.storage.writes import Put, absent_or_before  # noqa: PLC0415 - as above

    known.used_on = today
    pk, sk = use_key(key_id)
    use = {"PK": pk, "SK": sk, "entity": "ApiKeyUse", "key_id": key_id, "last_used_on": today}
    try:
        table.transact([Put(use, absent_or_before("last_used_on", today))])
    except (table.ConditionFailed, table.Contended, Unavailable):
        # Another instance has written it, or is about to; or the table is busy, and a later request will write it.
        return
