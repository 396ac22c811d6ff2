"""`milepost tasks`: list, add, edit, done, reopen, delete."""

import itertools
import re
from collections.abc import Mapping
from typing import Annotated, Any

import typer

from milepost_cli import frame, moments, references, terminal
from milepost_cli.account import Account, open_account
from milepost_cli.frame import View
from milepost_cli.health import shown
from milepost_cli.options import Cleared, Csv, Goal, Json, Tags, Task, Version, Yes

COLUMNS = ("task_id", "status", "weight", "due_at", "completed_at", "title")
CLEARABLE = {"due_at", "tags", "completion_note"}

_TEXTS = {"due_at": "due_text", "completed_at": "completed_text"}
_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)

Most = Annotated[int | None, typer.Option("--limit", help="Not more tasks than these.", min=1)]
Status = Annotated[str | None, typer.Option("--status", help="active, paused, completed, cancelled or archived.")]
Title = Annotated[str, typer.Argument(help="1 to 100 characters.")]
NewTitle = Annotated[str | None, typer.Option("--title", help="1 to 100 characters.")]
Due = Annotated[
    str | None, typer.Option("--due", metavar="WHEN", help="A day, which ends in the goal's time zone, or an instant.")
]
Weight = Annotated[int | None, typer.Option("--weight", help="How much it counts, 1 to 1000.", min=1, max=1000)]
Note = Annotated[str | None, typer.Option("--note", help="What there is to say on it, up to 500 characters.")]

app = typer.Typer(no_args_is_help=True, help="The tasks of a goal.")


@app.command("list")
def list_tasks(
    context: typer.Context, goal: Goal, limit: Most = None, as_json: Json = False, as_csv: Csv = False
) -> None:
    """List the tasks of a goal in the order of their creation."""
    account = open_account(context.obj)
    path = f"/goals/{references.goal_id(account, goal)}/tasks"
    found = itertools.islice(account.every(path), limit)
    frame.listed(COLUMNS, found, as_json=as_json, as_csv=as_csv, texts=_TEXTS)


@app.command("add")
def add_task(
    context: typer.Context,
    goal: Goal,
    title: Title,
    due: Due = None,
    weight: Weight = None,
    tag: Tags = None,
    as_json: Json = False,
) -> None:
    """Add a task to a goal that is active or paused."""
    account = open_account(context.obj)
    goal_id = references.goal_id(account, goal)
    draft = frame.sent(title=title, weight=weight, tags=tag, due_at=_due(account, goal_id, due))
    show(account.post(f"/goals/{goal_id}/tasks", draft), as_json=as_json)


@app.command("edit")
def edit_task(
    context: typer.Context,
    goal: Goal,
    task: Task,
    title: NewTitle = None,
    due: Due = None,
    weight: Weight = None,
    tag: Tags = None,
    note: Note = None,
    status: Status = None,
    clear: Cleared = None,
    if_version: Version = None,
    as_json: Json = False,
) -> None:
    """Change what is named of a task; the rest stays as it is."""
    account = open_account(context.obj)
    goal_id, path = _place(account, goal, task)
    changes = frame.sent(
        title=title, weight=weight, tags=tag, completion_note=note, status=status, due_at=_due(account, goal_id, due)
    )
    changes |= frame.cleared(clear, CLEARABLE)
    show(account.patch(path, changes, version=if_version), as_json=as_json)


@app.command("done")
def complete_task(context: typer.Context, goal: Goal, task: Task, note: Note = None, as_json: Json = False) -> None:
    """Complete a task; to complete it again changes nothing."""
    account = open_account(context.obj)
    body = None if note is None else {"completion_note": note}
    show(account.post(f"{_place(account, goal, task)[1]}/complete", body), as_json=as_json)


@app.command("reopen")
def reopen_task(context: typer.Context, goal: Goal, task: Task, as_json: Json = False) -> None:
    """Make a task active again."""
    account = open_account(context.obj)
    show(account.post(f"{_place(account, goal, task)[1]}/reopen"), as_json=as_json)


@app.command("delete")
def delete_task(context: typer.Context, goal: Goal, task: Task, yes: Yes = False, if_version: Version = None) -> None:
    """Delete a task; it no longer counts."""
    account = open_account(context.obj)
    path = _place(account, goal, task)[1]
    frame.confirm(f"Delete the task {task}?", agreed=yes)
    account.delete(path, version=if_version)
    terminal.say("Deleted.")


def show(task: View, *, as_json: bool) -> None:
    """Print one task."""
    frame.shown(task, as_json=as_json, pairs=_pairs)


def _pairs(task: View) -> Mapping[str, object]:
    days = {name: shown(task, name, text) for name, text in _TEXTS.items()}
    names = ("title", "status", "weight", "due_at", "completed_at", "completion_note", "version")
    said = {name: days.get(name, task[name]) for name in names}
    return {"task": task["task_id"], **said, "tags": ", ".join(task["tags"])}


def _place(account: Account, goal: str, task: str) -> tuple[str, str]:
    goal_id = references.goal_id(account, goal)
    return goal_id, f"/goals/{goal_id}/tasks/{references.task_id(account, goal_id, task)}"


def _due(account: Account, goal_id: str, text: str | None) -> str | None:
    """Return when a task is due; only for a day the goal is asked for its time zone."""
    if text is None or not _DAY.fullmatch(text):
        return text
    goal: dict[str, Any] = account.get(f"/goals/{goal_id}")
    return moments.end_of_day(text, goal["time_zone"])
