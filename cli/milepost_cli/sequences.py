"""`milepost sequences`: elements of a type in a scope, their numbers, their order and their versions."""

import csv
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import quote

import typer

from milepost_cli import goals, terminal
from milepost_cli.account import Account, open_account
from milepost_cli.options import Json, Yes
from milepost_cli.stops import Misused, Refused

AT_ONCE = 90
STORED = {"imported", "imported_before"}
ELEMENTS = ("sequence_number", "element_id", "version_number", "comment")
SEQUENCES = ("scope", "element_type", "order", "created_at")
VERSIONS = ("version_number", "created_at", "created_by", "label", "comment")
CHANGES = ("element_id", "old_sequence_number", "new_sequence_number")
ROWS = ("element_id", "sequence_number", "version_number", "status", "held_by")

Where = Annotated[str, typer.Argument(metavar="SEQUENCE", help="A type, such as script, or SCOPE/TYPE.")]
ElementId = Annotated[str, typer.Argument(metavar="ELEMENT", help="The id of an element.")]
ElementIds = Annotated[list[str], typer.Argument(metavar="ELEMENT…", help="Elements as they are to stand, up to 90.")]
TypeName = Annotated[str, typer.Argument(metavar="TYPE", help="A letter, then letters, digits, _ and -.")]
Order = Annotated[str, typer.Option("--order", help="number or rank; it stays.")]
Comment = Annotated[str | None, typer.Option("--comment", help="What there is to say on it.")]
Label = Annotated[str | None, typer.Option("--label", help="A name for the version.")]
Data = Annotated[Path | None, typer.Option("--data", metavar="FILE", help="A JSON object that the version holds.")]
Before = Annotated[str | None, typer.Option("--before", metavar="ELEMENT", help="Before which element.")]
After = Annotated[str | None, typer.Option("--after", metavar="ELEMENT", help="After which element.")]
File = Annotated[Path, typer.Argument(metavar="FILE", help="CSV: element_id, sequence_number, version_number.")]

app = typer.Typer(no_args_is_help=True, help="Elements with numbers, an order and versions.")


@app.command("list")
def list_sequences(context: typer.Context, as_json: Json = False) -> None:
    """List the sequences that have given a number."""
    _listed(SEQUENCES, open_account(context.obj).every("/sequences"), as_json=as_json)


@app.command("type")
def add_type(context: typer.Context, name: TypeName, order: Order = "number", as_json: Json = False) -> None:
    """Add a type of elements."""
    body = {"element_type": name, "order": order}
    _shown(open_account(context.obj).post("/sequences/types", body), as_json=as_json)


@app.command("show")
def show_sequence(context: typer.Context, sequence: Where, as_json: Json = False) -> None:
    """List the elements of a sequence in their order."""
    _listed(ELEMENTS, open_account(context.obj).every(f"{_path(sequence)}/elements"), as_json=as_json)


@app.command("add")
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
    body = goals.sent(element_id=element, comment=comment, label=label, data=_data(data))
    _shown(open_account(context.obj).post(f"{_path(sequence)}/elements", body), as_json=as_json)


@app.command("delete")
def delete_element(context: typer.Context, sequence: Where, element: ElementId, yes: Yes = False) -> None:
    """Delete an element; its id and its number are not given again."""
    goals.confirm(f"Delete {element}?", agreed=yes)
    open_account(context.obj).delete(_element(sequence, element))
    terminal.say("Deleted.")


@app.command("reorder")
def reorder(context: typer.Context, sequence: Where, elements: ElementIds, as_json: Json = False) -> None:
    """Put elements in this order among the numbers that they hold."""
    body = {"element_ids": elements, "new_order": elements}
    changed = open_account(context.obj).post(f"{_path(sequence)}/reorder", body)
    _listed(CHANGES, iter(changed["changes"]), as_json=as_json)


@app.command("move")
def move(
    context: typer.Context,
    sequence: Where,
    element: ElementId,
    before: Before = None,
    after: After = None,
    as_json: Json = False,
) -> None:
    """Move an element of a type that is ordered by rank."""
    body = goals.sent(before=before, after=after)
    _shown(open_account(context.obj).post(f"{_element(sequence, element)}/move", body), as_json=as_json)


@app.command("compact")
def compact(context: typer.Context, sequence: Where, as_json: Json = False) -> None:
    """Number all elements from 1; a job does it if they are many, or were created just now."""
    done = open_account(context.obj).post(f"{_path(sequence)}/compact")
    if "job_id" in done:
        _shown(done, as_json=as_json)
    else:
        _listed(CHANGES, iter(done["changes"]), as_json=as_json)


@app.command("version")
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
    body = goals.sent(comment=comment, label=label, data=_data(data))
    _shown(open_account(context.obj).post(f"{_element(sequence, element)}/versions", body), as_json=as_json)


@app.command("versions")
def list_versions(context: typer.Context, sequence: Where, element: ElementId, as_json: Json = False) -> None:
    """List the versions of an element, newest first."""
    _listed(VERSIONS, open_account(context.obj).every(f"{_element(sequence, element)}/versions"), as_json=as_json)


@app.command("import")
def import_rows(context: typer.Context, sequence: Where, file: File, as_json: Json = False) -> None:
    """Import rows with the numbers and versions that they have, before elements are created here."""
    account, path = open_account(context.obj), f"{_path(sequence)}/import"
    found = [each for part in _parts(file) for each in _imported(account, path, part)]
    _listed(ROWS, iter(found), as_json=as_json)
    refused = sum(each["status"] not in STORED for each in found)
    if refused:
        raise Refused(f"{refused} of {len(found)} rows were not stored.")


def _imported(account: Account, path: str, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    results: list[dict[str, Any]] = account.post(path, {"rows": rows})["results"]
    return results


def _parts(file: Path) -> Iterator[list[dict[str, Any]]]:
    """Yield the rows of a file in parts, those of one element together. Raises Misused for what are no rows."""
    by_element: dict[str, list[dict[str, Any]]] = {}
    with file.open(encoding="utf-8-sig", newline="") as lines:
        for row in csv.DictReader(lines):
            by_element.setdefault(row.get("element_id") or "", []).append(_row(row))
    part: list[dict[str, Any]] = []
    for rows in by_element.values():
        if part and len(part) + len(rows) > AT_ONCE:
            yield part
            part = []
        part += rows
    if part:
        yield part


def _row(row: dict[str, str]) -> dict[str, Any]:
    try:
        numbers = {name: int(row[name]) for name in ("sequence_number", "version_number")}
        return {"element_id": row["element_id"], **numbers} | goals.sent(comment=row.get("comment") or None)
    except (KeyError, TypeError, ValueError) as error:
        raise Misused("A row has element_id, and as whole numbers sequence_number and version_number.") from error


def _data(file: Path | None) -> Any:
    """Return what a file holds. Raises Misused for what is no JSON."""
    if file is None:
        return None
    try:
        return json.loads(file.read_text(encoding="utf-8"))
    except ValueError as error:
        raise Misused(f"{file} is no JSON.") from error


def _path(sequence: str) -> str:
    scope, _, element_type = sequence.rpartition("/")
    return f"/sequences/{quote(scope or 'global', safe='')}/{quote(element_type, safe='')}"


def _element(sequence: str, element: str) -> str:
    return f"{_path(sequence)}/elements/{quote(element, safe='')}"


def _listed(columns: tuple[str, ...], found: Iterator[Any], *, as_json: bool) -> None:
    if as_json:
        terminal.lines(found)
    else:
        terminal.rows(columns, ([each[name] for name in columns] for each in found))


def _shown(made: dict[str, Any], *, as_json: bool) -> None:
    if as_json:
        terminal.document(made)
    else:
        terminal.pairs(made)
