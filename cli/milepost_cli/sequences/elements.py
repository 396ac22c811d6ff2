"""`milepost sequences`: types, sequences and their elements."""

from typing import Annotated

import typer

from milepost_cli import frame, terminal
from milepost_cli.account import open_account
from milepost_cli.options import Json, Yes
from milepost_cli.sequences.named import Comment, Data, ElementId, Label, Where, data_of, element_path, path

ELEMENTS = ("sequence_number", "element_id", "version_number", "comment")
SEQUENCES = ("scope", "element_type", "order", "created_at")
TYPES = ("element_type", "order", "created_at")

TypeName = Annotated[str, typer.Argument(metavar="TYPE", help="A letter, then letters, digits, _ and -.")]
Order = Annotated[str, typer.Option("--order", help="number or rank; it stays.")]


def list_sequences(context: typer.Context, as_json: Json = False) -> None:
    """List the sequences that have given a number."""
    frame.listed(SEQUENCES, open_account(context.obj).every("/sequences"), as_json=as_json)


def list_types(context: typer.Context, as_json: Json = False) -> None:
    """List the types of elements that your tenant has added."""
    frame.listed(TYPES, open_account(context.obj).every("/sequences/types"), as_json=as_json)


def add_type(context: typer.Context, name: TypeName, order: Order = "number", as_json: Json = False) -> None:
    """Add a type of elements."""
    body = {"element_type": name, "order": order}
    frame.shown(open_account(context.obj).post("/sequences/types", body), as_json=as_json)


def show_sequence(context: typer.Context, sequence: Where, as_json: Json = False) -> None:
    """List the elements of a sequence in their order."""
    frame.listed(ELEMENTS, open_account(context.obj).every(f"{path(sequence)}/elements"), as_json=as_json)


def show_element(context: typer.Context, sequence: Where, element: ElementId, as_json: Json = False) -> None:
    """Show an element as it is now."""
    frame.shown(open_account(context.obj).get(element_path(sequence, element)), as_json=as_json)


def add_element(
    context: typer.Context,
    sequence: Where,
    element: ElementId,
    comment: Comment = None,
    label: Label = None,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Create an element, which gets the next number."""
    body = frame.sent(element_id=element, comment=comment, label=label, data=data_of(data))
    frame.shown(open_account(context.obj).post(f"{path(sequence)}/elements", body), as_json=as_json)


def delete_element(context: typer.Context, sequence: Where, element: ElementId, yes: Yes = False) -> None:
    """Delete an element; its id and its number are not given again."""
    frame.confirm(f"Delete {element}?", agreed=yes)
    open_account(context.obj).delete(element_path(sequence, element))
    terminal.say("Deleted.")
