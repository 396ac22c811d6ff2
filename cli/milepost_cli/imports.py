"""`milepost import`: tasks, and goals where there are none yet, from a CSV file; row by row, each with one effect."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any

import typer

from milepost_cli import mappings, references, reports, spreadsheets, terminal
from milepost_cli.account import Account, open_account
from milepost_cli.journals import Journal, digest
from milepost_cli.mappings import Columns, Meaning, Unreadable
from milepost_cli.options import Json
from milepost_cli.reports import Line
from milepost_cli.spreadsheets import Row
from milepost_cli.stops import Misused, NotFound, Refused

File = Annotated[Path, typer.Argument(exists=True, dir_okay=False, readable=True, help="A CSV file with headings.")]
GoalOrNone = Annotated[str | None, typer.Option("--goal", help="The goal of all rows, by its id or its title.")]
Maps = Annotated[
    list[str] | None,
    typer.Option("--map", metavar="FIELD=COLUMN", help=f"Which column is which of: {', '.join(mappings.FIELDS)}."),
]
DateFormat = Annotated[str | None, typer.Option("--date-format", help="How days are written, as %d.%m.%Y.")]
Zone = Annotated[str, typer.Option("--time-zone", help="In which a day that a task is due ends.")]
Delimiter = Annotated[str | None, typer.Option("--delimiter", help="Between cells; else it is found out.")]
Encoding = Annotated[str | None, typer.Option("--encoding", help="Of the file; else it is found out.")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Read and check every row, write nothing.")]
Again = Annotated[bool, typer.Option("--again", help="Import once more what was imported before.")]
Report = Annotated[Path | None, typer.Option("--report", help="Write a line for each row: .csv or .jsonl.")]


@dataclass(kw_only=True)
class _Job:
    """An import on its way."""

    account: Account
    columns: Columns
    goal_id: str | None
    journal: Journal
    dry_run: bool
    lines: list[Line] = field(default_factory=list)
    _goals: dict[str, str] | None = None

    def run(self, rows: Sequence[Row]) -> None:
        """Bring the rows in, one after the other. Raises the stop after which no other row would fare better."""
        with terminal.moving(len(rows), "importing") as moved:
            for row in rows:
                self.lines.append(self._brought(row))
                moved()

    def _brought(self, row: Row) -> Line:
        earlier = self.journal.found(str(row.number))
        if earlier is not None:
            return Line(row=row.number, **{**earlier, "status": "earlier"})
        title = ""
        try:
            meaning = self.columns.read(row)
            title = meaning.task["title"]
            goal_id = self._goal_of(meaning.goal)
            return self._checked(row, meaning, goal_id) if self.dry_run else self._made(row, meaning, str(goal_id))
        except Unreadable as error:
            reason = str(error)
        except (Refused, NotFound) as stop:
            reason = "; ".join(stop.reasons)
        return Line(row=row.number, status="refused", title=title, reason=reason)

    def _goal_of(self, wanted: Mapping[str, Any] | None) -> str | None:
        """Return the id of the goal of a row, which is set when there is none with its title."""
        if wanted is None:
            return self.goal_id
        if self._goals is None:
            self._goals = {goal["title"].casefold(): goal["goal_id"] for goal in self.account.every("/goals")}
        title = wanted["title"].casefold()
        if title not in self._goals and not self.dry_run:
            made = self.account.post("/goals", wanted, key=self.journal.key(f"goal {title}"))
            self._goals[title] = made["goal_id"]
        return self._goals.get(title)

    def _checked(self, row: Row, meaning: Meaning, goal_id: str | None) -> Line:
        title = meaning.task["title"]
        if len(title) > mappings.LONGEST_TITLE:
            raise Unreadable(f"title: has {len(title)} characters; {mappings.LONGEST_TITLE} is the most")
        return Line(row=row.number, status="valid", title=title, goal_id=goal_id)

    def _made(self, row: Row, meaning: Meaning, goal_id: str) -> Line:
        path, key = f"/goals/{goal_id}/tasks", self.journal.key
        task = self.account.post(path, meaning.task, key=key(f"row {row.number}"))
        if meaning.done:
            body = None if meaning.note is None else {"completion_note": meaning.note}
            self.account.post(f"{path}/{task['task_id']}/complete", body, key=key(f"row {row.number} done"))
        status = "completed" if meaning.done else "created"
        line = Line(row=row.number, status=status, title=task["title"], id=task["task_id"], goal_id=goal_id)
        self.journal.note(str(row.number), {"status": status, "title": line.title, "id": line.id, "goal_id": goal_id})
        return line


def import_file(
    context: typer.Context,
    file: File,
    goal: GoalOrNone = None,
    map_: Maps = None,
    date_format: DateFormat = None,
    time_zone: Zone = "UTC",
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
    sheet = spreadsheets.read(content, encoding=encoding, delimiter=delimiter)
    columns = mappings.mapping(sheet.columns, map_ or [], date_format=date_format, time_zone=time_zone)
    if (goal is None) == ("goal" not in columns.columns):
        raise Misused("Say which goal the rows belong to: either --goal, or a column with --map goal=…")
    account = open_account(context.obj)
    goal_id = None if goal is None else references.goal_id(account, goal)
    who = account.get("/auth/me")["user_id"]
    journal = Journal(context.obj.folder, digest(account.api.url, who, goal_id or "", repr(columns), content))
    if again:
        journal.begin_anew()
    job = _Job(account=account, columns=columns, goal_id=goal_id, journal=journal, dry_run=dry_run)
    try:
        job.run(sheet.rows)
    finally:
        reports.tell(job.lines, of=len(sheet.rows), path=report, as_json=as_json)
    if any(line.status == "refused" for line in job.lines):
        raise Refused("Not every row could be brought in.")
