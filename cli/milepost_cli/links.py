"""`milepost links`: read-only links to a badge, a chart and a calendar, for whoever is not signed in."""

from typing import Annotated

import typer

from milepost_cli import frame, references, terminal
from milepost_cli.account import open_account
from milepost_cli.frame import View
from milepost_cli.options import Json, Yes

COLUMNS = ("link_id", "goal_id", "created_at", "expires_at", "name")

_TEXTS = {"created_at": "created_text", "expires_at": "expires_text"}

GoalOrNone = Annotated[str | None, typer.Argument(metavar="GOAL", help="A goal; without one, the calendar of all.")]
Name = Annotated[str | None, typer.Option("--name", help="What you know it by.")]
Expires = Annotated[str | None, typer.Option("--expires", metavar="INSTANT", help="Until when it is good.")]
LinkId = Annotated[str, typer.Argument(metavar="LINK", help="The id of a link.")]

app = typer.Typer(no_args_is_help=True, help="Links that show a goal to whoever has them.")


@app.command("list")
def list_links(context: typer.Context, as_json: Json = False) -> None:
    """List your links, without what it takes to use them."""
    found = open_account(context.obj).every("/links")
    frame.listed(COLUMNS, found, as_json=as_json, texts=_TEXTS)


@app.command("add")
def add_link(
    context: typer.Context, goal: GoalOrNone = None, name: Name = None, expires: Expires = None, as_json: Json = False
) -> None:
    """Make a link; its addresses are shown only now."""
    account = open_account(context.obj)
    goal_id = None if goal is None else references.goal_id(account, goal)
    made = account.post("/links", frame.sent(goal_id=goal_id, name=name, expires_at=expires))

    def pairs(link: View) -> View:
        urls = {what: f"{account.api.url}{path}" for what, path in (link["urls"] or {}).items() if path is not None}
        return {"link": link["link_id"], **urls}

    frame.shown(made, as_json=as_json, pairs=pairs)


@app.command("delete")
def delete_link(context: typer.Context, link: LinkId, yes: Yes = False) -> None:
    """End a link at once."""
    frame.confirm(f"End the link {link}?", agreed=yes)
    open_account(context.obj).delete(f"/links/{link}")
    terminal.say("Ended.")
