"""A job: long work of one user, its record, its keys, its rows, and how it is begun, read and cancelled.

A user here is whoever may ask for work: a person, a service, or an API key that is bound to something of a context.

queued → running → completed | failed | cancelled. A job is written together with the event that has it begun; its
parts are done in the background (`parts.py`). What is left of it expires a week after it was asked for.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, NamedTuple

from shared import actors, clock, ids
from shared.actors import Actor
from shared.callers.auth import Caller
from shared.callers.caller import Restriction
from shared.clock import Instant
from shared.errors import Conflict, NotFound
from shared.jobs import turns
from shared.storage import changes, events, records, table
from shared.storage.attributes import Item, Key
from shared.storage.changes import Plan
from shared.storage.events import Concern
from shared.storage.idempotency import Answer, Claim
from shared.storage.writes import ABSENT, Put, Write, unchanged

KEPT: Final = 7 * clock.DAY
STUCK_AFTER: Final = 7200 * clock.SECOND
"""A part that is not recorded by then never is: its message has had its last try, in which its function was killed."""

QUEUED: Final = "queued"
RUNNING: Final = "running"
COMPLETED: Final = "completed"
FAILED: Final = "failed"
CANCELLED: Final = "cancelled"
ENDED: Final = frozenset({COMPLETED, FAILED, CANCELLED})

_PREFIX: Final = "JOB#"
_LOOKED_AT: Final = 20


class JobNotFound(NotFound):
    """404: you have no job with this id, or it has expired."""

    def __init__(self) -> None:
        super().__init__("You have no job with this id, or it has expired.")


class TooManyJobs(Conflict):
    """409: three jobs of yours wait or run, or one of a bound key; wait for one, or cancel it."""


class JobEnded(Conflict):
    """409: the job has completed or failed; there is nothing left to cancel."""


class File(NamedTuple):
    """The file that a job has made: its key, and as what it is fetched."""

    key: str
    name: str
    media_type: str


class Job(NamedTuple):
    """A job as it is stored.

    `position` is where the next part begins, which only the work itself can read, and `part` its number. `done` of
    `total` are counted in `unit`; None is a total that nobody knows. `scope` is what it takes to fetch its file.
    `restriction` is what the key was bound to that asked for it.
    """

    job_id: str
    kind: str
    user_id: str
    tenant_id: str
    status: str
    scope: str
    unit: str
    created_at: str
    updated_at: str
    ttl: int
    version: int
    position: Mapping[str, Any]
    is_requested: bool = True
    is_cancelled: bool = False
    part: int = 0
    done: int = 0
    total: int | None = None
    rows: int = 0
    refused: int = 0
    file: Sequence[str] = ()
    reason: str | None = None
    actor: Mapping[str, str] | None = None
    restriction: Mapping[str, str] | None = None

    @property
    def bound_to(self) -> Restriction | None:
        """Return what the work is bound to; None if a user or a service has asked for it."""
        return None if self.restriction is None else Restriction(**self.restriction)

    @property
    def done_for(self) -> Actor:
        """Return who does what the work does: whoever asked for it."""
        return actors.read(self.actor) or actors.SYSTEM


def partition(user_id: str) -> str:
    """Return the partition that the jobs of a user lie in."""
    return f"USER#{user_id}"


def key(user_id: str, job_id: str) -> Key:
    """Return the key of a job."""
    return Key(partition(user_id), f"{_PREFIX}{job_id}")


def begin(
    caller: Caller,
    kind: str,
    *,
    unit: str,
    scope: str,
    position: Mapping[str, Any],
    total: int | None = None,
    is_requested: bool = True,
    claim: Claim | None = None,
    beside: Callable[[Job], Sequence[Write]] | None = None,
) -> Answer:
    """Have long work done for the caller, and return it as they see it. Raises TooManyJobs, KeyJobsUsedUp.

    Unless `is_requested`, it waits for `request`. `beside` returns what is written in the same transaction.
    """
    now = clock.now()
    job = _new(caller, kind, now, unit=unit, scope=scope, position=position, total=total, is_requested=is_requested)

    def plan() -> Plan[Answer]:
        # Read first: a job that others begin behind this read changes whose turn it is.
        turn = turns.next_one(partition(caller.user_id))
        latest = table.query(partition(caller.user_id), _PREFIX, limit=_LOOKED_AT, newest_first=True, consistent=True)
        _require_room(caller, latest.items, now)
        asked = [happened("requested", job, now)] if is_requested else []
        more = () if beside is None else beside(job)
        return Plan(view(job), [Put(to_item(job), ABSENT), turn, *asked, *more])

    return changes.make(plan, claim=claim)


def _require_room(caller: Caller, latest: Sequence[Item], now: Instant) -> None:
    """Require that the caller may begin another job, beside their latest ones. Raises TooManyJobs, KeyJobsUsedUp."""
    most = turns.most_at_once(caller)
    if sum(_is_open(each) for each in latest) >= most:
        raise TooManyJobs(f"As many jobs of yours wait or run as may ({most}). Wait for one, or cancel it.")
    turns.require_spare(caller, latest, now)


def _is_open(item: Item) -> bool:
    return item["status"] not in ENDED and not _has_expired(item)


def _has_expired(item: Item) -> bool:
    """Return whether a job is no longer there for its owner; DynamoDB removes it hours or days later."""
    return bool(item["ttl"] <= clock.now() // clock.SECOND)


def _new(caller: Caller, kind: str, at: Instant, **fields: Any) -> Job:
    stamp = clock.to_rfc3339(at)
    return Job(
        job_id=ids.new("job", at=at),
        kind=kind,
        user_id=caller.user_id,
        tenant_id=caller.tenant_id,
        status=QUEUED,
        created_at=stamp,
        updated_at=stamp,
        ttl=(at + KEPT) // clock.SECOND,
        version=1,
        actor=caller.actor.told(),
        restriction=None if caller.restriction is None else caller.restriction._asdict(),
        **fields,
    )


def request(caller: Caller, job_id: str, *, claim: Claim | None = None) -> Answer:
    """Have a job begun that has waited for it, once however often this is asked. Raises JobNotFound."""

    def plan() -> Plan[Answer]:
        job = own(caller, job_id)
        if job.is_requested or job.status in ENDED:
            return Plan(view(job))
        now = clock.now()
        after = next_version(job, now)._replace(is_requested=True)
        return Plan(view(after), [written(job, after), happened("requested", after, now)])

    return changes.make(plan, claim=claim)


def cancel(caller: Caller, job_id: str, *, claim: Claim | None = None) -> Answer:
    """Cancel a job: one that runs ends after its present part, one that is stuck at once.

    Raises JobNotFound, JobEnded.
    """

    def plan() -> Plan[Answer]:
        job, now = own(caller, job_id), clock.now()
        goes_on = job.status == RUNNING and now - clock.from_rfc3339(job.updated_at) < STUCK_AFTER
        if job.is_cancelled and (goes_on or job.status in ENDED):
            return Plan(view(job))
        if job.status in ENDED:
            raise JobEnded(f"The job has {job.status}; there is nothing left to cancel.")
        after = next_version(job, now)._replace(is_cancelled=True)
        if goes_on:
            return Plan(view(after), [written(job, after)])
        after = after._replace(status=CANCELLED)
        return Plan(view(after), [written(job, after), happened(CANCELLED, after, now)])

    return changes.make(plan, claim=claim)


def own(caller: Caller, job_id: str) -> Job:
    """Return a job of the caller, as it is now. Raises JobNotFound."""
    job = find(caller.user_id, job_id) if ids.is_valid(job_id, "job") else None
    if job is None or job.tenant_id != caller.tenant_id:
        raise JobNotFound
    return job


def find(user_id: str, job_id: str) -> Job | None:
    """Return a job as it is now, None for one that is not there any more."""
    item = table.get(key(user_id, job_id), consistent=True)
    return None if item is None or _has_expired(item) else records.from_item(Job, item)


def page(caller: Caller, *, limit: int, cursor: str | None) -> tuple[list[Answer], str | None]:
    """Return a page of the jobs of the caller, the newest first; one query."""
    found = table.query(partition(caller.user_id), _PREFIX, limit=limit, cursor=cursor, newest_first=True)
    shown = [records.from_item(Job, each) for each in found.items if not _has_expired(each)]
    return [view(each) for each in shown], found.next_cursor


def file_of(job: Job) -> File | None:
    """Return the file that a job has made, None if it has made none."""
    return File(*job.file) if job.file else None


def to_item(job: Job) -> Item:
    """Return the item of a job."""
    return records.to_item(key(job.user_id, job.job_id), "Job", job)


def next_version(job: Job, at: Instant) -> Job:
    """Return a changed job at its next version."""
    return job._replace(updated_at=clock.to_rfc3339(at), version=job.version + 1)


def written(before: Job, after: Job) -> Put:
    """Return the write of a job that was at another version before."""
    return Put(to_item(after), unchanged(before.version))


def happened(what: str, job: Job, at: Instant) -> Put:
    """Return the write of the event `jobs.job.<what>` of a job as it is stored after it."""
    return events.occurred(
        f"jobs.job.{what}",
        partition=partition(job.user_id),
        subject_id=job.job_id,
        tenant_id=job.tenant_id,
        at=at,
        data={"job_id": job.job_id, "kind": job.kind, "user_id": job.user_id},
        state=stated(job),
        concerns=[Concern(job.user_id, "owner")] if job.restriction is None else [],
    )


def stated(job: Job) -> dict[str, Any]:
    """Return the state of a job as its events announce it."""
    told = job._asdict()
    names = ("version", "created_at", "status", "done", "refused", *(() if job.total is None else ("total",)))
    return {name: told[name] for name in names}


def view(job: Job) -> Answer:
    """Return what its owner sees of a job."""
    return {
        "job_id": job.job_id,
        "kind": job.kind,
        "status": job.status,
        "is_cancelled": job.is_cancelled,
        "unit": job.unit,
        "done": job.done,
        "total": job.total,
        "rows": job.rows,
        "refused": job.refused,
        "has_file": bool(job.file),
        "reason": job.reason,
        "created_at": job.created_at,
        "updated_at": job.updated_at,
        "expires_at": clock.to_rfc3339(job.ttl * clock.SECOND),
        "version": job.version,
    }
