"""Refused sign-ins of people whom the provider vouches for, as the audit log of the tenant hears of them.

One in 15 minutes and address is told, for who is refused may come back as often as they like. They are not counted as
guesses and lock nothing: the provider has said whose the address is, and nothing was guessed.
"""

from typing import NamedTuple

from functions.identity.accounts import users
from functions.identity.audit import failures
from functions.identity.audit.failures import Failure
from shared.clock import SECOND, Instant
from shared.storage import changes, records, table
from shared.storage.attributes import Key
from shared.storage.changes import Plan
from shared.storage.writes import ABSENT, Put, unchanged

QUIET = 15 * 60 * SECOND


class _Refusal(NamedTuple):
    """That a refusal was told, and until when no other is."""

    quiet_until: Instant
    version: int
    ttl: int


def tell(failure: Failure, *, email: str, now: Instant) -> None:
    """Let the tenant hear of a refusal, unless it has heard of one of this address within 15 minutes."""
    changes.make(lambda: _told(failure, email, now))


def _told(failure: Failure, email: str, now: Instant) -> Plan[None]:
    key = Key(users.email_partition(email), "GOOGLEREFUSAL")
    item = table.get(key, consistent=True)
    earlier = None if item is None else records.from_item(_Refusal, item)
    if earlier is not None and now < earlier.quiet_until:
        return Plan(None)
    refusal = _Refusal(now + QUIET, earlier.version + 1 if earlier else 1, (now + QUIET) // SECOND + 1)
    condition = unchanged(earlier.version) if earlier else ABSENT
    noted = Put(records.to_item(key, "GoogleRefusal", refusal), condition)
    return Plan(None, [noted, *failures.told(failure, email=email, locks=False, at=now)])
