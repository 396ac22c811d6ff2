"""The documents of a collection written into a file of JSON lines, as a job: all, or those that fit a filter.

One that is asked for by a key that is bound to the collection has what the key shows, and nothing else.
"""

from collections.abc import Sequence
from typing import Any, Final

from functions.search.collections import collections, pointers
from functions.search.documents import walk
from functions.search.documents.documents import Stored
from functions.search.documents.walk import Place
from functions.search.engine.asked import Filter
from functions.search.filters import filters, matching
from functions.search.keys import restrictions
from functions.search.keys.restrictions import KeyOutdated, Sight
from functions.search.resolver import READ
from functions.search.transfer import rights
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
KEY_OUTDATED: Final = "key_outdated"
TOO_LARGE: Final = "too_large"


def begin(
    caller: Caller, name: str, *, filter_by: str | None, exclude_fields: Sequence[str], claim: Claim | None = None
) -> Answer:
    """Have the documents of a collection exported that fit a filter, without some fields; return the job.

    Raises CollectionNotFound, KeyOutdated, FilterRefused, TooManyJobs, KeyJobsUsedUp.
    """
    sight = restrictions.opened(caller, name, consistent=True)
    where, collection = _where(sight, filter_by), sight.collection
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
    # How many documents there are behind a filter is nobody's business who does not see them.
    total = None if pointer is None or where is not None else pointer.documents
    return jobs.begin(caller, KIND, unit="documents", scope=READ, position=position, total=total, claim=claim)


def work(job: Job) -> Step:
    """Write some documents into a part of the file; behind the last one, make the file."""
    before = job.position
    collection = collections.known(job.tenant_id, before["name"], before["collection_id"])
    if collection is None:
        return Step(None, job.done, failed=COLLECTION_DELETED)
    if not rights.are_left(job):
        return Step(None, job.done, failed=rights.NOT_ALLOWED)
    try:
        sight = restrictions.seen(collection, job.bound_to)
    except KeyOutdated:
        return Step(None, job.done, failed=KEY_OUTDATED)
    place = Place(before["shard"], before["cursor"])
    piece, place = walk.piece(collection.collection_id, place, most=PART_DOCUMENTS, most_bytes=PART_BYTES)
    lines = _lines(before, sight, piece)
    done, size = job.done + len(lines), before["bytes"] + sum(map(len, lines))
    if size > MOST_BYTES:
        return Step(None, job.done, failed=TOO_LARGE)
    if place.is_end:
        return Step(None, done, file=joined(job, before["keys"], lines, name=_name(job)))
    keys = [*before["keys"], part(job, lines)] if lines else before["keys"]
    return Step({**before, **place._asdict(), "keys": keys, "bytes": size}, done)


def _where(sight: Sight, filter_by: str | None) -> Filter | None:
    """Return what holds of each document that is wanted and seen. Raises FilterRefused."""
    return sight.narrowed(None if filter_by is None else filters.read(filter_by, sight.schema.fields))


def _lines(position: Any, sight: Sight, piece: Sequence[Stored]) -> list[bytes]:
    """Return the lines of the documents that are wanted, as they are wanted and seen."""
    where, schema = _where(sight, position["filter_by"]), sight.collection.fields
    excluded = {*position["exclude_fields"]}
    there = [each.document for each in piece if not each.deleted]
    wanted = [sight.shown(each) for each in there if where is None or matching.fits(each, where, schema)]
    return [line({name: value for name, value in each.items() if name not in excluded}) for each in wanted]


def _name(job: Job) -> str:
    return f"{job.position['name']}-{job.created_at[:10]}.jsonl"
