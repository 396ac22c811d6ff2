"""`milepost chart` and `milepost forecast`: how a goal came to where it is, and when it will be done."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from milepost_cli import health, references, terminal
from milepost_cli.account import open_account
from milepost_cli.api import Request
from milepost_cli.options import Goal, Json
from milepost_cli.stops import Misused

Output = Annotated[
    Path | None, typer.Option("--output", "-o", dir_okay=False, help="A file; else it goes to standard output.")
]
Theme = Annotated[str, typer.Option("--theme", help="auto, light or dark.")]


def chart(
    context: typer.Context, goal: Goal, output: Output = None, theme: Theme = "auto", as_json: Json = False
) -> None:
    """Draw the chart of a goal as SVG, or print what it is drawn from."""
    account = open_account(context.obj)
    path = f"/goals/{references.goal_id(account, goal)}/chart"
    if as_json:
        terminal.document(account.get(path))
        return
    picture = account.ask(Request(method="GET", path=f"{path}.svg", query={"theme": theme})).text
    if output is None:
        sys.stdout.write(picture)
        return
    try:
        output.write_text(picture, encoding="utf-8")
    except OSError as error:
        raise Misused(f"{output} cannot be written: {error}") from error


def forecast(context: typer.Context, goal: Goal, as_json: Json = False) -> None:
    """Say when a goal will be done if it goes on at its own pace, and what that rests on."""
    account = open_account(context.obj)
    told = account.get(f"/goals/{references.goal_id(account, goal)}/forecast")
    if as_json:
        terminal.document(told)
        return
    days = {
        f"{chance} %": health.shown(told, f"p{chance}_at", f"p{chance}_text") or "not within 20 years"
        for chance in (50, 85, 95)
    }
    reason = {} if told["reason"] is None else {"reason": told["reason"]}
    assumptions = {f"assumed {number}": each for number, each in enumerate(told["assumptions"], start=1)}
    terminal.pairs(
        {"forecast": told["state"].replace("_", " "), **(days if told["p50_at"] else {}), **reason, **assumptions}
    )
