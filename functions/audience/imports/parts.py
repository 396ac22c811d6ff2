"""One part of an import: its rows are written through the code of `POST /leads/bulk`, and its results recorded.

A part that broke off is done again. What it had written it finds by the claims on its transactions, with the results
of the first time.
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any, Final

from functions.audience.imports import cuts, progress, rights
from functions.audience.imports.cuts import Part, Row
from functions.audience.leads import batches, shapes
from shared import actors
from shared.jobs import jobs
from shared.jobs.jobs import Job
from shared.storage import files, idempotency
from shared.storage.idempotency import Claim

MOST_ERRORS: Final = 3
"""So many faults the report names of a row: with a million rows it passes through memory."""
_LONGEST_REASON: Final = 200


def do(user_id: str, job_id: str, cut: str, number: int, part: Part) -> None:
    """Write the rows of a part, unless that was done or the import is not to go on. Raises Unavailable."""
    job = jobs.find(user_id, job_id)
    if job is None or not _goes_on(job, cut) or progress.is_recorded(job.tenant_id, cut, number):
        return
    with actors.acting(job.done_for):
        rows = cuts.rows_of(part)
        results = _results(job, cut, number, part, rows)
        lines = [_line(row, each) for row, each in zip(rows, results, strict=True)]
        key = files.new_key("parts", job.tenant_id)
        files.put_once(key, b"".join(lines), media_type=cuts.LINES)
        progress.record(job, cut, number, results=results, report=key)


def _goes_on(job: Job, cut: str) -> bool:
    """Return whether an import goes on: nobody has cancelled it, and its owner may still write leads."""
    is_going = job.status == jobs.RUNNING and not job.is_cancelled and job.position.get("cut") == cut
    return is_going and rights.may_write(job)


def _results(job: Job, cut: str, number: int, part: Part, rows: Sequence[Row]) -> list[batches.View]:
    read = shapes.rows(job.tenant_id, [row.sent for row in rows])
    if job.position["is_dry_run"]:
        return batches.foretold(job.tenant_id, read)

    def claim(start: int, end: int) -> Claim:
        return idempotency.claim(
            partition=f"TENANT#{job.tenant_id}#LEADIMPORT#{cut}#{number}",
            idempotency_key=f"{start} {end}",
            operation=job.kind,
            request=None,
        )

    write = batches.make_in_order if part.in_order else batches.make_apart
    return write(job.tenant_id, read, claim)


def _line(row: Row, became: Mapping[str, Any]) -> bytes:
    errors = [
        {"field": each["field"][:_LONGEST_REASON], "reason": each["reason"][:_LONGEST_REASON]}
        for each in became["errors"][:MOST_ERRORS]
    ]
    told = {"row": row.number, **became, "errors": errors}
    return json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode(errors="replace") + b"\n"
