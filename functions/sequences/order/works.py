"""Work on a whole sequence in parts: which job has it, so that nobody else changes the order meanwhile.

A job marks the sequence before it changes anything, and waits until every request that has not seen the mark is over.
The mark of a job that has ended counts no more.
"""

from typing import Any, Final, NamedTuple

from functions.sequences import sequences
from functions.sequences.elements import Element
from functions.sequences.sequences import Place
from shared import clock
from shared.callers.caller import Caller
from shared.clock import SECOND, Instant
from shared.errors import Conflict, NotAllowed
from shared.jobs import jobs
from shared.jobs.jobs import Job
from shared.jobs.parts import Step
from shared.storage import changes, events, records, table
from shared.storage.attributes import Item, Key
from shared.storage.changes import Plan
from shared.storage.idempotency import Answer, Claim
from shared.storage.writes import Delete, Put, absent_or_of

COMPACT: Final = "sequences.compact"
SPREAD: Final = "sequences.spread"
BUSY: Final = "busy"
"""Why a job fails that finds another at work."""


class Compacting(Conflict):
    """409: the sequence is being compacted; its order can be changed once that job has ended."""


class Spreading(Conflict):
    """409: the ranks of the sequence are being spread; elements can be moved once that job has ended."""


class OrderedByNumber(NotAllowed):
    """422: elements of this type are ordered by number: they are reordered and compacted, not moved."""

    def __init__(self) -> None:
        super().__init__("Elements of this type are ordered by number. Reorder them.")


class OrderedByRank(NotAllowed):
    """422: elements of this type are ordered by rank: they are moved, not reordered or compacted."""

    def __init__(self) -> None:
        super().__init__("Elements of this type are ordered by rank. Move them.")


class Work(NamedTuple):
    """Which job works on a sequence, whose it is, and the highest number when it began."""

    kind: str
    user_id: str
    job_id: str
    last: int


def key(at: Place) -> Key:
    """Return the key of the mark of a sequence."""
    return Key(sequences.partition(at), "ORDERWORK")


def require_none(item: Item | None) -> None:
    """Require that no job works on the sequence. Raises Compacting, Spreading."""
    work = None if item is None else records.from_item(Work, item)
    if work is None or not _is_live(work):
        return
    if work.kind == COMPACT:
        raise Compacting("The sequence is being compacted. Change its order once the job has ended.")
    raise Spreading("The ranks of the sequence are being spread. Move elements once the job has ended.")


def position(at: Place) -> dict[str, Any]:
    """Return where a job on a sequence begins."""
    return {"scope": at.scope, "element_type": at.element_type, "phase": "begin"}


def place(job: Job) -> Place:
    """Return the sequence that a job works on."""
    return Place(job.tenant_id, job.position["scope"], job.position["element_type"])


def request(caller: Caller, at: Place, kind: str, *, scope: str, last: int, claim: Claim | None = None) -> Answer:
    """Have a job do work on a sequence, mark the sequence, and return the job. Raises TooManyJobs."""
    begun = jobs.begin(caller, kind, unit="elements", scope=scope, position=position(at), claim=claim)
    made = Work(kind, caller.user_id, begun["job_id"], last)
    # If this fails, the first part of the job does it.
    changes.make(lambda: _marked(at, made))
    return begun


def begin(job: Job, first: dict[str, Any]) -> Step:
    """Mark the sequence of a job, and have its next part wait until nobody goes on who has not seen the mark."""
    at = place(job)
    counter = sequences.counter_of(table.get(sequences.counter_key(at), consistent=True))
    if counter is None:
        return Step(None, 0)
    made = Work(job.kind, job.user_id, job.job_id, counter.last)
    if not changes.make(lambda: _marked(at, made)):
        return Step(None, 0, failed=BUSY)
    not_before = clock.now() + sequences.SETTLED_SECONDS * SECOND
    going_on = position(at) | first | {"last": counter.last, "not_before": not_before}
    return Step(going_on, 0, pause_seconds=sequences.SETTLED_SECONDS)


def seconds_to_wait(job: Job, now: Instant) -> int:
    """Return how long the next part of a job that has begun still waits."""
    left: Instant = job.position["not_before"] - now
    return max(0, -(-left // SECOND))


def end(job: Job) -> None:
    """Remove the mark of a job."""
    at = place(job)

    def plan() -> Plan[None]:
        item = table.get(key(at), consistent=True)
        is_own = item is not None and item["job_id"] == job.job_id
        return Plan(None, [Delete(key(at), absent_or_of("job_id", job.job_id))] if is_own else [])

    changes.make(plan)


def changed(at: Place, now: Instant, *, reason: str, pairs: list[tuple[Element, Element]]) -> Put:
    """Return the write of the event `sequences.order.changed`, which has each element before and after."""
    told = [_placed(before, after) for before, after in pairs]
    return events.occurred(
        "sequences.order.changed",
        partition=sequences.partition(at),
        subject_id=f"{at.scope}/{at.element_type}",
        tenant_id=at.tenant_id,
        at=now,
        data={"scope": at.scope, "element_type": at.element_type, "reason": reason, "changes": told},
    )


def _placed(before: Element, after: Element) -> dict[str, Any]:
    return {
        "element_id": after.element_id,
        "element_version": after.version,
        "previous_sequence_number": before.sequence_number,
        "sequence_number": after.sequence_number,
        "version_number": after.version_number,
        "rank": after.rank,
    }


def _marked(at: Place, made: Work) -> Plan[bool]:
    """Mark a sequence, unless another job that has not ended has done so."""
    item = table.get(key(at), consistent=True)
    there = None if item is None else records.from_item(Work, item)
    if there is not None and there.job_id != made.job_id and _is_live(there):
        return Plan(False)
    condition = absent_or_of("job_id", "" if there is None else there.job_id)
    return Plan(True, [Put(records.to_item(key(at), "OrderWork", made), condition)])


def _is_live(work: Work) -> bool:
    job = jobs.find(work.user_id, work.job_id)
    return job is not None and job.status not in jobs.ENDED
