"""The documents of a collection written into a file of JSON lines, as a job: all, or those that fit a filter."""

from collections.abc import Sequence
from typing import Any, Final

from functions.search.collections import collections, pointers
from functions.search.collections.collections import Collection
from functions.search.documents import walk
from functions.search.documents.documents import Stored
from functions.search.documents.walk import Place
from functions.search.filters import filters, matching
from functions.search.resolver import READ
from functions.search.transfer.lines import MOST_BYTES, joined, line, part
from shared.callers.auth import Caller
from shared.jobs import jobs
from shared.jobs.jobs import Job
from shared.jobs.parts import Step
from shared.storage.idempotency import Answer, Claim

KIND: Final = "search.export"
PART_DOCUMENTS: Final = 5000
PART_BYTES: Final = 2 * 1024 * 1024
COLLECTION_DELETED: Final = "collection_deleted"
TOO_LARGE: Final = "too_large"


def begin(
    caller: Caller, name: str, *, filter_by: str | None, exclude_fields: Sequence[str], claim: Claim | None = None
) -> Answer:
    """Have the documents of a collection exported that fit a filter, without some fields; return the job.

    Raises CollectionNotFound, FilterRefused, TooManyJobs.
    """
    collection = collections.find(caller.tenant_id, name, consistent=True)
    if filter_by is not None:
        filters.read(filter_by, collection.fields)
    pointer = pointers.find(collection.collection_id)
    position = {
        "collection_id": collection.collection_id,
        "name": collection.name,
        "filter_by": filter_by,
        "exclude_fields": [*exclude_fields],
        "keys": [],
        "bytes": 0,
        **Place()._asdict(),
    }
    total = None if pointer is None or filter_by is not None else pointer.documents
    return jobs.begin(caller, KIND, unit="documents", scope=READ, position=position, total=total, claim=claim)


def work(job: Job) -> Step:
    """Write some documents into a part of the file; behind the last one, make the file."""
    before = job.position
    collection = collections.known(job.tenant_id, before["name"], before["collection_id"])
    if collection is None:
        return Step(None, job.done, failed=COLLECTION_DELETED)
    place = Place(before["shard"], before["cursor"])
    piece, place = walk.piece(collection.collection_id, place, most=PART_DOCUMENTS, most_bytes=PART_BYTES)
    lines = _lines(before, collection, piece)
    done, size = job.done + len(lines), before["bytes"] + sum(map(len, lines))
    if size > MOST_BYTES:
        return Step(None, job.done, failed=TOO_LARGE)
    if place.is_end:
        return Step(None, done, file=joined(job, before["keys"], lines, name=_name(job)))
    keys = [*before["keys"], part(job, lines)] if lines else before["keys"]
    return Step({**before, **place._asdict(), "keys": keys, "bytes": size}, done)


def _lines(position: Any, collection: Collection, piece: Sequence[Stored]) -> list[bytes]:
    """Return the lines of the documents that are wanted, as they are wanted."""
    where = None if position["filter_by"] is None else filters.read(position["filter_by"], collection.fields)
    excluded = {*position["exclude_fields"]}
    there = [each.document for each in piece if not each.deleted]
    wanted = [each for each in there if where is None or matching.fits(each, where, collection.fields)]
    return [line({name: value for name, value in each.items() if name not in excluded}) for each in wanted]


def _name(job: Job) -> str:
    return f"{job.position['name']}-{job.created_at[:10]}.jsonl"
