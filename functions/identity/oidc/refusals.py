"""Refused sign-ins of people whom the provider vouches for, as the audit log of the tenant hears of them.

One in 15 minutes and address is told, for who is refused may come back as often as they like. They are not counted as
guesses and lock nothing: the provider has said whose the address is, and nothing was guessed.
"""

from functions.identity.accounts import users
from functions.identity.audit import failures
from functions.identity.audit.failures import Failure
from shared.clock import SECOND, Instant
from shared.storage import changes, table
from shared.storage.attributes import Item, Key
from shared.storage.changes import Plan
from shared.storage.writes import ABSENT, Put, unchanged

QUIET = 15 * 60 * SECOND


def tell(failure: Failure, *, email: str, now: Instant) -> None:
    """Let the tenant hear of a refusal, unless it has heard of one of this address within 15 minutes."""
    changes.make(lambda: _told(failure, email, now))


def _told(failure: Failure, email: str, now: Instant) -> Plan[None]:
    pk, sk = key = Key(users.email_partition(email), "GOOGLEREFUSAL")
    earlier = table.get(key, consistent=True)
    if earlier is not None and now < earlier["quiet_until"]:
        return Plan(None)
    item: Item = {
        "PK": pk,
        "SK": sk,
        "entity": "GoogleRefusal",
        "quiet_until": now + QUIET,
        "version": earlier["version"] + 1 if earlier else 1,
        "ttl": (now + QUIET) // SECOND + 1,
    }
    noted = Put(item, unchanged(earlier["version"]) if earlier else ABSENT)
    return Plan(None, [noted, *failures.told(failure, email=email, locks=False, at=now)])
