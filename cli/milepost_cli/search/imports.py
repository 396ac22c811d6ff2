"""`milepost collections import`: the documents of a file, stored by a job that goes on without this machine."""

import json
import tempfile
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path
from typing import Annotated, BinaryIO

import typer

from milepost_cli import reports
from milepost_cli.account import Account, open_account
from milepost_cli.frame import View
from milepost_cli.journals import Journal, digest
from milepost_cli.options import Again, Json, Report
from milepost_cli.reports import Line
from milepost_cli.search import jobs
from milepost_cli.search.definitions import Name, path
from milepost_cli.stops import NotFound, Refused
from milepost_cli.surroundings import Surroundings

_JOB = "job"


class Operation(StrEnum):
    """What is done with each document of the file."""

    UPSERT = "upsert"
    CREATE = "create"
    UPDATE = "update"


File = Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="JSON lines, a document in each.")]
What = Annotated[Operation, typer.Option("--operation", help="What is done with each document.")]


def import_documents(
    context: typer.Context,
    collection: Name,
    file: File,
    operation: What = Operation.UPSERT,
    again: Again = False,
    report: Report = None,
    as_json: Json = False,
) -> None:
    """Store the documents of a large file: it is sent at once, and a job stores them.

    An import that broke off here goes on there; the same command sends what is missing and waits for the end.
    """
    around: Surroundings = context.obj
    size, sha256 = jobs.measured(file)
    reports.require_writable(report, file)
    account = open_account(around)
    collection_id = account.get(path(collection))["collection_id"]
    who = account.get("/auth/me")["user_id"]
    journal = Journal(around.folder, digest("import", account.api.url, who, collection_id, operation, sha256))
    if again:
        journal.begin_anew()
    begun = _earlier(account, journal)
    is_earlier = begun is not None and begun["status"] == jobs.COMPLETED
    if begun is None:
        sent = {"operation": operation, "size": size, "sha256": sha256}
        begun = _started(around, account, journal, f"{path(collection)}/import-jobs", sent, file)
    job = jobs.ended(around, account, begun)
    found = _found(around, account, job, is_earlier=is_earlier)
    reports.tell(found, of=len(found), path=report, as_json=as_json)
    jobs.require_completed(job)
    if job["refused"]:
        raise Refused(f"{job['refused']} of {len(found)} documents were refused.")


def _earlier(account: Account, journal: Journal) -> View | None:
    """Return the job of a run before this one, None when there is none or another one is needed. Raises Refused."""
    noted = journal.found(_JOB)
    if noted is None:
        return None
    try:
        job: View = account.get(jobs.path(noted["job_id"]))
    except NotFound as stop:
        raise Refused("This file was imported, and its job is removed; import it once more by --again.") from stop
    if job["status"] not in jobs.ENDED or job["status"] == jobs.COMPLETED:
        return job
    journal.begin_anew()
    return None


def _started(around: Surroundings, account: Account, journal: Journal, place: str, sent: View, file: Path) -> View:
    """Announce a file, send it, and return the job that has it. All of it may be done again, with one effect."""
    announced = account.post(place, sent, key=journal.key("begin"))
    job_id = announced["job"]["job_id"]
    jobs.send(around, announced["upload"], file)
    started: View = account.post(f"{place}/{job_id}/start", key=journal.key("start"))
    journal.note(_JOB, {"job_id": job_id})
    return started


def _found(around: Surroundings, account: Account, job: View, *, is_earlier: bool) -> list[Line]:
    """Return what became of each line of the file, as far as the job has looked at them."""
    if not job["has_file"]:
        return []
    with tempfile.TemporaryFile() as told:
        jobs.fetch(around, account, job["job_id"], told)
        told.seek(0)
        return list(_lines(told, "earlier" if is_earlier else "imported"))


def _lines(told: BinaryIO, stored: str) -> Iterator[Line]:
    for text in told:
        each = json.loads(text)
        if "code" not in each:
            yield Line(row=each["line"], status=stored, id=each["id"])
            continue
        named = [f"{error['field']}: {error['reason']}" for error in each.get("errors", [])]
        reason = "; ".join(named) or each["detail"]
        yield Line(row=each["line"], status="refused", id=each.get("id"), reason=reason)
