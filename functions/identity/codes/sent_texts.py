"""Sent texts: how many one-time codes a user was sent by SMS, five a day at most.

Each costs money, and who shares in what a call to their numbers costs lets codes be sent there for its own sake (toll
fraud, SMS pumping). So the count is one for all purposes, and signing in again or taking another number is no way out.
"""

from functions.identity.accounts import users
from functions.identity.codes import allowance
from shared import clock
from shared.clock import SECOND, Instant
from shared.storage import table
from shared.storage.attributes import Key
from shared.storage.writes import ABSENT, Put, unchanged

MAX_A_DAY = 5


def counted(user_id: str, *, now: Instant) -> Put:
    """Return the write that counts one more. Raises allowance.TooManyChallenges."""
    pk, sk = key = Key(users.partition(user_id), "SENTTEXTS")
    earlier = table.get(key, consistent=True)
    sent_at = allowance.used(earlier["sent_at"] if earlier else [], most=MAX_A_DAY, within=clock.DAY, now=now)
    item = {
        "PK": pk,
        "SK": sk,
        "entity": "SentTexts",
        "sent_at": sent_at,
        "version": earlier["version"] + 1 if earlier else 1,
        "ttl": (now + clock.DAY) // SECOND,
    }
    return Put(item, unchanged(earlier["version"]) if earlier else ABSENT)
