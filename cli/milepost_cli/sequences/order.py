"""`milepost sequences reorder|renumber|move|compact`: the order of a sequence."""

from typing import Annotated

import typer

from milepost_cli import frame
from milepost_cli.account import open_account
from milepost_cli.api import Request
from milepost_cli.options import Json
from milepost_cli.sequences.named import CHANGES, ElementId, Where, element_path, path
from milepost_cli.stops import Misused

ElementIds = Annotated[list[str], typer.Argument(metavar="ELEMENT…", help="Elements as they are to stand, up to 90.")]
Numbers = Annotated[
    list[str], typer.Argument(metavar="ELEMENT=NUMBER…", help="Each with one of the numbers that they hold, up to 90.")
]
Before = Annotated[str | None, typer.Option("--before", metavar="ELEMENT", help="Before which element.")]
After = Annotated[str | None, typer.Option("--after", metavar="ELEMENT", help="After which element.")]


def reorder(context: typer.Context, sequence: Where, elements: ElementIds, as_json: Json = False) -> None:
    """Put elements in this order among the numbers that they hold."""
    body = {"element_ids": elements, "new_order": elements}
    changed = open_account(context.obj).post(f"{path(sequence)}/reorder", body)
    frame.listed(CHANGES, changed["changes"], as_json=as_json)


def renumber(context: typer.Context, sequence: Where, numbers: Numbers, as_json: Json = False) -> None:
    """Give elements each other's numbers."""
    asked = Request(method="PUT", path=f"{path(sequence)}/reorder", body={"elements": [_numbered(n) for n in numbers]})
    frame.listed(CHANGES, open_account(context.obj).ask(asked).json()["changes"], as_json=as_json)


def move(
    context: typer.Context,
    sequence: Where,
    element: ElementId,
    before: Before = None,
    after: After = None,
    as_json: Json = False,
) -> None:
    """Move an element of a type that is ordered by rank."""
    body = frame.sent(before=before, after=after)
    frame.shown(open_account(context.obj).post(f"{element_path(sequence, element)}/move", body), as_json=as_json)


def compact(context: typer.Context, sequence: Where, as_json: Json = False) -> None:
    """Number all elements from 1; a job does it if they are many, or were created just now."""
    done = open_account(context.obj).post(f"{path(sequence)}/compact")
    if "job_id" in done:
        frame.shown(done, as_json=as_json)
    else:
        frame.listed(CHANGES, done["changes"], as_json=as_json)


def _numbered(text: str) -> frame.View:
    element, _, number = text.rpartition("=")
    if not element or not number.isdecimal():
        raise Misused(f"{text}: write an element and its number as opening=3")
    return {"element_id": element, "new_sequence_number": int(number)}
