"""How a change is made: read, refuse or plan, write everything in one transaction, and again if somebody was faster."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar, overload

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


T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)


@dataclass(frozen=True, slots=True)
class Plan(Generic[T_co]):
    """What a change will write and what it will answer. No writes: everything already is as was asked for.

    `refuse` is asked when a condition of the writes has failed; it raises the refusal of what would fail again.
    """

    answer: T_co
    writes: Sequence[Write] = ()
    refuse: Callable[[ConditionFailed], None] | None = None


@overload
def make(plan: Callable[[], Plan[T]], *, patience_seconds: float | None = None) -> T: ...


@overload
def make(plan: Callable[[], Plan[Answer]], *, claim: Claim | None, patience_seconds: float | None = None) -> Answer: ...


def make(plan: Callable[[], Plan[Any]], *, claim: Claim | None = None, patience_seconds: float | None = None) -> Any:
    """Make a change and return its answer; with a claim, the answer of its first time, which is kept as JSON.

    `plan` reads what it needs, raises the refusals of the change and returns its writes. It is asked again whenever
    an item it has read was changed in between. Raises TooManyChangesAtOnce after 8 seconds of that, or as many as said.
    """
    usual = backoff()
    for _ in pauses.tries(usual if patience_seconds is None else usual._replace(patience_seconds=patience_seconds)):
        made = _attempt(plan, claim)
        if made is not None:
            return made.answer
    raise TooManyChangesAtOnce(
        "Many requests are changing the same item at once. Repeat this one.", headers={"Retry-After": "1"}
    )


def backoff() -> Backoff:
    """Return how a change that others keep from being made is tried again."""
    return Backoff(_FIRST_PAUSE_SECONDS, _LONGEST_PAUSE_SECONDS, PATIENCE_SECONDS)


def _attempt(plan: Callable[[], Plan[Any]], claim: Claim | None) -> Plan[Any] | None:
    """Return the plan that is written, or None when somebody else was faster and it must be made anew."""
    try:
        planned = plan()
    except Refusal:
        earlier = _earlier(claim)
        if earlier is None:
            raise
        return earlier
    writes = [*planned.writes]
    if not writes and claim is None:
        return planned
    if claim is not None:
        # Also for a change that changes nothing: repeated later, when there would be something to do, it must not.
        writes.append(idempotency.recorded(claim, planned.answer, at=clock.now()))
    try:
        table.transact(writes)
    except Contended:
        return None
    except ConditionFailed as failure:
        return _known(planned, failure, claim)
    return planned


def _known(planned: Plan[Any], failure: ConditionFailed, claim: Claim | None) -> Plan[Any] | None:
    """Return what was written or answered before, None if it is to be planned again. Raises what the plan refuses."""
    if any(events.is_event(write) for write in failure.writes):
        return planned
    earlier = _earlier(claim)
    if earlier is None and planned.refuse is not None:
        planned.refuse(failure)
    return earlier


def _earlier(claim: Claim | None) -> Plan[Answer] | None:
    """Return what was answered when the claim was made before, with nothing to write; None when it was not."""
    answer = None if claim is None else idempotency.earlier_answer(claim)
    return None if answer is None else Plan(answer)
