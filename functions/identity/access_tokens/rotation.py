"""The rotation of the signing key: next, active, retired (signing_keys.py), and gone.

The one rule: every verifier has seen a key before it signs, and lists it until the last token it signed has expired. A
JWKS may be five minutes old in a cache and our own copy five more, so a key is published 15 minutes ahead.
"""

from typing import Any

from functions.identity.access_tokens import kms, minting, signing_keys
from functions.identity.access_tokens.signing_keys import KeyRecord
from shared import clock, config
from shared.callers import access_tokens, verification_keys
from shared.clock import DAY, SECOND, Instant
from shared.errors import Unavailable
from shared.observability import logger
from shared.storage import table
from shared.storage.table import ConditionFailed, Contended
from shared.storage.writes import ABSENT, Delete, Put, Write, unchanged

PERIOD = 30 * DAY
PUBLISHED_AHEAD = 15 * 60 * SECOND
# An instance picks the key when it signs and may take a moment to answer.
_MARGIN = 5 * 60 * SECOND
LISTED_AFTER = (minting.LIFETIME_SECONDS + access_tokens.SKEW_SECONDS) * SECOND + _MARGIN


class KeysChanged(Exception):
    """Another rotation was faster; look at what it did."""


def keep(*, now: Instant) -> None:
    """Rotate when the newest key has signed for 30 days, and let go of keys that verify nothing any more."""
    signing_keys.active(now=now)
    newest = signing_keys.newest(begun := signing_keys.begun(signing_keys.records(), now=now))
    since = clock.from_rfc3339(newest.created_at)
    if now - since >= PERIOD:
        rotate(now=now)
    for record in begun:
        if not verification_keys.verifies(record.verifies_until, now=now):
            _let_go(record)


def rotate(*, now: Instant) -> None:
    """Make the next key, unless there is one already: it is published now and signs 15 minutes from now.

    Raises KeysChanged, Unavailable.
    """
    signing_keys.active(now=now)
    newest = signing_keys.newest(signing_keys.records())
    if newest.signs_from > now:
        return
    kms_key_id = kms.create()
    signs_from = now + PUBLISHED_AHEAD
    following = _new(kms_key_id, signs_from=signs_from, at=now)
    retiring = newest._replace(verifies_until=signs_from + LISTED_AFTER, version=newest.version + 1)
    try:
        table.transact(
            [
                Put(signing_keys.to_item(following), ABSENT),
                Put(signing_keys.to_item(retiring), unchanged(newest.version)),
            ]
        )
    except (ConditionFailed, Contended) as error:
        kms.schedule_deletion(kms_key_id)
        raise KeysChanged("Another rotation was faster.") from error
    logger.info("signing key made", key_id=following.key_id, signs_from=clock.to_rfc3339(signs_from))


def renew(*, now: Instant) -> None:
    """Make a key that signs from now on, and let no token of an earlier one be good any more.

    Keys that KMS has lost, or will delete, do not matter. Raises KeysChanged, Unavailable.
    """
    found = signing_keys.records()
    kms_key_id = kms.create()
    first = _new(kms_key_id, signs_from=now, at=now)
    try:
        table.transact([Put(signing_keys.to_item(first), ABSENT), *(_ended(record, now) for record in found)])
    except (ConditionFailed, Contended) as error:
        kms.schedule_deletion(kms_key_id)
        raise KeysChanged("Another rotation was faster.") from error
    logger.info("signing keys renewed", key_id=first.key_id, ended=[record.key_id for record in found])


def standing(*, now: Instant) -> list[dict[str, Any]]:
    """Return what each key is, for whoever rotates by hand; the one that signs last comes first."""
    found = sorted(signing_keys.records(), key=lambda record: record.signs_from, reverse=True)
    active = signing_keys.newest(signing_keys.begun(found, now=now)).key_id
    return [{"key_id": record.key_id, "state": _state(record, active, now)} for record in found]


def _new(kms_key_id: str, *, signs_from: Instant, at: Instant) -> KeyRecord:
    """Return the record of a new key; a key that cannot be read is deleted again. Raises Unavailable."""
    try:
        return signing_keys.new(kms_key_id, signs_from=signs_from, at=at)
    except Unavailable:
        kms.schedule_deletion(kms_key_id)
        raise


def _ended(record: KeyRecord, now: Instant) -> Write:
    """Return the write after which a key neither signs nor verifies; one that has not begun to sign never will."""
    if record.signs_from > now:
        return Delete(verification_keys.key(record.key_id), unchanged(record.version))
    until = now if record.verifies_until is None else min(record.verifies_until, now)
    ended = record._replace(verifies_until=until, version=record.version + 1)
    return Put(signing_keys.to_item(ended), unchanged(record.version))


def _state(record: KeyRecord, active: str, now: Instant) -> str:
    if record.signs_from > now:
        return "next"
    return "active" if record.key_id == active else "retired"


def _let_go(record: KeyRecord) -> None:
    """Remove a key. The one that the stage was made with stays in KMS: it belongs to the stack, not to us."""
    if record.kms_key_id != config.signing_key_id():
        kms.schedule_deletion(record.kms_key_id)
    table.transact([Delete(verification_keys.key(record.key_id), unchanged(record.version))])
    logger.info("signing key removed", key_id=record.key_id)
