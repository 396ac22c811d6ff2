"""`milepost search`: goals, tasks, milestones and whatever else there is, by words."""

import itertools
from typing import Annotated

import typer

from milepost_cli import frame
from milepost_cli.account import open_account
from milepost_cli.frame import View
from milepost_cli.options import Json
from milepost_cli.search import snippets

COLUMNS = ("type", "id", "title", "text")

Query = Annotated[str, typer.Argument(metavar="QUERY", help='Words; "a phrase"; -a word that must not be there.')]
Types = Annotated[
    list[str] | None, typer.Option("--type", metavar="TYPE", help="Only these, such as goal; several times.")
]
Most = Annotated[int, typer.Option("--limit", help="Not more than these.", min=1)]


def search(context: typer.Context, query: Query, type_: Types = None, limit: Most = 20, as_json: Json = False) -> None:
    """Find goals, projects, leads, invoices and what lies in them by words and ids; typos are forgiven."""
    asked = frame.sent(q=query, types=",".join(type_) if type_ else None)
    found = itertools.islice(open_account(context.obj).every("/search", **asked), limit)
    frame.listed(COLUMNS, found, as_json=as_json, worked_out={"title": _title, "text": _text})


def _title(item: View) -> object:
    marked = [each["snippet"] for each in item["highlights"] if each["field"] == "title"]
    return snippets.shown(marked[0]) if marked else item["title"]


def _text(item: View) -> object:
    marked = [each["snippet"] for each in item["highlights"] if each["field"] != "title"]
    return snippets.shown(marked[0]) if marked else ""
