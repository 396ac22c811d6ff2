"""`milepost collections documents sync`: the documents of a file, 100 in a request, each once."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from milepost_cli import batches, reports, terminal
from milepost_cli.account import Account, open_account
from milepost_cli.frame import View
from milepost_cli.journals import Journal, digest
from milepost_cli.options import Again, Json, Report
from milepost_cli.reports import Line
from milepost_cli.search.definitions import Name, path
from milepost_cli.stops import Misused, Refused


class Operation(StrEnum):
    """What is done with each document of the file."""

    UPSERT = "upsert"
    CREATE = "create"
    UPDATE = "update"
    DELETE = "delete"


File = Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="JSON lines, a document in each.")]
What = Annotated[Operation, typer.Option("--operation", help="What is done with each document.")]
VersionField = Annotated[
    str | None,
    typer.Option("--version-field", help="The field that holds a document's version; it is sent with it too."),
]


@dataclass(frozen=True, kw_only=True)
class _Change:
    """A line of the file, and what is sent of it."""

    line: int
    sent: View


def sync(
    context: typer.Context,
    collection: Name,
    file: File,
    operation: What = Operation.UPSERT,
    version_field: VersionField = None,
    again: Again = False,
    report: Report = None,
    as_json: Json = False,
) -> None:
    """Store the documents of a file, or delete them; a document that is older than the stored one is left out.

    A sync that broke off goes on where it stopped when the same command is given again.
    """
    content = file.read_bytes()
    changes = list(_changes(content, collection, operation, version_field))
    reports.require_writable(report, file)
    account = open_account(context.obj)
    collection_id = account.get(path(collection))["collection_id"]
    who = account.get("/auth/me")["user_id"]
    journal = Journal(
        context.obj.folder,
        digest("sync", account.api.url, who, collection_id, collection, operation, version_field or "", content),
    )
    if again:
        journal.begin_anew()
    found: list[Line] = []
    try:
        with terminal.moving(len(changes), "syncing") as moved:
            for number, part in enumerate(batches.parts(changes, lambda change: change.sent)):
                found += _made(account, journal, str(number), part)
                for _ in part:
                    moved()
    finally:
        reports.tell(found, of=len(changes), path=report, as_json=as_json)
    if any(line.status == "refused" for line in found):
        raise Refused("Not every document could be synced.")


def _changes(content: bytes, collection: str, operation: str, version_field: str | None) -> Iterator[_Change]:
    """Yield what is sent of each line. Raises Misused for a line that is no document, or has no version."""
    for line, document in batches.objects(content):
        sent: dict[str, Any] = {"operation": operation, "collection_name": collection, "document": document}
        if operation == Operation.DELETE:
            sent["document"] = {"id": document.get("id")}
        if version_field is not None:
            sent["version"] = _version(document, version_field, line)
        yield _Change(line=line, sent=sent)


def _version(document: View, field: str, line: int) -> int:
    version = document.get(field)
    if not isinstance(version, int) or isinstance(version, bool):
        raise Misused(f"Line {line} has no whole number in {field}.")
    return version


def _made(account: Account, journal: Journal, name: str, part: Sequence[_Change]) -> list[Line]:
    """Return what became of a part of the file, which is sent unless a run before this one has done it."""
    earlier = journal.found(name)
    if earlier is not None:
        return [Line(**{**each, "status": _again(each["status"])}) for each in earlier["lines"]]
    body = {"changes": [change.sent for change in part]}
    results = account.post("/documents/batch", body, key=journal.key(name))["results"]
    lines = [_line(change, result) for change, result in zip(part, results, strict=True)]
    journal.note(name, {"lines": [vars(line) for line in lines]})
    return lines


def _line(change: _Change, result: View) -> Line:
    id_ = result["id"] or change.sent["document"].get("id")
    if result["code"] is None:
        return Line(row=change.line, status="synced", id=id_)
    status = "left out" if result["code"] == "NewerVersion" else "refused"
    named = [f"{error['field']}: {error['reason']}" for error in result["errors"]]
    return Line(row=change.line, status=status, id=id_, reason="; ".join(named) or result["detail"])


def _again(status: str) -> str:
    return "earlier" if status == "synced" else status
