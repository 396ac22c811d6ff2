"""`milepost leads import`: the rows of a file, inserted or updated by a job that goes on without this machine."""

import json
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, BinaryIO

import typer

from milepost_cli import frame, reports, terminal
from milepost_cli.account import Account, open_account
from milepost_cli.frame import View
from milepost_cli.imports import decoding, sheets
from milepost_cli.journals import Journal, digest
from milepost_cli.leads import guesses
from milepost_cli.options import Again, Json, Report, Yes
from milepost_cli.reports import Line
from milepost_cli.search import jobs, waiting
from milepost_cli.search.waiting import Progress
from milepost_cli.stops import Misused, NotFound, Refused
from milepost_cli.surroundings import Surroundings

LINES = {".jsonl", ".ndjson"}
REFUSED = {"invalid", "conflict"}

_PATH = "/lead-imports"
_IMPORT = "import"
_BEGINNING = 256 * 1024

File = Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="CSV, or JSON lines as .jsonl.")]
Maps = Annotated[
    list[str] | None,
    typer.Option(
        "--map", metavar="COLUMN=FIELD", help="What a column is, such as 'E-Mail=email'; 'Note=' leaves it out."
    ),
]
Delimiter = Annotated[str | None, typer.Option("--delimiter", help="Between cells: , ; | or tab; else found out.")]
Encoding = Annotated[str | None, typer.Option("--encoding", help="Of the text, such as cp1252; else found out.")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Report what would become of the rows; change nothing.")]


def import_leads(
    context: typer.Context,
    file: File,
    map_: Maps = None,
    delimiter: Delimiter = None,
    encoding: Encoding = None,
    dry_run: DryRun = False,
    again: Again = False,
    yes: Yes = False,
    report: Report = None,
    as_json: Json = False,
) -> None:
    """Insert or update the leads of a file; of several rows about one lead, the later one wins.

    What each column is, is guessed by its heading, shown, and asked about. An import that broke off here goes on
    there; the same command again waits for its end.
    """
    around: Surroundings = context.obj
    reports.require_writable(report, file)
    asked = _asked(file, map_ or [], delimiter, encoding) | {"is_dry_run": dry_run}
    _show(asked["mapping"], of=file)
    frame.confirm("Import these columns?", agreed=yes or dry_run)
    account = open_account(around)
    who = account.get("/auth/me")["user_id"]
    journal = Journal(around.folder, digest("leads", account.api.url, who, json.dumps(asked, sort_keys=True)))
    if again:
        journal.begin_anew()
    begun = _earlier(account, journal) or _started(around, account, journal, asked, file)
    ended = waiting.ended(around, "rows", begun, ask=lambda: account.get(_place(begun)), progress=_progress)
    found = _found(around, account, ended)
    reports.tell(found, of=len(found), path=report, as_json=as_json)
    _require_done(ended)


def _asked(file: Path, said: list[str], delimiter: str | None, encoding: str | None) -> View:
    """Return what is asked for. Raises Misused for a file whose columns cannot be read, or are none of a lead's."""
    size, sha256 = jobs.measured(file)
    sent: View = {"file_name": file.name, "size": size, "sha256": sha256}
    options = frame.sent(delimiter={"tab": "\t"}.get(delimiter or "", delimiter), encoding=encoding)
    if file.suffix.lower() in LINES:
        wanted = guesses.mapping([each.rpartition("=")[0] for each in said], said)
        return sent | options | {"media_type": "application/jsonl", "mapping": wanted}
    headings = sheets.read(_beginning(file, encoding), delimiter).headings
    wanted = guesses.mapping(headings, said)
    if not wanted:
        raise Misused(f"No column is known; say which is which by --map. There are {', '.join(headings)}.")
    return sent | options | {"media_type": "text/csv", "mapping": wanted}


def _beginning(file: Path, encoding: str | None) -> str:
    """Return the text of the first lines of a file, which has the headings."""
    with file.open("rb") as content:
        some = content.read(_BEGINNING)
        if len(some) == _BEGINNING:
            # Not in the middle of a character, whether it has one byte or two.
            end = max(some.rfind(b"\n"), some.rfind(b"\r")) + 1
            some = some[: end + end % 2] if some[:200].count(0) else some[: end or None]
    return decoding.text(some, encoding)


def _show(mapping: Mapping[str, str], *, of: Path) -> None:
    if mapping:
        terminal.complain([f"{of.name}:", *(f"  {column} is {field}" for column, field in mapping.items())])


def _earlier(account: Account, journal: Journal) -> View | None:
    """Return the import of a run before this one, None when there is none, or it has not completed."""
    noted = journal.found(_IMPORT)
    if noted is None:
        return None
    try:
        found: View = account.get(_place(noted))
    except NotFound:
        journal.begin_anew()
        return None
    if found["status"] not in jobs.ENDED or found["status"] == jobs.COMPLETED:
        return found
    journal.begin_anew()
    return None


def _started(around: Surroundings, account: Account, journal: Journal, asked: View, file: Path) -> View:
    """Announce a file, send it, and return the import that has it. All of it may be done again, with one effect."""
    announced = account.post(_PATH, asked, key=journal.key("begin"))
    jobs.send(around, announced["upload"], file)
    started: View = account.post(f"{_place(announced['import'])}/start", key=journal.key("start"))
    journal.note(_IMPORT, {"import_id": started["import_id"]})
    return started


def _place(thing: View) -> str:
    return f"{_PATH}/{thing['import_id']}"


def _progress(thing: View) -> Progress:
    return Progress(thing["status"] in jobs.ENDED, thing["rows_done"], thing["rows"])


def _found(around: Surroundings, account: Account, ended: View) -> list[Line]:
    """Return what became of each row that was looked at."""
    if not ended["has_report"]:
        return []
    with tempfile.TemporaryFile() as told:
        jobs.fetch(around, account, ended["import_id"], told)
        told.seek(0)
        return list(_lines(told))


def _lines(told: BinaryIO) -> Iterator[Line]:
    for text in told:
        each = json.loads(text)
        if each["result"] not in REFUSED:
            yield Line(row=each["row"], status=each["result"], id=each["lead_id"])
            continue
        named = [f"{error['field']}: {error['reason']}" for error in each["errors"]]
        reason = "; ".join(named) or f"these leads have its identifiers: {', '.join(each['lead_ids'])}"
        yield Line(row=each["row"], status="refused", reason=reason)


def _require_done(ended: View) -> None:
    """Require that all rows were taken. Raises Refused."""
    if ended["status"] != jobs.COMPLETED:
        why = f": {ended['reason']}" if ended["reason"] else ""
        raise Refused(f"The import {ended['import_id']} has not completed, it was {ended['status']}{why}.")
    refused = sum(ended["results"][name] for name in REFUSED)
    if refused:
        raise Refused(f"{refused} of {ended['rows']} rows were refused.")
