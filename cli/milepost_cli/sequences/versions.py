"""`milepost sequences version|versions|content|difference|restore`: the versions of an element."""

from typing import Annotated

import typer

from milepost_cli import frame, terminal
from milepost_cli.account import open_account
from milepost_cli.frame import View
from milepost_cli.options import Json
from milepost_cli.sequences.named import Comment, Data, ElementId, Label, Where, data_of, element_path

VERSIONS = ("version_number", "created_at", "created_by", "label", "comment")
OPERATIONS = ("op", "path", "value")

Number = Annotated[int, typer.Argument(metavar="VERSION", help="The number of a version.", min=1)]
Older = Annotated[int | None, typer.Option("--older", help="The number of a version; else the one before.", min=1)]
Newer = Annotated[int | None, typer.Option("--newer", help="The number of a version; else the latest.", min=1)]


def add_version(
    context: typer.Context,
    sequence: Where,
    element: ElementId,
    comment: Comment = None,
    label: Label = None,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Make the next version of an element."""
    body = frame.sent(comment=comment, label=label, data=data_of(data))
    frame.shown(open_account(context.obj).post(f"{element_path(sequence, element)}/versions", body), as_json=as_json)


def list_versions(context: typer.Context, sequence: Where, element: ElementId, as_json: Json = False) -> None:
    """List the versions of an element, newest first."""
    frame.listed(
        VERSIONS, open_account(context.obj).every(f"{element_path(sequence, element)}/versions"), as_json=as_json
    )


def show_version(
    context: typer.Context, sequence: Where, element: ElementId, version: Number, as_json: Json = False
) -> None:
    """Show a version of an element with what it holds."""
    found = open_account(context.obj).get(f"{element_path(sequence, element)}/versions/{version}")
    frame.shown(found, as_json=as_json, pairs=lambda each: {**each, "data": terminal.to_json(each["data"])})


def compare_versions(
    context: typer.Context,
    sequence: Where,
    element: ElementId,
    older: Older = None,
    newer: Newer = None,
    as_json: Json = False,
) -> None:
    """Say how what two versions hold differs: a JSON Patch that makes the newer one of the older one."""
    found = open_account(context.obj).get(
        f"{element_path(sequence, element)}/difference", **frame.sent(older=older, newer=newer)
    )
    if as_json:
        terminal.document(found)
    else:
        frame.listed(OPERATIONS, found["operations"], as_json=False, worked_out={"value": _value})


def restore_version(
    context: typer.Context,
    sequence: Where,
    element: ElementId,
    version: Number,
    comment: Comment = None,
    as_json: Json = False,
) -> None:
    """Make a new version that holds what this one does."""
    path = f"{element_path(sequence, element)}/versions/{version}/restore"
    frame.shown(open_account(context.obj).post(path, frame.sent(comment=comment)), as_json=as_json)


def _value(operation: View) -> str:
    return "" if operation["op"] == "remove" else terminal.to_json(operation["value"])
