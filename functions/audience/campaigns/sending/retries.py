"""What follows from a provider's answer to one call. Pure but for the jitter, which is given.

| answer | a provider that dedupes | any other |
|---|---|---|
| accepted | sent | sent |
| refused | failed | failed |
| retry | again, three tries in all, then failed | the same |
| account | pending, no try used; the campaign pauses | the same |
| ambiguous | again with the same id, three tries in all, then unknown | unknown |
"""

from typing import Final, NamedTuple

from functions.audience.recipients.state import Status
from shared.instants import SECOND, Instant
from shared.sending.answers import Answer

MOST_TRIES: Final = 3
_FIRST_PAUSE: Final[Instant] = 2 * SECOND
_LONGEST_PAUSE: Final[Instant] = 60 * SECOND


class Follows(NamedTuple):
    """The state that a recipient comes into; a pending one waits so long, and has had so many tries."""

    status: Status
    attempts: int
    wait: Instant = 0


def after(answer: Answer, attempts: int, *, dedupes: bool, jitter: float) -> Follows:
    """Return what follows from an answer to a recipient that has had so many tries before; jitter is from 0 to 1."""
    tried = attempts + 1
    match answer.outcome:
        case "accepted":
            return Follows("sent", tried)
        case "refused":
            return Follows("failed", tried)
        case "account":
            return Follows("pending", attempts)
        case "retry":
            return _again(answer, tried, jitter) if tried < MOST_TRIES else Follows("failed", tried)
    return _again(answer, tried, jitter) if dedupes and tried < MOST_TRIES else Follows("unknown", tried)


def _again(answer: Answer, tried: int, jitter: float) -> Follows:
    pause = int(min(_FIRST_PAUSE * 2 ** (tried - 1), _LONGEST_PAUSE) * jitter)
    return Follows("pending", tried, max(pause, (answer.retry_after_seconds or 0) * SECOND))
