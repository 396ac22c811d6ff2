"""`milepost collections search`: a search in a collection, as a table in which the words that match are marked."""

from collections.abc import Iterator
from typing import Annotated

import typer
from rich.text import Text

from milepost_cli import frame, terminal
from milepost_cli.account import open_account
from milepost_cli.api import Request
from milepost_cli.frame import View
from milepost_cli.options import Json
from milepost_cli.search import snippets
from milepost_cli.search.definitions import Name

COLUMNS = ("id", "field", "text")
COUNTS = ("field", "value", "count")

Query = Annotated[str, typer.Argument(metavar="QUERY", help='Words; "a phrase"; -a word that must not be there; *.')]
By = Annotated[str | None, typer.Option("--by", metavar="FIELDS", help="The fields searched, with commas between.")]
Filter = Annotated[str | None, typer.Option("--filter", help="Conditions, such as pages:>100 && tags:=sea.")]
Sort = Annotated[str | None, typer.Option("--sort", help="Up to three, such as pages:desc,_text_match:desc.")]
Facets = Annotated[str | None, typer.Option("--facets", metavar="FIELDS", help="Fields whose values are counted.")]
Exclude = Annotated[str | None, typer.Option("--exclude", metavar="FIELDS", help="Fields left out of documents.")]
Typos = Annotated[int | None, typer.Option("--typos", help="How many typos a word may have.", min=0, max=2)]
Prefix = Annotated[bool, typer.Option("--prefix/--no-prefix", help="Whether the last word may be a beginning.")]
Page = Annotated[int, typer.Option("--page", help="Which page of hits.", min=1)]
Most = Annotated[int, typer.Option("--limit", help="Not more hits than these.", min=1, max=250)]


def search(
    context: typer.Context,
    collection: Name,
    query: Query,
    by: By = None,
    filter_: Filter = None,
    sort: Sort = None,
    facets: Facets = None,
    exclude: Exclude = None,
    typos: Typos = None,
    prefix: Prefix = True,
    page: Page = 1,
    limit: Most = 10,
    as_json: Json = False,
) -> None:
    """Search a collection. On a terminal the words that match are marked, and facets counted below the hits."""
    parameters = frame.sent(
        q=query,
        query_by=by,
        filter_by=filter_,
        sort_by=sort,
        facet_by=facets,
        exclude_fields=exclude,
        num_typos=typos,
        prefix=prefix,
        page=page,
        per_page=limit,
    )
    body = {"collection_name": collection, "parameters": parameters}
    # A search writes nothing, so it takes no idempotency key.
    found = open_account(context.obj).ask(Request(method="POST", path="/search", body=body)).json()
    if as_json:
        terminal.document(found)
    else:
        show(found)


def show(found: View) -> None:
    """Print the answer to a search, as a table for people."""
    terminal.rows(COLUMNS, (row for hit in found["hits"] for row in _rows(hit)))
    if terminal.is_for_people() and found["facet_counts"]:
        terminal.rows(COUNTS, _counts(found))
    terminal.say(f"{found['found']} of {found['out_of']} documents.")


def _rows(hit: View) -> Iterator[tuple[object, ...]]:
    """Yield a row for each text in which words match, or one with the first text of the document if none does."""
    id_ = hit["document"]["id"]
    for number, highlight in enumerate(hit["highlights"]):
        yield (
            "" if number and terminal.is_for_people() else id_,
            highlight["field"],
            snippets.shown(highlight["snippet"]),
        )
    if not hit["highlights"]:
        yield id_, *_first_text(hit["document"])


def _first_text(document: View) -> tuple[str, Text]:
    texts = [(name, value) for name, value in document.items() if name != "id" and isinstance(value, str)]
    name, value = texts[0] if texts else ("", "")
    return name, terminal.marked([(value, False)])


def _counts(found: View) -> Iterator[tuple[object, ...]]:
    for facet in found["facet_counts"]:
        for counted in facet["counts"]:
            yield facet["field_name"], counted["value"], counted["count"]
