"""Challenges: one-time codes that are sent, to make sure once more that somebody who is signed in is who they are.

An account has one challenge at a time; a new one takes the place of the old. It is good for five minutes, for one right
code, and ends with the fifth wrong one. The code is in the message and nowhere else; a keyed digest of it is stored.
"""

import secrets
from collections.abc import Sequence
from typing import NamedTuple

from functions.identity import happenings
from functions.identity.accounts import users
from functions.identity.codes import allowance, sent_texts
from functions.identity.codes.channels import Channel
from functions.identity.second_factor import seals
from shared import ids
from shared.callers.auth import Caller
from shared.clock import SECOND, Instant
from shared.storage import changes, records, table
from shared.storage.attributes import Key
from shared.storage.changes import Plan
from shared.storage.writes import ABSENT, Put, unchanged

MINUTES = 5
LIFE = MINUTES * 60 * SECOND
MAX_FAILURES = 5
MAX_SENT = 5
SENT_WITHIN = 15 * 60 * SECOND

_DIGITS = 6


class Challenge(NamedTuple):
    """A code that was sent, as it is stored; `digest` is None once it is good no longer.

    `sent_at` is when the last codes were sent that still count, `phone_number` the number that a code is to confirm.
    """

    challenge_id: str
    digest: str | None
    failures: int
    expires_at: Instant
    version: int
    ttl: int
    sent_at: Sequence[Instant] = ()
    phone_number: str | None = None

    def is_open(self, now: Instant) -> bool:
        """Tell whether a code can still meet it."""
        return self.digest is not None and now < self.expires_at


def new_id(*, now: Instant) -> str:
    """Return the id of a challenge."""
    return ids.new("otp", at=now)


def new_code() -> str:
    """Return a code to send: six digits."""
    return f"{secrets.randbelow(10**_DIGITS):0{_DIGITS}}"


def begin(caller: Caller, challenge_id: str, *, owner: str, channel: Channel, now: Instant) -> str:
    """Let this be the challenge of the caller and return the code to send over the channel.

    `owner` is the id of their account: whoever is a member of several tenants has one challenge in all.
    Raises allowance.TooManyChallenges, Unavailable.
    """
    code = new_code()
    digest = seals.digest(code, owner=challenge_id)

    def plan() -> Plan[None]:
        earlier = _read(owner)
        before = earlier.sent_at if earlier else ()
        challenge = Challenge(
            challenge_id=challenge_id,
            digest=digest,
            failures=0,
            expires_at=now + LIFE,
            version=earlier.version + 1 if earlier else 1,
            ttl=(now + SENT_WITHIN) // SECOND,
            sent_at=allowance.used(before, most=MAX_SENT, within=SENT_WITHIN, now=now),
        )
        texts = [sent_texts.counted(owner, now=now)] if channel == "sms" else []
        return Plan(None, [written(owner, earlier, challenge), *texts, sent(caller, at=now)])

    changes.make(plan)
    return code


def open_one(owner: str, challenge_id: str | None, *, now: Instant) -> Challenge | None:
    """Return the challenge of an account that can still be met, and that is the one named, if one is named."""
    challenge = _read(owner)
    if challenge is None or not challenge.is_open(now):
        return None
    return challenge if challenge_id in {None, challenge.challenge_id} else None


def is_met(challenge: Challenge, code: str) -> bool:
    """Tell whether this is the code that was sent. Raises Unavailable."""
    return challenge.digest is not None and seals.is_of(challenge.digest, code, owner=challenge.challenge_id)


def failed(challenge: Challenge) -> Challenge:
    """Return the challenge after one more wrong code, at its next version: the fifth ends it."""
    failures = challenge.failures + 1
    digest = challenge.digest if failures < MAX_FAILURES else None
    return challenge._replace(digest=digest, failures=failures, version=challenge.version + 1)


def ended(challenge: Challenge) -> Challenge:
    """Return the challenge, at its next version, that no code meets any more; it still tells how many were sent."""
    return challenge._replace(digest=None, version=challenge.version + 1)


def written(owner: str, before: Challenge | None, after: Challenge) -> Put:
    """Return the write of the challenge of an account."""
    item = records.to_item(_key(owner), "Challenge", after)
    return Put(item, ABSENT if before is None else unchanged(before.version))


def sent(caller: Caller, *, at: Instant) -> Put:
    """Return the event of a code that is sent to a user."""
    return happenings.of_user("identity.challenge.sent", caller.user_id, caller.tenant_id, at)


def _read(owner: str) -> Challenge | None:
    item = table.get(_key(owner), consistent=True)
    return None if item is None else records.from_item(Challenge, item)


def _key(owner: str) -> Key:
    return Key(users.partition(owner), "CHALLENGE")
