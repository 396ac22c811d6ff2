"""`milepost collections change|synonyms|stop-words`: what of a collection is changed after it was made."""

from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

from milepost_cli import batches, frame, terminal
from milepost_cli.account import open_account
from milepost_cli.frame import View
from milepost_cli.options import Json, Version
from milepost_cli.search import waiting
from milepost_cli.search.definitions import Name, pairs, path
from milepost_cli.search.waiting import Progress
from milepost_cli.stops import Misused, Refused
from milepost_cli.surroundings import Surroundings

FAULTS = ("document_id", "field", "reason")

_FLAGS = {"facet": {"facet": True}, "sort": {"sort": True}, "infix": {"infix": True}, "no-index": {"index": False}}

Fields = Annotated[
    Path | None, typer.Argument(metavar="[FILE]", exists=True, dir_okay=False, help='A JSON object with "fields".')
]
Added = Annotated[
    list[str] | None,
    typer.Option(
        "--field",
        metavar="NAME:TYPE[,FLAG…]",
        help=f"An optional field, such as publisher:string,facet; flags are {', '.join(_FLAGS)}. Several.",
    ),
]
Wait = Annotated[bool, typer.Option("--wait/--no-wait", help="Whether to wait until the collection has the fields.")]
Synonyms = Annotated[Path, typer.Argument(exists=True, dir_okay=False, help='A JSON object with "synonyms".')]
StopWords = Annotated[
    Path,
    typer.Argument(exists=True, dir_okay=False, help='A JSON object: "stop_words", and "language_stop_words" if true.'),
]


def change_collection(
    context: typer.Context,
    collection: Name,
    file: Fields = None,
    field: Added = None,
    wait: Wait = True,
    if_version: Version = None,
    as_json: Json = False,
) -> None:
    """Add optional fields to a collection, and wait until it has them; searches go on meanwhile.

    The same command again waits on. If documents have other values in these fields, some are listed.
    """
    if (file is None) == (not field):
        raise Misused("Say which fields are added: either in a file, or by --field.")
    draft = {"fields": [_field(each) for each in field or []]} if file is None else batches.json_file(file)
    account = open_account(context.obj)
    changed = account.patch(path(collection), draft, version=if_version)
    if wait and not _has(changed, draft):
        changed = _ended(context.obj, changed, lambda: account.get(path(collection)))
        _require_there(changed, draft, as_json=as_json)
    frame.shown(changed, as_json=as_json, pairs=pairs)


def set_synonyms(
    context: typer.Context, collection: Name, file: Synonyms, if_version: Version = None, as_json: Json = False
) -> None:
    """Give a collection the synonyms of a file in place of those that it has; the next search takes them."""
    changed = open_account(context.obj).put(f"{path(collection)}/synonyms", batches.json_file(file), version=if_version)
    frame.shown(changed, as_json=as_json, pairs=pairs)


def set_stop_words(
    context: typer.Context, collection: Name, file: StopWords, if_version: Version = None, as_json: Json = False
) -> None:
    """Give a collection the stop words of a file in place of those that it has; the next search takes them."""
    changed = open_account(context.obj).put(
        f"{path(collection)}/stop-words", batches.json_file(file), version=if_version
    )
    frame.shown(changed, as_json=as_json, pairs=pairs)


def _ended(around: Surroundings, begun: View, ask: Callable[[], View]) -> View:
    """Return the collection once the change that was begun is over. Raises Unavailable."""
    since = begun["schema_change"]["begun_at"]

    def progress(thing: View) -> Progress:
        change = thing["schema_change"]
        # The answer may still be of the time before the change.
        if change is None or change["begun_at"] < since:
            return Progress(is_over=False, done=0, of=None)
        return Progress(change["state"] != "running", change["done"], change["of"])

    return waiting.ended(around, "documents", begun, ask=ask, progress=progress)


def _require_there(changed: View, draft: View, *, as_json: bool) -> None:
    """Require that the collection has the fields; print the documents that are against it. Raises Refused."""
    if _has(changed, draft):
        return
    if as_json:
        terminal.document(changed)
    else:
        faults = changed["schema_change"]["faults"]
        terminal.rows(FAULTS, ([each[name] for name in FAULTS] for each in faults))
    raise Refused("Documents have other values in these fields, so the collection stays as it was. Change them first.")


def _has(collection: View, draft: View) -> bool:
    return {each["name"] for each in draft["fields"]} <= {each["name"] for each in collection["fields"]}


def _field(text: str) -> View:
    """Return the field that `NAME:TYPE,FLAG` describes. Raises Misused."""
    name, _, described = text.partition(":")
    type_, *flags = described.split(",")
    if not name or not type_ or not set(flags) <= _FLAGS.keys():
        raise Misused(f"--field {text}: is NAME:TYPE, with any of these behind commas: {', '.join(_FLAGS)}")
    field: View = {"name": name, "type": type_, "optional": True}
    for flag in flags:
        field |= _FLAGS[flag]
    return field
