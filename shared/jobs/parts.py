"""The parts of jobs, done one after the other from a queue.

A message names a job. It comes from the bus when the job was asked for, and from here when a part was not the last. A
part is recorded on the condition that it is the next one, so one that comes twice is recorded once; what else it does
must have one effect however often it is done. A part that broke off begins again where the one before has ended.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, NamedTuple

from shared import actors, clock, ids
from shared.callers import auth, bound_keys
from shared.callers.auth import Caller
from shared.clock import Instant
from shared.jobs import jobs, rows
from shared.jobs.jobs import File, Job
from shared.jobs.rows import Row
from shared.messaging import batches, bus, queues
from shared.messaging.batches import Message
from shared.observability import logger
from shared.storage import changes, table
from shared.storage.changes import Plan

MOST_ROWS: Final = 90
"""How many rows a part may have: with the job and its event they are one transaction."""
GAVE_UP: Final = "gave_up"
OWNER_LEFT: Final = "owner_left"


class Step(NamedTuple):
    """What a part has done: where the next one begins, None behind the last, and how far the job is.

    `failed` is a word that callers can rely on, for work that cannot go on. `pause_seconds` is how long the next part
    waits, 900 at most. `refused` counts what was refused besides that rows tell of.
    """

    position: Mapping[str, Any] | None
    done: int
    rows: Sequence[Row] = ()
    file: File | None = None
    failed: str | None = None
    pause_seconds: int = 0
    refused: int = 0


class Which(NamedTuple):
    """Which job it is, of whom and of what kind."""

    user_id: str
    job_id: str
    kind: str


Work = Callable[[Job], Step]
"""Does the next part of a job."""


def consume(event: Mapping[str, Any], works: Mapping[str, Work], *, queue_url: str) -> dict[str, Any]:
    """Do a part of each job of a batch that is of one of these kinds; answers the messages that failed."""

    def do(which: Which, messages: Sequence[Message]) -> None:
        work = works.get(which.kind)
        if work is None:
            return
        pause = _pause_before_next(which, work, is_last_try=any(map(batches.is_last_try, messages)))
        if pause is not None:
            queues.send(queue_url, which._asdict(), delay_seconds=pause)

    return batches.per_subject(event, about, do)


def apart(records: Sequence[Mapping[str, Any]]) -> tuple[list[Mapping[str, Any]], list[Mapping[str, Any]]]:
    """Return the messages of a batch that are about no job, and those about jobs; what cannot be read is of the first.

    For a queue that jobs share with something else.
    """
    of_jobs = [each for each in records if _is_of_a_job(each["body"])]
    return [each for each in records if each not in of_jobs], of_jobs


def _is_of_a_job(body: str) -> bool:
    try:
        message = json.loads(body)
        return "job_id" in message or (batches.is_event(message) and message["detail-type"] == "jobs.job.requested")
    except batches.UNREADABLE:
        return False


def about(message: Message) -> Which:
    """Return the job that a message speaks of. Raises KeyError, TypeError or ValueError when it speaks of none."""
    return named(bus.read(message).data if batches.is_event(message) else message)


def named(data: Mapping[str, Any]) -> Which:
    """Return the job that the data of an event name. Raises KeyError, TypeError or ValueError when they name none."""
    user_id = data["user_id"]
    is_somebody = ids.is_valid(user_id, "user") or bound_keys.calls_as(user_id) is not None
    if not is_somebody or not ids.is_valid(data["job_id"], "job"):
        raise ValueError("no job has these ids")
    return Which(user_id, data["job_id"], data["kind"])


def owner(job: Job) -> Caller:
    """Return the user of a job as the one who calls, with no more than what the work itself asks for.

    Whoever has asked for it by a bound key has no scopes here either.
    """
    key_id = bound_keys.calls_as(job.user_id)
    scopes = frozenset[str]() if key_id is not None else frozenset({job.scope})
    return Caller(job.user_id, job.tenant_id, (), scopes, key_id, (), None, restriction=job.bound_to)


def _pause_before_next(which: Which, work: Work, *, is_last_try: bool) -> int | None:
    """Do the next part of a job, and return after how many seconds another one is to be done, None behind the last."""
    job = changes.make(lambda: _running(which))
    if job is None or job.status in jobs.ENDED:
        return None
    try:
        with actors.acting(job.done_for):
            step = work(job)
    except Exception:
        if is_last_try:
            _recorded(job, Step(None, job.done, failed=GAVE_UP))
        raise
    return step.pause_seconds if _recorded(job, step) else None


def _running(which: Which) -> Plan[Job | None]:
    """Return a job that is to go on; its owner must still be a member, or its key still be good."""
    job = jobs.find(which.user_id, which.job_id)
    if job is None or job.status in jobs.ENDED or not job.is_requested:
        return Plan(None)
    now = clock.now()
    gone = _why_gone(job, now)
    if gone is not None:
        after = jobs.next_version(job, now)._replace(status=jobs.FAILED, reason=gone)
        return Plan(after, [jobs.written(job, after), jobs.happened(jobs.FAILED, after, now)])
    if job.status == jobs.RUNNING:
        return Plan(job)
    after = jobs.next_version(job, now)._replace(status=jobs.RUNNING)
    return Plan(after, [jobs.written(job, after)])


def _why_gone(job: Job, now: Instant) -> str | None:
    """Return the reason for which whoever asked for a job may have nothing done any more, None if they may."""
    key_id = bound_keys.calls_as(job.user_id)
    if key_id is not None:
        return bound_keys.ended(key_id, now=now)
    membership = table.get(auth.membership_key(job.tenant_id, job.user_id), consistent=True)
    return None if auth.is_member(membership) else OWNER_LEFT


def _recorded(job: Job, step: Step) -> bool:
    """Record a part, unless somebody else has, and return whether there is another one to be done."""

    def plan() -> Plan[bool]:
        current = jobs.find(job.user_id, job.job_id)
        if current is None or current.part != job.part or current.status != jobs.RUNNING:
            logger.info("part of a job already recorded", job_id=job.job_id, part=job.part)
            return Plan(False)
        now = clock.now()
        after = jobs.next_version(_after(current, step), now)
        ended = [jobs.happened(after.status, after, now)] if after.status in jobs.ENDED else []
        return Plan(not ended, [jobs.written(current, after), *rows.written(current, step.rows), *ended])

    return changes.make(plan)


def _after(job: Job, step: Step) -> Job:
    """Return a job as it is when a part is done."""
    status = jobs.RUNNING
    if step.failed is not None:
        status = jobs.FAILED
    elif step.position is None:
        status = jobs.COMPLETED
    elif job.is_cancelled:
        status = jobs.CANCELLED
    return job._replace(
        status=status,
        reason=step.failed,
        position=job.position if step.position is None else step.position,
        part=job.part + 1,
        done=step.done,
        rows=job.rows + len(step.rows),
        refused=job.refused + step.refused + sum(row.status == "refused" for row in step.rows),
        file=step.file or (),
    )
