"""What the cells of a row say, before its goal is known: texts are cleaned, words and dates understood."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from milepost_cli import names
from milepost_cli.imports import dates
from milepost_cli.imports.columns import Columns
from milepost_cli.imports.dates import When
from milepost_cli.imports.presets import PRESETS, Origin
from milepost_cli.imports.sheets import Row

MOST_CHARACTERS = 2000
"""More than any field may have; what is longer need not be sent to be refused."""

_YES = {"yes", "y", "true", "1", "x", "done", "completed", "complete", "closed", "ja", "oui", "✓"}
_NO = {"", "no", "n", "false", "0", "open", "todo", "to do", "active", "nein", "non"}
_PROSE = {"note", "goal_description"}
_COLOUR = re.compile(r"(?<=.) \([^()]*\)$")


class Unreadable(Exception):
    """A row says something that cannot be understood; the text names its field."""


class LeftOut(Exception):
    """A row is no task; the text says what it is."""


@dataclass(frozen=True, kw_only=True)
class GoalReading:
    """What a row says of its goal."""

    title: str
    deadline: When | None
    start: When | None
    time_zone: str | None
    category: str | None
    description: str | None
    tags: tuple[str, ...] | None


@dataclass(frozen=True, kw_only=True)
class Reading:
    """What a row says: of a task without its due date, when that is, whether it is done, and of its goal."""

    task: Mapping[str, Any]
    due: When | None
    done: bool
    note: str | None
    goal: GoalReading | None


@dataclass(frozen=True, kw_only=True)
class Reader:
    """How the rows of one file are read; `taken_as_open` collects the words that nobody has said are `done`."""

    columns: Columns
    date_format: str | None = None
    origin: Origin | None = None
    taken_as_open: set[str] = field(default_factory=set)

    def read(self, row: Row) -> Reading:
        """Return what a row says. Raises Unreadable, or LeftOut for one that is no task."""
        if row.fault is not None:
            raise Unreadable(row.fault)
        self._require_task(row)
        said = self._said(row)
        if "title" not in said:
            raise Unreadable("title: is empty")
        task = {"title": said["title"], "weight": _number(said.get("weight")), "tags": self._tags(row, "tags")}
        return Reading(
            task={name: value for name, value in task.items() if value is not None},
            due=self._when(said, "due"),
            done=self._is_done(said.get("done", "")),
            note=said.get("note"),
            goal=self._goal(row, said),
        )

    def _require_task(self, row: Row) -> None:
        kind = "task" if self.columns.kind is None else names.folded(row.cells[self.columns.kind])
        if kind != "task":
            raise LeftOut(kind or "row of no kind")

    def _said(self, row: Row) -> dict[str, str]:
        """Return the texts of the fields that are not empty."""
        said: dict[str, str] = {}
        for name, places in self.columns.places.items():
            cell = row.cells[places[0]]
            text = names.prose(cell) if name in _PROSE else names.one_line(cell)
            if len(text) > MOST_CHARACTERS:
                raise Unreadable(f"{name}: is too long, with {len(text)} characters")
            if text:
                said[name] = text
        return said

    def _goal(self, row: Row, said: Mapping[str, str]) -> GoalReading | None:
        if "goal" not in self.columns.places:
            return None
        if "goal" not in said:
            raise Unreadable("goal: is empty")
        tags = self._tags(row, "goal_tags")
        return GoalReading(
            title=said["goal"],
            deadline=self._when(said, "goal_deadline"),
            start=self._when(said, "goal_start"),
            time_zone=said.get("goal_time_zone"),
            category=said.get("goal_category"),
            description=said.get("goal_description"),
            tags=None if tags is None else tuple(tags),
        )

    def _tags(self, row: Row, name: str) -> list[str] | None:
        cells = [row.cells[place] for place in self.columns.places.get(name, ())]
        found = [names.one_line(tag) for cell in cells for tag in cell.replace(";", ",").split(",")]
        if self.origin and PRESETS[self.origin].tags_have_colours:
            found = [_COLOUR.sub("", tag) for tag in found]
        if sum(map(len, found)) > MOST_CHARACTERS:
            raise Unreadable(f"{name}: are too long together")
        return [tag for tag in dict.fromkeys(found) if tag] or None

    def _when(self, said: Mapping[str, str], name: str) -> When | None:
        try:
            return dates.read(said[name], self.date_format) if name in said else None
        except dates.NoDate as error:
            raise Unreadable(f"{name}: {error}") from error

    def _is_done(self, text: str) -> bool:
        preset = PRESETS[self.origin] if self.origin else None
        word = names.folded(text)
        if preset and preset.done_words:
            if word not in {"", *preset.done_words, *preset.open_words}:
                self.taken_as_open.add(text)
            return word in preset.done_words
        if preset and preset.done_is_a_date:
            return self._when({"done": text} if text else {}, "done") is not None
        if word not in _YES | _NO:
            known = "" if preset else f"; say which program wrote the file: --from {'|'.join(Origin)}"
            raise Unreadable(f"done: {text!r} is neither yes nor no{known}")
        return word in _YES


def _number(text: str | None) -> int | None:
    if text is None:
        return None
    if not (text.isascii() and text.isdecimal() and len(text) <= 4):
        raise Unreadable(f"weight: {text!r} is no whole number from 1 to 1000")
    return int(text)
