"""When a payment whose outcome nobody knows is looked at, and what an answer then means. Pure.

A request that was sent may still have its effect, but not for long. So nothing is repeated in the quarter of an hour
before the answer that counts, and only a transfer that the gateway does not know after an hour has certainly failed.
"""

from typing import Final

from shared.instants import DAY, SECOND, Instant

MINUTE: Final = 60 * SECOND
LOOKS: Final = tuple(minutes * MINUTE for minutes in (1, 5, 15, 60))
"""How long after its claim a payment is looked at; from then on once an hour."""
REPEATED_UNTIL: Final = 45 * MINUTE
"""How long after the claim the same key may be sent once more; gateways know a key for a day."""
DECIDED_AFTER: Final = LOOKS[-1]
HOPELESS_AFTER: Final = DAY
LATE_AFTER: Final = 7 * DAY
"""After so long a transfer that was taken and is not settled is for people to see to."""
DEPOSIT_LOOKS: Final = DAY
"""How often a payment that waits for a deposit is looked at, beside each time that one arrives."""
ATTEMPTS: Final = 3
"""How often a payment is tried by itself."""
_PAUSES: Final = (1 * MINUTE, 10 * MINUTE)


def next_look(claimed: Instant, now: Instant) -> Instant:
    """Return when a payment is looked at next."""
    for each in LOOKS:
        if claimed + each > now:
            return claimed + each
    return now + LOOKS[-1]


def may_repeat(claimed: Instant, now: Instant) -> bool:
    """Return whether the key of a claim may be sent once more."""
    return now - claimed < REPEATED_UNTIL


def has_failed(claimed: Instant, now: Instant) -> bool:
    """Return whether a transfer that the gateway does not know has certainly not been made."""
    return now - claimed >= DECIDED_AFTER


def is_hopeless(claimed: Instant, now: Instant) -> bool:
    """Return whether an outcome that is still unknown is for people to find out."""
    return now - claimed >= HOPELESS_AFTER


def pause(attempt: int) -> Instant | None:
    """Return how long after a failed attempt the next one is made by itself, None if people decide."""
    return _PAUSES[attempt - 1] if attempt < ATTEMPTS else None


def key(payment_id: str, attempt: int) -> str:
    """Return the idempotency key of an attempt: the first has the id of the payment."""
    return payment_id if attempt == 1 else f"{payment_id}-{attempt}"
