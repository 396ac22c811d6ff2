"""`milepost progress`: how far the goals are, seen at a glance."""

import itertools
from collections.abc import Iterable
from typing import Annotated

import typer

from milepost_cli import health, references, terminal
from milepost_cli.account import Account, open_account
from milepost_cli.frame import View
from milepost_cli.options import Json

GoalOrNone = Annotated[str | None, typer.Argument(metavar="GOAL", help="Only this one, by its id or its title.")]
Status = Annotated[str, typer.Option("--status", help="active, paused, completed, archived, or all.")]
Most = Annotated[int, typer.Option("--limit", help="Not more goals than these.", min=1)]


def progress(
    context: typer.Context, goal: GoalOrNone = None, status: Status = "active", limit: Most = 20, as_json: Json = False
) -> None:
    """Show how far your goals are: bars, and the days of their milestones, reached and predicted."""
    account = open_account(context.obj)
    found = _found(account, goal, status, limit)
    if as_json:
        terminal.lines(_numbers(each) for each in found)
        return
    console = terminal.out()
    if not console.is_terminal:
        terminal.rows((), (_line(each) for each in found))
        return
    for each in found:
        console.print(health.bars(each))


def _found(account: Account, goal: str | None, status: str, limit: int) -> Iterable[View]:
    if goal is not None:
        return [account.get(f"/goals/{references.goal_id(account, goal)}")]
    query = {} if status == "all" else {"status": status}
    return itertools.islice(account.every("/goals", **query), limit)


def _numbers(goal: View) -> View:
    names = ("goal_id", "title", "status", "deadline")
    return {**{name: goal[name] for name in names}, **goal["progress"], "milestones": goal["milestones"]}


def _line(goal: View) -> tuple[object, ...]:
    progress = goal["progress"]
    how = health.word(progress, goal["status"])
    tasks = f"{progress['completed_tasks']}/{progress['total_tasks']}"
    return goal["goal_id"], progress["progress_percentage"], how, tasks, goal["deadline"], goal["title"]
