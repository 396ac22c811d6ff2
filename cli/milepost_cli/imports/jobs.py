"""The rows of an import on their way: understood, checked by the API, brought in. Each has a line of the report."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Literal

from milepost_cli import batches, terminal
from milepost_cli.account import Account
from milepost_cli.api import Request
from milepost_cli.imports import dates, reasons
from milepost_cli.imports.readings import LeftOut, Reader, Reading, Unreadable
from milepost_cli.imports.sheets import Row
from milepost_cli.imports.targets import Target, Targets
from milepost_cli.journals import Journal
from milepost_cli.names import folded
from milepost_cli.reports import Line
from milepost_cli.stops import NotFound, NotPermitted, Refused


@dataclass(frozen=True, kw_only=True)
class Prepared:
    """A row that was understood: what is sent of it."""

    number: int
    target: Target
    task: Mapping[str, Any]
    done: bool
    note: str | None

    @property
    def draft(self) -> dict[str, Any]:
        """Return the row as the API checks it."""
        goal = {"goal_id": self.target.goal_id} if self.target.goal_id else {"goal": self.target.draft}
        note = {"completion_note": self.note} if self.done and self.note is not None else {}
        return {**goal, "task": self.task, **note}


@dataclass(kw_only=True)
class Job:
    """An import; `lines` are what became of the rows so far, by their number."""

    account: Account
    journal: Journal
    reader: Reader
    targets: Targets
    lines: dict[int, Line] = field(default_factory=dict)
    _set: dict[str, str] = field(default_factory=dict)

    def check(self, rows: Sequence[Row]) -> list[Prepared]:
        """Return the rows that the API would accept; the others have their lines then."""
        prepared = self._prepared(rows)
        accepted: list[Prepared] = []
        with terminal.moving(len(prepared), "checking") as moved:
            for batch in batches.parts(prepared, lambda row: row.draft):
                for each, errors in zip(batch, self._errors(batch), strict=True):
                    if errors:
                        self._refuse(each, reasons.of_errors(errors, each.target.title))
                    else:
                        accepted.append(each)
                    moved()
        return accepted

    def accept(self, prepared: Sequence[Prepared]) -> None:
        """Say of rows that they would be accepted, and write nothing."""
        for each in prepared:
            self._add(Line(row=each.number, status="valid", title=each.task["title"], goal_id=each.target.goal_id))

    def write(self, prepared: Sequence[Prepared]) -> None:
        """Bring rows in, one after the other. Raises the stop after which no other row would fare better."""
        with terminal.moving(len(prepared), "importing") as moved:
            for each in prepared:
                self._bring(each)
                moved()

    def _prepared(self, rows: Sequence[Row]) -> list[Prepared]:
        """Return the rows that can be understood and were not brought in before."""
        read: dict[int, Reading] = {}
        for row in rows:
            earlier = self.journal.found(str(row.number))
            if earlier is not None:
                self._add(Line(row=row.number, **{**earlier, "status": "earlier"}))
                continue
            with self._understanding(row.number):
                reading = self.reader.read(row)
                self.targets.join(reading)
                read[row.number] = reading
        prepared: list[Prepared] = []
        for number, reading in read.items():
            with self._understanding(number):
                prepared.append(_ready(number, reading, self.targets.of(reading)))
        return prepared

    @contextmanager
    def _understanding(self, number: int) -> Iterator[None]:
        """Give the row its line when the block cannot understand it."""
        try:
            yield
        except Unreadable as error:
            self._add(Line(row=number, status="refused", reason=str(error)))
        except LeftOut as error:
            self._add(Line(row=number, status="left out", reason=str(error)))

    def _errors(self, batch: Sequence[Prepared]) -> list[list[Mapping[str, str]]]:
        body = {"rows": [each.draft for each in batch]}
        answer = self.account.ask(Request(method="POST", path="/goals/check", body=body)).json()
        return [result["errors"] for result in answer["results"]]

    def _bring(self, row: Prepared) -> None:
        part: Literal["goal", "task"] = "goal"
        try:
            goal_id = self._goal_id(row.target)
            part = "task"
            self._made(row, goal_id)
        except (Refused, NotFound, NotPermitted) as stop:
            # What the caller may not do at all, no other row may either.
            if isinstance(stop, NotPermitted) and stop.problem.get("code") not in reasons.OF_THE_GOAL:
                raise
            self._refuse(row, reasons.of_stop(stop, part, row.target.title))

    def _goal_id(self, target: Target) -> str:
        """Return the id of the goal of a row, which is set when it was not there."""
        if target.goal_id is not None:
            return target.goal_id
        title = folded(target.title)
        if title not in self._set:
            made = self.account.post("/goals", target.draft, key=self.journal.key(f"goal {title}"))
            self._set[title] = made["goal_id"]
        return self._set[title]

    def _made(self, row: Prepared, goal_id: str) -> None:
        path, key = f"/goals/{goal_id}/tasks", self.journal.key
        task = self.account.post(path, row.task, key=key(f"row {row.number}"))
        if row.done:
            body = None if row.note is None else {"completion_note": row.note}
            self.account.post(f"{path}/{task['task_id']}/complete", body, key=key(f"row {row.number} done"))
        status = "completed" if row.done else "created"
        became = {"status": status, "title": task["title"], "id": task["task_id"], "goal_id": goal_id}
        self._add(Line(row=row.number, **became))
        self.journal.note(str(row.number), became)

    def _refuse(self, row: Prepared, reason: str) -> None:
        self._add(Line(row=row.number, status="refused", title=row.task["title"], reason=reason))

    def _add(self, line: Line) -> None:
        self.lines[line.row] = line


def _ready(number: int, reading: Reading, target: Target) -> Prepared:
    try:
        due = {} if reading.due is None else {"due_at": dates.due(reading.due, target.zone)}
    except dates.NoDate as error:
        raise Unreadable(f"due: {error}") from error
    return Prepared(number=number, target=target, task={**reading.task, **due}, done=reading.done, note=reading.note)
