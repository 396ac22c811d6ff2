"""The rows of a job: what became of each thing that it was to do, items of their own in the job's partition."""

from collections.abc import Sequence
from typing import Final, Literal, NamedTuple

from shared.callers.auth import Caller
from shared.jobs import jobs
from shared.jobs.jobs import Job
from shared.storage import records, table
from shared.storage.attributes import Key
from shared.storage.idempotency import Answer
from shared.storage.writes import Put

_DIGITS: Final = 8


class Row(NamedTuple):
    """What became of one thing that a job was to do. `result` is what it has led to, `reason` why it was refused."""

    reference: str
    status: Literal["done", "refused"]
    result: str | None = None
    reason: str | None = None


def page(caller: Caller, job_id: str, *, limit: int, cursor: str | None) -> tuple[list[Answer], str | None]:
    """Return a page of what became of each thing that a job was to do, in its order. Raises JobNotFound."""
    jobs.own(caller, job_id)
    found = table.query(jobs.partition(caller.user_id), _prefix(job_id), limit=limit, cursor=cursor)
    return [records.from_item(Row, each)._asdict() for each in found.items], found.next_cursor


def written(job: Job, rows: Sequence[Row]) -> list[Put]:
    """Return the writes of the rows of a part, behind those of the parts before."""
    places = [f"{_prefix(job.job_id)}{number:0{_DIGITS}d}" for number in range(job.rows, job.rows + len(rows))]
    return [
        Put(records.to_item(Key(jobs.partition(job.user_id), place), "JobRow", row) | {"ttl": job.ttl})
        for place, row in zip(places, rows, strict=True)
    ]


def _prefix(job_id: str) -> str:
    return f"JOBROW#{job_id}#"
