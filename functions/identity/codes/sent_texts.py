"""Sent texts: how many one-time codes an account was sent by SMS, five a day at most.

Each costs money, and who shares in what a call to their numbers costs lets codes be sent there for its own sake (toll
fraud, SMS pumping). So the count is one for all purposes, and signing in again or taking another number is no way out.
"""

from collections.abc import Sequence
from typing import NamedTuple

from functions.identity.accounts import users
from functions.identity.codes import allowance
from shared import clock
from shared.clock import SECOND, Instant
from shared.storage import records, table
from shared.storage.attributes import Key
from shared.storage.writes import ABSENT, Put, unchanged

MAX_A_DAY = 5


class _SentTexts(NamedTuple):
    """When an account was sent those that still count."""

    sent_at: Sequence[Instant]
    version: int
    ttl: int


def counted(owner: str, *, now: Instant) -> Put:
    """Return the write that counts one more for the account of this id. Raises allowance.TooManyChallenges."""
    key = Key(users.partition(owner), "SENTTEXTS")
    item = table.get(key, consistent=True)
    earlier = _SentTexts((), 0, 0) if item is None else records.from_item(_SentTexts, item)
    sent_at = allowance.used(earlier.sent_at, most=MAX_A_DAY, within=clock.DAY, now=now)
    after = _SentTexts(sent_at, earlier.version + 1, (now + clock.DAY) // SECOND)
    condition = ABSENT if item is None else unchanged(earlier.version)
    return Put(records.to_item(key, "SentTexts", after), condition)
