"""Challenges: one-time codes that are sent, to make sure once more that somebody who is signed in is who they are.

A user has one challenge at a time; a new one takes the place of the old. It is good for five minutes, for one right
code, and ends with the fifth wrong one. The code is in the message and nowhere else; a keyed digest of it is stored.
"""

import secrets

from functions.identity.accounts import users
from functions.identity.codes import allowance, sent_texts
from functions.identity.codes.channels import Channel
from functions.identity.second_factor import seals
from shared import ids
from shared.callers.auth import Caller
from shared.clock import SECOND, Instant
from shared.storage import changes, events, table
from shared.storage.attributes import Item, Key
from shared.storage.changes import Plan
from shared.storage.writes import ABSENT, Put, unchanged

MINUTES = 5
LIFE = MINUTES * 60 * SECOND
MAX_FAILURES = 5
MAX_SENT = 5
SENT_WITHIN = 15 * 60 * SECOND

_DIGITS = 6


def new_id(*, now: Instant) -> str:
    """Return the id of a challenge."""
    return ids.new("otp", at=now)


def new_code() -> str:
    """Return a code to send: six digits."""
    return f"{secrets.randbelow(10**_DIGITS):0{_DIGITS}}"


def begin(caller: Caller, challenge_id: str, *, channel: Channel, now: Instant) -> str:
    """Let this be the challenge of the caller and return the code to send over the channel.

    Raises allowance.TooManyChallenges, Unavailable.
    """
    code = new_code()
    digest = seals.digest(code, owner=challenge_id)

    def plan() -> Plan[None]:
        earlier = table.get(_key(caller.user_id), consistent=True)
        before = earlier["sent_at"] if earlier else []
        sent_at = allowance.used(before, most=MAX_SENT, within=SENT_WITHIN, now=now)
        pk, sk = _key(caller.user_id)
        item: Item = {
            "PK": pk,
            "SK": sk,
            "entity": "Challenge",
            "challenge_id": challenge_id,
            "digest": digest,
            "failures": 0,
            "expires_at": now + LIFE,
            "sent_at": sent_at,
            "version": earlier["version"] + 1 if earlier else 1,
            "ttl": (now + SENT_WITHIN) // SECOND,
        }
        condition = unchanged(earlier["version"]) if earlier else ABSENT
        texts = [sent_texts.counted(caller.user_id, now=now)] if channel == "sms" else []
        return Plan(None, [Put(item, condition), *texts, sent(caller, at=now)])

    changes.make(plan)
    return code


def open_one(user_id: str, challenge_id: str | None, *, now: Instant) -> Item | None:
    """Return the challenge of a user that can still be met, and that is the one named, if one is named."""
    item = table.get(_key(user_id), consistent=True)
    if item is None or item["digest"] is None or now >= item["expires_at"]:
        return None
    return item if challenge_id in {None, item["challenge_id"]} else None


def is_met(item: Item, code: str) -> bool:
    """Tell whether this is the code that was sent. Raises Unavailable."""
    return seals.is_of(item["digest"], code, owner=item["challenge_id"])


def failed(item: Item) -> Put:
    """Return the write of one more wrong code: the fifth ends the challenge."""
    counted = item | {"failures": item["failures"] + 1}
    return _put(counted) if counted["failures"] < MAX_FAILURES else ended(counted)


def ended(item: Item) -> Put:
    """Return the write after which no code meets the challenge; what is left of it tells how many were sent."""
    return _put(item | {"digest": None})


def sent(caller: Caller, *, at: Instant) -> Put:
    """Return the event of a code that is sent to a user."""
    return events.occurred(
        "identity.challenge.sent",
        partition=users.partition(caller.user_id),
        subject_id=caller.user_id,
        tenant_id=caller.tenant_id,
        at=at,
        data={"user_id": caller.user_id},
    )


def _put(item: Item) -> Put:
    return Put(item | {"version": item["version"] + 1}, unchanged(item["version"]))


def _key(user_id: str) -> Key:
    return Key(users.partition(user_id), "CHALLENGE")
