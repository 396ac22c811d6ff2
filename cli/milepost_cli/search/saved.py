"""`milepost collections saved`: searches that you keep, to make them again."""

from typing import Annotated
from urllib.parse import quote

import typer

from milepost_cli import frame, terminal
from milepost_cli.account import open_account
from milepost_cli.api import Request
from milepost_cli.frame import View
from milepost_cli.options import Json, Version, Yes
from milepost_cli.search import queries
from milepost_cli.search.definitions import Name
from milepost_cli.search.queries import By, Exclude, Facets, Filter, Most, Page, Prefix, Query, Sort, Typos

COLUMNS = ("saved_search_id", "collection_name", "name", "q")

SearchId = Annotated[str, typer.Argument(metavar="SEARCH", help="The id of a saved search, as `list` shows it.")]
KnownAs = Annotated[str, typer.Argument(metavar="NAME", help="What you know it by.")]


def list_searches(context: typer.Context, as_json: Json = False) -> None:
    """List the searches that you have saved."""
    found = open_account(context.obj).every("/saved-searches")
    frame.listed(COLUMNS, found, as_json=as_json, worked_out={"q": lambda each: each["parameters"]["q"]})


def add_search(
    context: typer.Context,
    name: KnownAs,
    collection: Name,
    query: Query,
    by: By = None,
    filter_: Filter = None,
    sort: Sort = None,
    facets: Facets = None,
    exclude: Exclude = None,
    typos: Typos = None,
    prefix: Prefix = True,
    limit: Most = 10,
    as_json: Json = False,
) -> None:
    """Keep a search under a name, for yourself."""
    parameters = frame.sent(
        q=query,
        query_by=by,
        filter_by=filter_,
        sort_by=sort,
        facet_by=facets,
        exclude_fields=exclude,
        num_typos=typos,
        prefix=prefix,
        per_page=limit,
    )
    draft = {"name": name, "collection_name": collection, "parameters": parameters}
    made = open_account(context.obj).post("/saved-searches", draft)
    frame.shown(made, as_json=as_json, pairs=_pairs)


def run_search(context: typer.Context, search: SearchId, page: Page = 1, as_json: Json = False) -> None:
    """Make a saved search, in the collection that has its name now."""
    asked = Request(method="POST", path=f"{_path(search)}/run", query={"page": page})
    found = open_account(context.obj).ask(asked).json()
    if as_json:
        terminal.document(found)
    else:
        queries.show(found)


def delete_search(context: typer.Context, search: SearchId, yes: Yes = False, if_version: Version = None) -> None:
    """Delete a saved search."""
    frame.confirm(f"Delete the search {search}?", agreed=yes)
    open_account(context.obj).delete(_path(search), version=if_version)
    terminal.say("Deleted.")


def _path(search: str) -> str:
    return f"/saved-searches/{quote(search, safe='')}"


def _pairs(search: View) -> View:
    chosen = {f"  {name}": value for name, value in search["parameters"].items() if value is not None}
    names = ("name", "collection_name", "created_at", "version")
    return {"search": search["saved_search_id"], **{name: search[name] for name in names}, **chosen}
