"""A sequence is numbered anew from 1, in the order in which it stands.

The lower numbers are given first, so at every moment no two elements hold the same one: a part that is done twice finds
its elements where it has put them. Up to 90 elements are one transaction, if no create can be on its way; otherwise it
is a job. Numbers above the highest that was given when it began are left alone.
"""

from typing import Final

from functions.sequences import element_types, elements, sequences
from functions.sequences.element_types import NUMBER
from functions.sequences.elements import Element
from functions.sequences.order import permutation, reorders, works
from functions.sequences.order.works import OrderedByRank
from functions.sequences.sequences import Counter, Place
from shared import clock
from shared.callers.caller import Caller
from shared.jobs.jobs import Job
from shared.jobs.parts import Step
from shared.storage import changes, idempotency, table
from shared.storage.changes import Plan
from shared.storage.idempotency import Answer, Claim

KIND: Final = works.COMPACT
REASON: Final = "compact"


def compact(caller: Caller, at: Place, *, scope: str, claim: Claim | None = None) -> Answer:
    """Number a sequence anew; return what has changed, or the job that does it.

    Raises Compacting, OrderedByRank, ElementTypeNotFound, TooManyJobs.
    """
    earlier = None if claim is None else idempotency.earlier_answer(claim)
    if earlier is not None:
        return earlier
    counter = _open(at)
    if counter is None:
        return {"changes": []}
    is_settled = sequences.close_if_settled(at, counter, clock.now())
    found, _ = table.between(
        elements.listed_in(at), elements.FIRST, elements.LAST, limit=permutation.MOST + 1, index=True
    )
    if len(found) > permutation.MOST or not is_settled:
        sequences.close_to_imports(at)
        return works.request(caller, at, KIND, scope=scope, last=counter.last, claim=claim)
    element_ids = [elements.from_item(item).element_id for item in found]
    return changes.make(lambda: _plan(at, element_ids, first=1), claim=claim)


def work(job: Job) -> Step:
    """Give the next elements of a sequence their numbers."""
    if job.position["phase"] == "begin":
        return works.begin(job, {"phase": "compact", "next": 1})
    wait = works.seconds_to_wait(job, clock.now())
    if wait:
        return Step(job.position, job.done, pause_seconds=wait)
    at, first, last = works.place(job), job.position["next"], job.position["last"]
    found, behind = table.between(
        elements.listed_in(at),
        _digits(first),
        f"{_digits(last)}#{elements.LAST}",
        limit=permutation.MOST - 1,
        index=True,
    )
    element_ids = [elements.from_item(item).element_id for item in found]
    done = changes.make(lambda: _counted(at, element_ids, first=first, last=last))
    if behind is None:
        works.end(job)
        return Step(None, job.done + done)
    return Step({**job.position, "next": first + done}, job.done + done)


def _open(at: Place) -> Counter | None:
    """Return the counter of a sequence that can be compacted, None for one that nobody has begun."""
    counter, work_item = table.get_many([sequences.counter_key(at), works.key(at)], consistent=True)
    begun = sequences.counter_of(counter)
    order = element_types.order_of(at.tenant_id, at.element_type) if begun is None else begun.order
    if order != NUMBER:
        raise OrderedByRank
    works.require_none(work_item)
    return begun


def _plan(at: Place, element_ids: list[str], *, first: int) -> Plan[Answer]:
    standing = _standing(at, element_ids, first=first, last=None)
    return _renumbered(at, standing, first=first)


def _counted(at: Place, element_ids: list[str], *, first: int, last: int) -> Plan[int]:
    standing = _standing(at, element_ids, first=first, last=last)
    return Plan(len(standing), _renumbered(at, standing, first=first).writes)


def _renumbered(at: Place, standing: list[Element], *, first: int) -> Plan[Answer]:
    numbers = permutation.compacted([(each.element_id, each.sequence_number) for each in standing], first=first)
    return reorders.planned(at, standing, numbers, clock.now(), reason=REASON)


def _standing(at: Place, element_ids: list[str], *, first: int, last: int | None) -> list[Element]:
    """Return the elements as they are now in their order, without those that the index has not yet put elsewhere."""
    found = [
        each
        for each in elements.get_all(at, element_ids)
        if first <= each.sequence_number and (last is None or each.sequence_number <= last)
    ]
    return sorted(found, key=lambda each: each.sequence_number)


def _digits(number: int) -> str:
    return f"{number:0{elements.DIGITS}d}"
