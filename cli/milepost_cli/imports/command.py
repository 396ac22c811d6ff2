"""The command `milepost import`."""

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from milepost_cli import moments, references, reports, terminal
from milepost_cli.account import open_account
from milepost_cli.imports import columns, dates, decoding, sheets
from milepost_cli.imports.jobs import Job
from milepost_cli.imports.presets import Origin
from milepost_cli.imports.readings import Reader
from milepost_cli.imports.targets import Targets
from milepost_cli.journals import Journal, digest
from milepost_cli.options import Again, Json, Report
from milepost_cli.reports import Line
from milepost_cli.stops import Misused, Refused
from milepost_cli.surroundings import Surroundings

File = Annotated[Path, typer.Argument(exists=True, dir_okay=False, readable=True, help="A CSV file with headings.")]
GoalOrNone = Annotated[str | None, typer.Option("--goal", help="The goal of all rows, by its id or its title.")]
From = Annotated[Origin | None, typer.Option("--from", help="The program that wrote the file; its columns are known.")]
Maps = Annotated[
    list[str] | None,
    typer.Option("--map", metavar="FIELD=COLUMN", help=f"Which column is which of: {', '.join(columns.FIELDS)}."),
]
DateFormat = Annotated[str | None, typer.Option("--date-format", help="How days are written, as %d.%m.%Y.")]
Zone = Annotated[
    str | None,
    typer.Option("--time-zone", help="Read due days in this zone, not the goal's; new goals get it if they name none."),
]
Delimiter = Annotated[str | None, typer.Option("--delimiter", help="Between cells; else it is found out.")]
Encoding = Annotated[str | None, typer.Option("--encoding", help="Of the file; else it is found out.")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Have the API check every row, write nothing.")]


def import_file(
    context: typer.Context,
    file: File,
    goal: GoalOrNone = None,
    from_: From = None,
    map_: Maps = None,
    date_format: DateFormat = None,
    time_zone: Zone = None,
    delimiter: Delimiter = None,
    encoding: Encoding = None,
    dry_run: DryRun = False,
    again: Again = False,
    report: Report = None,
    as_json: Json = False,
) -> None:
    """Bring the rows of a CSV file in as tasks, of one goal or of the goals that a column names.

    An import that broke off goes on where it stopped when the same command is given again; no row is brought in twice.
    """
    content = file.read_bytes()
    sheet = sheets.read(decoding.text(content, encoding), delimiter)
    reader = _reader(sheet.headings, map_ or [], from_, date_format)
    _require_sense(goal, reader, time_zone)
    reports.require_writable(report, file)
    if not sheet.rows:
        terminal.complain([f"{file.name} has headings and no rows: there is nothing to import."])
        return
    job = _opened(context.obj, content, reader, goal=goal, time_zone=time_zone)
    if again:
        job.journal.begin_anew()
    bring = job.accept if dry_run else job.write
    try:
        bring(job.check(sheet.rows))
    finally:
        lines = [job.lines[number] for number in sorted(job.lines)]
        _remark(reader, sheet, lines)
        reports.tell(lines, of=len(sheet.rows), path=report, as_json=as_json)
    if any(line.status == "refused" for line in lines):
        raise Refused("Not every row could be brought in.")


def _opened(around: Surroundings, content: bytes, reader: Reader, *, goal: str | None, time_zone: str | None) -> Job:
    """Return the import of a file into this account; the same file with the same options has the same journal."""
    account = open_account(around)
    only = None if goal is None else references.goal(account, goal)
    goal_id = "" if only is None else only["goal_id"]
    who = account.get("/auth/me")["user_id"]
    options = repr((reader.columns, reader.origin, reader.date_format, time_zone))
    journal = Journal(around.folder, digest(account.api.url, who, goal_id, options, content))
    targets = Targets(account, only=only, time_zone=time_zone)
    return Job(account=account, journal=journal, reader=reader, targets=targets)


def _reader(headings: Sequence[str], given: Sequence[str], origin: Origin | None, date_format: str | None) -> Reader:
    if date_format is not None:
        dates.require_format(date_format)
    return Reader(columns=columns.chosen(headings, given, origin), date_format=date_format, origin=origin)


def _require_sense(goal: str | None, reader: Reader, time_zone: str | None) -> None:
    """Require that the goal is said once, and a zone that there is. Raises Misused."""
    if (goal is None) == ("goal" not in reader.columns.places):
        raise Misused("Say which goal the rows belong to: either --goal, or a column with --map goal=…")
    if time_zone is not None:
        moments.zone(time_zone)


def _remark(reader: Reader, sheet: sheets.Sheet, lines: Sequence[Line]) -> None:
    """Say what of the file was not imported, and what was guessed."""
    unused = reader.columns.unused(sheet)
    left_out = Counter(line.reason for line in lines if line.status == "left out")
    remarks = [
        f"columns not used: {', '.join(unused)}" if unused else "",
        f"left out: {', '.join(f'{times} {kind}' for kind, times in left_out.items())}" if left_out else "",
        f"taken as not done: {', '.join(sorted(reader.taken_as_open))}" if reader.taken_as_open else "",
    ]
    terminal.complain(filter(None, remarks))
