"""`milepost goals`: list, show, add, edit, move from status to status, delete."""

import itertools
from collections.abc import Mapping
from typing import Annotated

import typer

from milepost_cli import frame, health, references, terminal
from milepost_cli.account import open_account
from milepost_cli.frame import View
from milepost_cli.options import Cleared, Csv, Goal, Json, Tags, Version, Yes

COLUMNS = ("goal_id", "progress", "health", "deadline", "status", "title")
ACTIONS = {
    "complete": "Make a goal completed; it stays at 100 %.",
    "pause": "Pause a goal that is active.",
    "resume": "Make a paused goal active again.",
    "reopen": "Make a completed or archived goal active again.",
    "archive": "Put a goal away; it keeps the progress it has.",
}
CLEARABLE = {"description", "category", "tags", "deadline", "weights", "answers"}

Status = Annotated[
    str | None, typer.Option("--status", help="active, paused, completed or archived; several parted by commas.")
]
Sort = Annotated[
    str, typer.Option("--sort", help="created or deadline, with - before it the other way round; newest first without.")
]
OfCategory = Annotated[str | None, typer.Option("--category", help="Only of this category.")]
OfTag = Annotated[str | None, typer.Option("--tag", help="Only with this tag.")]
DueAfter = Annotated[str | None, typer.Option("--due-after", metavar="INSTANT", help="Only those that end later.")]
DueBefore = Annotated[
    str | None, typer.Option("--due-before", metavar="INSTANT", help="Only those that end then or sooner.")
]
IsOverdue = Annotated[bool | None, typer.Option("--overdue/--not-overdue", help="Only those that are, or are not.")]
Most = Annotated[int | None, typer.Option("--limit", help="Not more goals than these.", min=1)]
Title = Annotated[str, typer.Argument(help="3 to 100 characters.")]
NewTitle = Annotated[str | None, typer.Option("--title", help="3 to 100 characters.")]
Deadline = Annotated[str | None, typer.Option("--deadline", metavar="DAY", help="The last day, as 2027-09-26.")]
Start = Annotated[
    str | None, typer.Option("--start", metavar="INSTANT", help="When it begins, as 2027-01-01T00:00:00Z.")
]
Zone = Annotated[str | None, typer.Option("--time-zone", help="In which its last day ends, as Europe/Berlin.")]
Description = Annotated[str | None, typer.Option("--description", help="Up to 500 characters.")]
Category = Annotated[str | None, typer.Option("--category", help="Up to 50 characters.")]
Weight = Annotated[
    int | None, typer.Option("--task-weight", help="Percent that tasks count; the rest is the time's.", min=0, max=100)
]
Answers = Annotated[
    list[str] | None, typer.Option("--answer", metavar="NAME=TEXT", help="Such as firstStep=…; several times.")
]
Clamp = Annotated[bool, typer.Option("--clamp-tasks", help="Bring due dates forward that are after the new deadline.")]

app = typer.Typer(no_args_is_help=True, help="Your goals.")


@app.command("list")
def list_goals(
    context: typer.Context,
    status: Status = None,
    sort: Sort = "-created",
    category: OfCategory = None,
    tag: OfTag = None,
    due_after: DueAfter = None,
    due_before: DueBefore = None,
    overdue: IsOverdue = None,
    limit: Most = None,
    as_json: Json = False,
    as_csv: Csv = False,
) -> None:
    """List your goals, all of them or those of one filter, with how far they are."""
    is_overdue = None if overdue is None else str(overdue).lower()
    asked = {"status": status, "category": category, "tag": tag, "due_after": due_after, "due_before": due_before}
    query = {name: value for name, value in {**asked, "is_overdue": is_overdue}.items() if value is not None}
    query["sort"] = sort
    found = itertools.islice(open_account(context.obj).every("/goals", **query), limit)
    percentage = "progress_percentage" if as_csv or not terminal.is_for_people() else "progress_text"
    worked_out = {"progress": lambda goal: goal["progress"][percentage], "health": _health}
    texts = {"deadline": "deadline_text"}
    frame.listed(COLUMNS, found, as_json=as_json, as_csv=as_csv, texts=texts, worked_out=worked_out)


@app.command("show")
def show_goal(context: typer.Context, goal: Goal, as_json: Json = False) -> None:
    """Show a goal with its progress, its milestones and its answers."""
    account = open_account(context.obj)
    show(account.get(f"/goals/{references.goal_id(account, goal)}"), as_json=as_json)


@app.command("add")
def add_goal(
    context: typer.Context,
    title: Title,
    deadline: Deadline = None,
    start: Start = None,
    time_zone: Zone = None,
    description: Description = None,
    category: Category = None,
    tag: Tags = None,
    task_weight: Weight = None,
    answer: Answers = None,
    as_json: Json = False,
) -> None:
    """Set a goal."""
    draft = frame.sent(
        title=title,
        deadline=deadline,
        start_at=start,
        time_zone=time_zone,
        description=description,
        category=category,
        tags=tag,
        weights=_weights(task_weight),
        answers=_answers(answer),
    )
    show(open_account(context.obj).post("/goals", draft), as_json=as_json)


@app.command("edit")
def edit_goal(
    context: typer.Context,
    goal: Goal,
    title: NewTitle = None,
    deadline: Deadline = None,
    start: Start = None,
    time_zone: Zone = None,
    description: Description = None,
    category: Category = None,
    tag: Tags = None,
    task_weight: Weight = None,
    answer: Answers = None,
    clear: Cleared = None,
    clamp_tasks: Clamp = False,
    if_version: Version = None,
    as_json: Json = False,
) -> None:
    """Change what is named of a goal; the rest stays as it is."""
    changes = frame.sent(
        title=title,
        deadline=deadline,
        start_at=start,
        time_zone=time_zone,
        description=description,
        category=category,
        tags=tag,
        weights=_weights(task_weight),
        answers=_answers(answer),
        clamp_tasks=clamp_tasks or None,
    )
    account = open_account(context.obj)
    path = f"/goals/{references.goal_id(account, goal)}"
    changes |= frame.cleared(clear, CLEARABLE)
    show(account.patch(path, changes, version=if_version), as_json=as_json)


@app.command("delete")
def delete_goal(context: typer.Context, goal: Goal, yes: Yes = False, if_version: Version = None) -> None:
    """Delete a goal with its tasks, its achievements and its shares, for good."""
    account = open_account(context.obj)
    goal_id = references.goal_id(account, goal)
    frame.confirm(f"Delete {goal} with all its tasks?", agreed=yes)
    account.delete(f"/goals/{goal_id}", version=if_version)
    terminal.say("Deleted.")


def show(goal: View, *, as_json: bool) -> None:
    """Print one goal."""
    frame.shown(goal, as_json=as_json, pairs=_pairs)


def _movable(action: str, text: str) -> None:
    def move(context: typer.Context, goal: Goal, as_json: Json = False) -> None:
        account = open_account(context.obj)
        show(account.post(f"/goals/{references.goal_id(account, goal)}/{action}"), as_json=as_json)

    app.command(action, help=text)(move)


for _action, _text in ACTIONS.items():
    _movable(_action, _text)


def _pairs(goal: View) -> Mapping[str, object]:
    progress = goal["progress"]
    percentage = progress["progress_text"] if terminal.is_for_people() else f"{progress['progress_percentage']} %"
    return {
        "goal": goal["goal_id"],
        "title": goal["title"],
        "status": goal["status"],
        "progress": f"{percentage} ({_health(goal)})",
        "tasks": f"{progress['completed_tasks']} of {progress['total_tasks']}",
        "milestones": health.milestones(goal["milestones"]),
        "deadline": health.shown(goal, "deadline", "deadline_text"),
        "description": goal["description"],
        "category": goal["category"],
        "tags": ", ".join(goal["tags"]),
        "version": goal["version"],
    }


def _health(goal: View) -> str:
    return health.word(goal["progress"], goal["status"])


def _weights(tasks: int | None) -> dict[str, int] | None:
    return None if tasks is None else {"task": tasks, "time": 100 - tasks}


def _answers(given: list[str] | None) -> dict[str, str] | None:
    return None if given is None else {name: text for name, _, text in [each.partition("=") for each in given]}
