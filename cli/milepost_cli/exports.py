"""`milepost export`: everything that a user has, as JSON lines that `milepost restore` takes elsewhere.

{"kind": "export", …}       who has exported what, when
{"kind": "goal", …}         a goal with its history; its tasks follow
{"kind": "task", …}
{"kind": "share" | "link" | "achievement", …}   for you to read; none of it is restored
{"kind": "end", …}          how many goals and tasks there were: without it the file is cut off
"""

import io
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any, BinaryIO, TextIO

import typer

from milepost_cli import moments, terminal
from milepost_cli.account import Account, open_account
from milepost_cli.stops import Misused, NotFound, Unavailable

FORMAT = 1
PAGE = 100
_TRIES = 5

Document = dict[str, Any]
Write = Callable[[Document], object]
Output = Annotated[
    Path | None, typer.Option("--output", "-o", dir_okay=False, help="A new file; else it goes to standard output.")
]


def export(context: typer.Context, output: Output = None) -> None:
    """Write everything you have as JSON lines: goals with their history and tasks, shares, links, achievements."""
    account = open_account(context.obj)
    if output is None:
        _write_all(account, sys.stdout)
        return
    with new_file(output) as written, io.TextIOWrapper(written, encoding="utf-8") as file:
        _write_all(account, file)
    terminal.say(f"Exported to {output}.")


@contextmanager
def new_file(path: Path) -> Iterator[BinaryIO]:
    """Give the block a file that stands at the path once all is written, for you alone. Raises Misused if it cannot."""
    if path.exists():
        raise Misused(f"{path} is there already.")
    half = path.with_name(f"{path.name}.part")
    try:
        with os.fdopen(os.open(half, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            yield file
        half.replace(path)
    except OSError as error:
        raise Misused(f"{path} cannot be written: {error}") from error
    finally:
        half.unlink(missing_ok=True)


def _write_all(account: Account, file: TextIO) -> None:
    counted = {"goal": 0, "task": 0}

    def write(line: Document) -> None:
        counted[line["kind"]] = counted.get(line["kind"], 0) + 1
        file.write(terminal.to_json(line) + "\n")

    me = account.get("/auth/me")
    now = moments.instant(datetime.now(tz=UTC))
    write({"kind": "export", "format": FORMAT, "exported_at": now, "url": account.api.url, "account": me})
    goals = list(account.every("/goals"))
    with terminal.moving(len(goals), "exporting") as moved:
        for goal in goals:
            _write_goal(account, goal["goal_id"], write)
            moved()
    for kind, path in (("link", "/links"), ("achievement", "/milestone-achievements")):
        for each in account.every(path):
            write({"kind": kind, kind: each})
    write({"kind": "end", "goals": counted["goal"], "tasks": counted["task"]})


def _write_goal(account: Account, goal_id: str, write: Write) -> None:
    """Write a goal with its tasks and its shares; nothing of one that was deleted meanwhile."""
    try:
        pages = _pages_of_one_version(account, goal_id)
        shares = list(account.every(f"/goals/{goal_id}/shares"))
    except NotFound:
        return
    write({"kind": "goal", "goal_id": goal_id, "goal": pages[0]["goal"]})
    for page in pages:
        for task in page["tasks"]:
            write({"kind": "task", "goal_id": goal_id, "task": task})
    for share in shares:
        write({"kind": "share", "share": share})


def _pages_of_one_version(account: Account, goal_id: str) -> list[Document]:
    """Return all pages of the export of a goal, none from before or after a change."""
    for _ in range(_TRIES):
        pages = list(_pages(account, goal_id))
        if len({page["version"] for page in pages}) == 1:
            return pages
    raise Unavailable(f"{goal_id} is being changed all the time; try again later.")


def _pages(account: Account, goal_id: str) -> Iterator[Document]:
    query: dict[str, Any] = {"limit": PAGE}
    while True:
        page = account.get(f"/goals/{goal_id}/export", **query)
        yield page
        if page["next_cursor"] is None:
            return
        query["cursor"] = page["next_cursor"]
