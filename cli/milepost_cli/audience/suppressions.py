"""`milepost suppressions list|add|remove|import|export`."""

import sys
from collections.abc import Iterator, Sequence
from enum import StrEnum
from operator import attrgetter
from pathlib import Path
from typing import Annotated, BinaryIO
from urllib.parse import quote

import typer

from milepost_cli import batches, exports, frame, reports, terminal
from milepost_cli.account import Account, open_account
from milepost_cli.api import Request
from milepost_cli.audience.downloads import Output
from milepost_cli.frame import View
from milepost_cli.imports import decoding, sheets
from milepost_cli.options import Csv, Json, Report
from milepost_cli.reports import Line
from milepost_cli.stops import Refused

COLUMNS = ("suppression_id", "address", "reasons", "topics", "updated_at")
LINES = {".jsonl", ".ndjson"}

_PATH = "/suppressions"
_NEXT = "x-next-cursor"

Row = tuple[int, View]
"""The number of a row in its file, and what it says."""


class Channel(StrEnum):
    """Channels with addresses."""

    EMAIL = "email"
    SMS = "sms"
    WHATSAPP = "whatsapp"


class Reason(StrEnum):
    """Why somebody is not written to."""

    MANUAL = "manual"
    UNSUBSCRIBED = "unsubscribed"
    HARD_BOUNCE = "hard_bounce"
    COMPLAINT = "complaint"
    IMPORTED = "imported"


Email = Annotated[str | None, typer.Option("--email", help="Only what suppresses this address.")]
Phone = Annotated[str | None, typer.Option("--phone", help="Only what suppresses this number.")]
On = Annotated[Channel, typer.Argument(metavar="CHANNEL", help="email, sms or whatsapp.")]
Address = Annotated[str, typer.Argument(metavar="ADDRESS", help="An e-mail address or a telephone number.")]
Because = Annotated[Reason, typer.Option("--reason", help="Why it is not written to.")]
Topic = Annotated[str | None, typer.Option("--topic", help="Only messages about this, of those who unsubscribed.")]
Suppression = Annotated[str, typer.Argument(metavar="SUPPRESSION", help="The id of a suppression, as `list` has it.")]
Why = Annotated[str, typer.Option("--reason", help="Why; the audit log keeps it.")]
File = Annotated[
    Path,
    typer.Argument(
        exists=True, dir_okay=False, help="CSV with the columns channel, address, reason and topic, or JSON as .jsonl."
    ),
]


def list_suppressions(
    context: typer.Context, email: Email = None, phone: Phone = None, as_json: Json = False, as_csv: Csv = False
) -> None:
    """List the addresses that are not written to; of those that no lead has, nobody can tell the address."""
    account = open_account(context.obj)
    looked = frame.sent(email=email, phone=phone)
    found = account.get(_PATH, **looked)["items"] if looked else account.every(_PATH)
    made = {"reasons": lambda each: _named(each, "reason"), "topics": lambda each: _named(each, "topic")}
    frame.listed(COLUMNS, found, as_json=as_json, as_csv=as_csv, worked_out=made)


def add_suppression(
    context: typer.Context,
    channel: On,
    address: Address,
    reason: Because = Reason.MANUAL,
    topic: Topic = None,
    as_json: Json = False,
) -> None:
    """Suppress an address on a channel, at once."""
    draft = frame.sent(channel=channel, address=address, reason=reason, topic=topic)
    made = open_account(context.obj).post(_PATH, draft)
    frame.shown(made, as_json=as_json, pairs=_pairs)


def remove_suppression(context: typer.Context, suppression: Suppression, reason: Why, as_json: Json = False) -> None:
    """Take an address off the list, whatever it was for."""
    place = f"{_PATH}/{quote(suppression, safe='')}"
    # Sent again after it was done it would be told that there is nothing.
    open_account(context.obj).ask(Request(method="DELETE", path=place, query={"reason": reason}, again=False))
    if as_json:
        terminal.document({"suppression_id": suppression, "removed": True})
    terminal.say("Removed.")


def import_suppressions(context: typer.Context, file: File, report: Report = None, as_json: Json = False) -> None:
    """Suppress the addresses of a file; what comes twice is once, so the same command again is harmless."""
    reports.require_writable(report, file)
    rows, faulty = _read(file)
    found = sorted([*faulty, *_written(open_account(context.obj), rows)], key=attrgetter("row"))
    reports.tell(found, of=len(found), path=report, as_json=as_json)
    refused = sum(each.status == "refused" for each in found)
    if refused:
        raise Refused(f"{refused} of {len(found)} rows were refused.")


def export_suppressions(context: typer.Context, file: Output = None) -> None:
    """Write the list as CSV, with the digest of each address."""
    account = open_account(context.obj)
    if file is None:
        with terminal.to_a_reader_who_may_go():
            sys.stdout.writelines(_sheet(account))
        return
    with exports.new_file(file) as written:
        _write(account, written)
    terminal.say(f"Exported to {file}.")


def _write(account: Account, into: BinaryIO) -> None:
    into.writelines(line.encode() for line in _sheet(account))


def _sheet(account: Account) -> Iterator[str]:
    """Yield the lines of the list, part by part, under one line of columns."""
    cursor: str | None = None
    while True:
        asked = Request(method="GET", path=f"{_PATH}/export", query=frame.sent(cursor=cursor))
        answer = account.ask(asked)
        yield from answer.text.splitlines(keepends=True)[0 if cursor is None else 1 :]
        cursor = answer.headers.get(_NEXT)
        if cursor is None:
            return


def _read(file: Path) -> tuple[list[Row], list[Line]]:
    """Return the rows of a file with their numbers, and those that cannot be read."""
    content = file.read_bytes()
    if file.suffix.lower() in LINES:
        return batches.objects(content), []
    sheet = sheets.read(decoding.text(content, None))
    rows = [(row.number, _fields(sheet.headings, row.cells)) for row in sheet.rows if row.fault is None]
    return rows, [Line(row=row.number, status="refused", reason=row.fault) for row in sheet.rows if row.fault]


def _fields(headings: Sequence[str], cells: Sequence[str]) -> View:
    """Return what a row says. A cell that holds nothing is not sent."""
    named = zip(headings, cells, strict=True)
    return {name.strip().lower(): cell.strip() for name, cell in named if cell.strip()}


def _written(account: Account, rows: Sequence[Row]) -> Iterator[Line]:
    """Yield what became of rows."""
    for part in batches.parts(rows, lambda row: row[1]):
        results = account.post(f"{_PATH}/import", {"rows": [given for _, given in part]})["results"]
        yield from (_line(number, result) for (number, _), result in zip(part, results, strict=True))


def _line(number: int, result: View) -> Line:
    if result["result"] == "invalid":
        return Line(row=number, status="refused", reason=result["reason"])
    return Line(row=number, status=result["result"])


def _named(suppression: View, name: str) -> str:
    return ", ".join(each[name] for each in suppression[f"{name}s"])


def _pairs(suppression: View) -> View:
    lists = {f"{name}s": _named(suppression, name) for name in ("reason", "topic")}
    return {**suppression, **lists}
