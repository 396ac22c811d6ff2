"""Documents brought into a collection from a file of JSON lines, as a job: each line is made or refused for itself.

What became of each is a line of a report, which is the file of the job. Changes are made under idempotency keys that
name the job and the place in the file, so a part that is done twice makes them once. The index is woken up once a part.
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any, Final

from functions.search.collections import collections
from functions.search.collections.collections import Collection
from functions.search.documents import batches, documents
from functions.search.documents.documents import View
from functions.search.documents.writing import Change
from functions.search.resolver import WRITE
from functions.search.transfer import rights
from functions.search.transfer.lines import MEDIA_TYPE, joined, line, part
from shared import clock
from shared.callers.auth import Caller
from shared.jobs import uploads
from shared.jobs.jobs import Job
from shared.jobs.parts import Step
from shared.storage import files, idempotency, table
from shared.storage.idempotency import Answer, Claim

KIND: Final = "search.import"
PART_BYTES: Final = 2 * 1024 * 1024
"""How much of a file a part reads, and how long a line may be."""
PART_LINES: Final = 1000
MOST_LINES: Final = 200_000
"""How many lines a file may have: the report has one for each, and passes through memory."""
MOST_ERRORS: Final = 5
"""How many fields at fault the report names of a line."""
COLLECTION_DELETED: Final = "collection_deleted"
LINE_TOO_LONG: Final = "line_too_long"
TOO_MANY_LINES: Final = "too_many_lines"
_REFUSED_FROM: Final = 400


def begin(caller: Caller, name: str, *, operation: str, size: int, sha256: str, claim: Claim | None = None) -> Answer:
    """Return a job that waits for its file, and where that is to be sent. Raises CollectionNotFound, TooManyJobs."""
    collection = collections.find(caller.tenant_id, name, consistent=True)
    position = {
        "collection_id": collection.collection_id,
        "name": collection.name,
        "operation": operation,
        "offset": 0,
        "lines": 0,
        "keys": [],
    }
    return uploads.begin(
        caller, KIND, size=size, sha256=sha256, media_type=MEDIA_TYPE, scope=WRITE, position=position, claim=claim
    )


def start(caller: Caller, name: str, job_id: str, *, claim: Claim | None = None) -> Answer:
    """Have the documents brought in that were sent; return the job.

    Raises CollectionNotFound, JobNotFound, NotUploaded.
    """
    collections.find(caller.tenant_id, name)
    return uploads.start(caller, KIND, job_id, claim=claim)


def work(job: Job) -> Step:
    """Bring in the documents of the next lines."""
    before = job.position
    collection = collections.known(job.tenant_id, before["name"], before["collection_id"])
    if collection is None:
        return _ended(job, [], failed=COLLECTION_DELETED)
    if not rights.are_left(job):
        return _ended(job, [], failed=rights.NOT_ALLOWED)
    lines, offset = _next_lines(job)
    if not lines:
        return _ended(job, [], failed=TOO_MANY_LINES if before["lines"] == MOST_LINES else LINE_TOO_LONG)
    told = _brought_in(job, collection, lines)
    refused = sum(each["status"] >= _REFUSED_FROM for each in told)
    reported = [line(each) for each in told]
    if offset >= (job.total or 0):
        return _ended(job, reported)._replace(done=offset, refused=refused)
    after = {"offset": offset, "lines": before["lines"] + len(lines), "keys": [*before["keys"], part(job, reported)]}
    return Step({**before, **after}, offset, refused=refused)


def _next_lines(job: Job) -> tuple[Sequence[bytes], int]:
    """Return the next whole lines of the file, and where they end; none if the next one is too long or one too many."""
    offset = job.position["offset"]
    chunk = files.read_from(job.position["key"], offset, most_bytes=PART_BYTES)
    lines = chunk.splitlines(keepends=True)
    if not chunk.endswith(b"\n") and offset + len(chunk) < (job.total or 0):
        lines.pop()
    lines = lines[: min(PART_LINES, MOST_LINES - job.position["lines"])]
    return lines, offset + sum(map(len, lines))


def _ended(job: Job, last: Sequence[bytes], *, failed: str | None = None) -> Step:
    """Return the end of an import, with the report on all that was looked at."""
    name = f"import-{job.position['name']}-{job.created_at[:10]}.jsonl"
    return Step(None, job.done, failed=failed, file=joined(job, job.position["keys"], last, name=name))


def _brought_in(job: Job, collection: Collection, lines: Sequence[bytes]) -> list[View]:
    """Make the change of each line, and return what is reported of it."""
    first = job.position["lines"] + 1
    numbered = {number: text for number, text in enumerate(lines, first) if text.strip()}
    read = {number: _read(text) for number, text in numbered.items()}
    wanted = {number: each for number, each in read.items() if not isinstance(each, str)}
    asked = [Change(job.position["operation"], each, is_imported=True) for each in wanted.values()]
    made = dict(zip(wanted, batches.make_in(collection, asked, lambda number: _claim(job, number)), strict=True))
    if any(each["status"] < _REFUSED_FROM for each in made.values()):
        # Also when the part is done once more: what it has written waits for the index.
        table.transact([documents.happened(collection, clock.now())])
    return [_told(number, made.get(number), read[number]) for number in read]


def _read(text: bytes) -> Mapping[str, Any] | str:
    """Return the document of a line, or why it has none."""
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return "The line is no JSON."
    return found if isinstance(found, dict) else "The line is no object."


def _told(number: int, made: View | None, read: Mapping[str, Any] | str) -> View:
    if made is None:
        return {"line": number, "status": 400, "code": "Malformed", "detail": read}
    told = {"line": number, "status": made["status"], "id": made["id"]}
    if made["status"] < _REFUSED_FROM:
        return told | {"version": made["version"]}
    return told | {"code": made["code"], "detail": made["detail"], "errors": made["errors"][:MOST_ERRORS]}


def _claim(job: Job, number: int) -> Claim:
    return idempotency.claim(
        partition=f"USER#{job.user_id}",
        idempotency_key=f"{job.job_id} {job.position['offset']} {number}",
        operation=KIND,
        request=None,
    )
