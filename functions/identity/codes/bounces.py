"""Bounces: an address without a mailbox is mailed no code for a day.

Only what became of a code counts, and only that there is no mailbox: a full one, a complaint, or what became of other
e-mail to the address keeps nobody from their codes. After a day one code tries the address again.
"""

from typing import Final, NamedTuple

from functions.identity.accounts import emails, users
from shared import clock
from shared.clock import SECOND, Instant
from shared.sending.feedback import Feedback
from shared.storage import records, table
from shared.storage.attributes import Key
from shared.storage.writes import Put, absent_or_before

LASTS: Final = clock.DAY


class _Bounce(NamedTuple):
    """When a code bounced last, and until when codes wait for that, in seconds."""

    bounced_at: str
    ttl: int


def keep(told: Feedback) -> None:
    """Keep that there is no mailbox, if that is what was told. What comes twice, late or out of order changes nothing.

    Raises table.Contended, Unavailable.
    """
    if not told.has_no_mailbox:
        return
    at = clock.to_rfc3339(told.at)
    bounce = _Bounce(at, (told.at + LASTS) // SECOND)
    for recipient in told.recipients:
        item = records.to_item(_key(emails.normalise(recipient)), "Bounce", bounce)
        try:
            table.transact([Put(item, absent_or_before("bounced_at", at))])
        except table.ConditionFailed:
            continue


def is_kept(email: str, *, now: Instant) -> bool:
    """Return whether a code to a normalised address bounced within a day."""
    item = table.get(_key(email))
    return item is not None and now // SECOND < records.from_item(_Bounce, item).ttl


def _key(email: str) -> Key:
    return Key(users.email_partition(email), "BOUNCE")
