"""`milepost collections list|show|create|delete`."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated
from urllib.parse import quote

import typer

from milepost_cli import batches, frame, terminal
from milepost_cli.account import open_account
from milepost_cli.frame import View
from milepost_cli.options import Json, Version, Yes

COLUMNS = ("name", "num_documents", "language", "published_at")

Name = Annotated[str, typer.Argument(metavar="COLLECTION", help="The name of a collection, or an alias.")]
File = Annotated[
    Path, typer.Argument(exists=True, dir_okay=False, help="A JSON object: name, fields, and language if you like.")
]


def list_collections(context: typer.Context, as_json: Json = False) -> None:
    """List the collections of your tenant with how many documents their indexes have."""
    frame.listed(COLUMNS, open_account(context.obj).every("/collections"), as_json=as_json)


def show_collection(context: typer.Context, collection: Name, as_json: Json = False) -> None:
    """Show a collection with its fields."""
    frame.shown(open_account(context.obj).get(path(collection)), as_json=as_json, pairs=pairs)


def create_collection(context: typer.Context, file: File, as_json: Json = False) -> None:
    """Make the collection that a file describes; the same one again changes nothing."""
    draft = batches.json_file(file)
    frame.shown(open_account(context.obj).post("/collections", draft), as_json=as_json, pairs=pairs)


def delete_collection(context: typer.Context, collection: Name, yes: Yes = False, if_version: Version = None) -> None:
    """Delete a collection with all its documents, for good."""
    frame.confirm(f"Delete {collection} with all its documents?", agreed=yes)
    open_account(context.obj).delete(path(collection), version=if_version)
    terminal.say("Deleted.")


def path(collection: str) -> str:
    """Return where a collection is."""
    return f"/collections/{quote(collection, safe='')}"


def pairs(collection: View) -> Mapping[str, object]:
    """Return what of a collection is shown to people."""
    fields = {f"  {field['name']}": _field(field) for field in collection["fields"]}
    names = ("name", "num_documents", "language", "default_sorting_field", "published_at", "created_at", "version")
    more = {
        "synonyms": f"{len(collection['synonyms'])} sets",
        "stop_words": len(collection["stop_words"]),
        "schema_change": _change(collection["schema_change"]),
    }
    return {"collection": collection["collection_id"], **{name: collection[name] for name in names}, **more, **fields}


def _change(change: View | None) -> str | None:
    return None if change is None else f"{change['state']}, {change['done']} of {change['of']} documents"


def _field(field: View) -> str:
    flags = [name for name in ("facet", "optional", "sort", "infix") if field[name]]
    return ", ".join([field["type"], *flags, *([] if field["index"] else ["not searched"])])
