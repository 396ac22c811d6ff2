"""How a change is made: read, refuse or plan, write everything in one transaction, and again if somebody was faster."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from shared import clock, pauses
from shared.errors import Conflict, Refusal
from shared.pauses import Backoff
from shared.storage import events, idempotency, table
from shared.storage.idempotency import Answer, Claim
from shared.storage.table import ConditionFailed, Contended
from shared.storage.writes import Write

PATIENCE_SECONDS = 8.0
_FIRST_PAUSE_SECONDS = 0.01
_LONGEST_PAUSE_SECONDS = 2.0


class TooManyChangesAtOnce(Conflict):
    """Others kept changing the same item for as long as we may wait; nothing was written, repeat the request."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What a change will write and what it will answer. No writes: everything already is as was asked for."""

    answer: Answer
    writes: Sequence[Write] = ()


def make(plan: Callable[[], Plan], *, claim: Claim | None = None) -> Answer:
    """Make a change and return its answer; with a claim, the answer of its first time.

    `plan` reads what it needs, raises the refusals of the change and returns its writes. It is asked again whenever
    an item it has read was changed in between. Raises TooManyChangesAtOnce after 8 seconds of that.
    """
    for _ in pauses.tries(backoff()):
        answer = _attempt(plan, claim)
        if answer is not None:
            return answer
    raise TooManyChangesAtOnce(
        "Many requests are changing the same item at once. Repeat this one.", headers={"Retry-After": "1"}
    )


def backoff() -> Backoff:
    """Return how a change that others keep from being made is tried again."""
    return Backoff(_FIRST_PAUSE_SECONDS, _LONGEST_PAUSE_SECONDS, PATIENCE_SECONDS)


def _attempt(plan: Callable[[], Plan], claim: Claim | None) -> Answer | None:
    """Return the answer, or None when somebody else was faster and the plan must be made anew."""
    try:
        planned = plan()
    except Refusal:
        earlier = _earlier_answer(claim)
        if earlier is None:
            raise
        return earlier
    writes = [*planned.writes]
    if not writes and claim is None:
        return planned.answer
    if claim is not None:
        # Also for a change that changes nothing: repeated later, when there would be something to do, it must not.
        writes.append(idempotency.recorded(claim, planned.answer, at=clock.now()))
    try:
        table.transact(writes)
    except Contended:
        return None
    except ConditionFailed as failure:
        if any(events.is_event(write) for write in failure.writes):
            return planned.answer
        return _earlier_answer(claim)
    return planned.answer


def _earlier_answer(claim: Claim | None) -> Answer | None:
    return None if claim is None else idempotency.earlier_answer(claim)
