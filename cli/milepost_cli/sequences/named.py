"""How a sequence and its elements are named on the command line, and where they are in the API."""

from pathlib import Path
from typing import Annotated, Any
from urllib.parse import quote

import typer

from milepost_cli import batches

CHANGES = ("element_id", "old_sequence_number", "new_sequence_number")

Where = Annotated[str, typer.Argument(metavar="SEQUENCE", help="A type, such as script, or SCOPE/TYPE.")]
ElementId = Annotated[str, typer.Argument(metavar="ELEMENT", help="The id of an element.")]
Comment = Annotated[str | None, typer.Option("--comment", help="What there is to say on it.")]
Label = Annotated[str | None, typer.Option("--label", help="A name for the version.")]
Data = Annotated[
    Path | None, typer.Option("--data", exists=True, dir_okay=False, help="A file with the JSON object it holds.")
]


def path(sequence: str) -> str:
    """Return where a sequence is."""
    scope, _, element_type = sequence.rpartition("/")
    return f"/sequences/{quote(scope or 'global', safe='')}/{quote(element_type, safe='')}"


def element_path(sequence: str, element: str) -> str:
    """Return where an element of a sequence is."""
    return f"{path(sequence)}/elements/{quote(element, safe='')}"


def data_of(file: Path | None) -> dict[str, Any] | None:
    """Return the object that a file holds, None without a file. Raises Misused for what is none."""
    return None if file is None else batches.json_file(file)
