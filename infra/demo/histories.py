"""The release histories of the demo, from CSV to what `POST /api/v1/goals/import` takes."""

import csv
from collections.abc import Iterator
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Any

DATA = Path(__file__).with_name("data")

Row = dict[str, str]
History = dict[str, Any]


def every() -> list[History]:
    """Return every goal of the demo with its history: two that are done, and one that runs."""
    return [*releases(), bugfixes()]


def releases() -> list[History]:
    """Return the goals whose last task, the final release, completed them."""
    return [
        _goal(rows, closing=[{"at": _noon(rows[-1]["completed"]), "event": "goal_completed"}])
        for rows in _read("python-releases.csv")
    ]


def bugfixes() -> History:
    """Return the goal that runs, with a due date for each of its tasks."""
    (rows,) = _read("python-3.14-bugfixes.csv")
    return _goal(rows, closing=[])


def _read(name: str) -> list[list[Row]]:
    """Return the rows of a file, those of one goal together."""
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return [list(rows) for _, rows in groupby(csv.DictReader(file), key=itemgetter("goal"))]


def _goal(rows: list[Row], *, closing: list[dict[str, str]]) -> History:
    start_at = f"{rows[0]['start']}T00:00:00Z"
    return {
        "title": rows[0]["goal"],
        "category": "release",
        "tags": ["python"],
        "start_at": start_at,
        "deadline": rows[0]["deadline"],
        "history": [*(_added(row, start_at) for row in rows), *_completed(rows), *closing],
    }


def _added(row: Row, start_at: str) -> dict[str, str]:
    added = {"at": start_at, "event": "task_added", "task": row["task"], "title": row["task"]}
    return added | ({"due_at": _noon(row["due"])} if "due" in row else {})


def _completed(rows: list[Row]) -> Iterator[dict[str, str]]:
    for row in rows:
        if row["completed"]:
            yield {"at": _noon(row["completed"]), "event": "task_completed", "task": row["task"]}


def _noon(day: str) -> str:
    return f"{day}T12:00:00Z"
