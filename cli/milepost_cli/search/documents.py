"""`milepost collections documents get|put|delete`: one document."""

from pathlib import Path
from typing import Annotated
from urllib.parse import quote

import typer

from milepost_cli import batches, frame, terminal
from milepost_cli.account import open_account
from milepost_cli.frame import View
from milepost_cli.options import Json, Version, Yes
from milepost_cli.search.definitions import Name, path

DocumentId = Annotated[str, typer.Argument(metavar="DOCUMENT", help="The id of a document.")]
File = Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="The document, a JSON object.")]
NewVersion = Annotated[
    int | None, typer.Option("--version", metavar="N", help="Its version; one that is not newer is refused.", min=1)
]


def get_document(context: typer.Context, collection: Name, document: DocumentId, as_json: Json = False) -> None:
    """Show a document as it is stored, and whether the index has it."""
    found = open_account(context.obj).get(_document_path(collection, document))
    frame.shown(found, as_json=as_json, pairs=_pairs)


def put_document(
    context: typer.Context, collection: Name, file: File, version: NewVersion = None, as_json: Json = False
) -> None:
    """Store the document that a file holds, in the place of one with its id."""
    document = batches.json_file(file)
    change = {"operation": "upsert", "collection_name": collection, "document": document}
    made = open_account(context.obj).post("/documents/sync", change | frame.sent(version=version))
    frame.shown(made, as_json=as_json, pairs=_changed)


def delete_document(
    context: typer.Context, collection: Name, document: DocumentId, yes: Yes = False, if_version: Version = None
) -> None:
    """Delete a document."""
    frame.confirm(f"Delete {document}?", agreed=yes)
    open_account(context.obj).delete(_document_path(collection, document), version=if_version)
    terminal.say("Deleted.")


def _document_path(collection: str, document: str) -> str:
    return f"{path(collection)}/documents/{quote(document, safe='')}"


def _changed(made: View) -> View:
    return {"document": made["id"], "version": made["version"], "index": made["index"]["state"]}


def _pairs(found: View) -> View:
    fields = {
        f"  {name}": value if isinstance(value, str) else terminal.to_json(value)
        for name, value in found["document"].items()
        if name != "id"
    }
    return {**_changed(found), "updated_at": found["updated_at"], **fields}
