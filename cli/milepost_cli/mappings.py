"""Which column is which field of a task or of its goal, and what the cells of a row say."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from milepost_cli import moments
from milepost_cli.spreadsheets import Row
from milepost_cli.stops import Misused

TASK_FIELDS = ("title", "due", "weight", "tags", "done", "note")
GOAL_FIELDS = (
    "goal",
    "goal_deadline",
    "goal_start",
    "goal_time_zone",
    "goal_category",
    "goal_description",
    "goal_tags",
)
LONGEST_TITLE = 100
FIELDS = (*TASK_FIELDS, *GOAL_FIELDS)
_YES = {"yes", "y", "true", "1", "x", "done", "completed", "complete", "closed", "ja", "oui", "✓"}
_NO = {"", "no", "n", "false", "0", "open", "todo", "active", "nein", "non"}


class Unreadable(Exception):
    """A cell says nothing that can be understood; the text names its field."""


@dataclass(frozen=True, kw_only=True)
class Meaning:
    """What a row means: a task, whether it is done, and the goal that it belongs to (None: that of the command)."""

    task: Mapping[str, Any]
    done: bool
    note: str | None
    goal: Mapping[str, Any] | None


@dataclass(frozen=True, kw_only=True)
class Columns:
    """Columns by field, and how days are written; a day ends in `time_zone`."""

    columns: Mapping[str, str]
    date_format: str | None
    time_zone: str

    def read(self, row: Row) -> Meaning:
        """Return what a row means. Raises Unreadable."""
        said = {field: row.cells[column] for field, column in self.columns.items() if row.cells[column]}
        if "title" not in said:
            raise Unreadable("title: is empty")
        if "goal" in self.columns and "goal" not in said:
            raise Unreadable("goal: is empty")
        task = {
            "title": said["title"],
            "due_at": self._due(said.get("due")),
            "weight": _number(said.get("weight")),
            "tags": _tags(said.get("tags")),
        }
        goal = self._goal(said) if "goal" in said else None
        return Meaning(task=_given(task), done=_is_done(said.get("done", "")), note=said.get("note"), goal=goal)

    def _goal(self, said: Mapping[str, str]) -> dict[str, Any]:
        deadline = said.get("goal_deadline")
        start = said.get("goal_start")
        return _given(
            {
                "title": said["goal"],
                "deadline": None if deadline is None else self._day("goal_deadline", deadline),
                "start_at": None if start is None else f"{self._day('goal_start', start)}T00:00:00Z",
                "time_zone": said.get("goal_time_zone"),
                "category": said.get("goal_category"),
                "description": said.get("goal_description"),
                "tags": _tags(said.get("goal_tags")),
            }
        )

    def _due(self, text: str | None) -> str | None:
        if text is None:
            return None
        if "T" in text and self.date_format is None:
            return text
        return moments.end_of_day(self._day("due", text), self.time_zone)

    def _day(self, field: str, text: str) -> str:
        wanted = self.date_format or "%Y-%m-%d"
        try:
            return datetime.strptime(text, wanted).replace(tzinfo=UTC).date().isoformat()
        except ValueError as error:
            raise Unreadable(f"{field}: {text!r} is no day as {wanted}; say how with --date-format") from error


def mapping(columns: Sequence[str], given: Sequence[str], *, date_format: str | None, time_zone: str) -> Columns:
    """Return which column is which field: as given (`title=Task name`), else the column that is called like the field.

    Raises Misused for a field or a column that there is not, and when no column is the title.
    """
    found = {_normal(column): column for column in columns}
    chosen = {field: found[field] for field in FIELDS if field in found}
    for each in given:
        field, _, column = each.partition("=")
        if field not in FIELDS:
            raise Misused(f"--map {each}: a field is one of {', '.join(FIELDS)}")
        if column not in columns:
            raise Misused(f"--map {each}: there is no such column, but {', '.join(columns)}")
        chosen[field] = column
    if "title" not in chosen:
        raise Misused(f"No column is the title; say which with --map title=…: {', '.join(columns)}")
    moments.zone(time_zone)
    return Columns(
        columns={field: chosen[field] for field in FIELDS if field in chosen},
        date_format=date_format,
        time_zone=time_zone,
    )


def _normal(heading: str) -> str:
    name = heading.casefold().replace(" ", "_").replace("-", "_")
    return {"due_at": "due", "due_date": "due", "status": "done", "name": "title", "task": "title"}.get(name, name)


def _given(fields: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if value is not None}


def _number(text: str | None) -> int | None:
    if text is None:
        return None
    if not text.isdecimal():
        raise Unreadable(f"weight: {text!r} is no whole number from 1 to 1000")
    return int(text)


def _tags(text: str | None) -> list[str] | None:
    return None if text is None else [tag.strip() for tag in text.replace(";", ",").split(",") if tag.strip()]


def _is_done(text: str) -> bool:
    folded = text.casefold()
    if folded not in _YES | _NO:
        raise Unreadable(f"done: {text!r} is neither yes nor no")
    return folded in _YES
