"""`milepost sequences import`: rows of another service, from CSV, with the numbers and versions that they have."""

import csv
import io
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer

from milepost_cli import batches, frame, terminal
from milepost_cli.account import open_account
from milepost_cli.frame import View
from milepost_cli.options import Json
from milepost_cli.sequences.named import Where, path
from milepost_cli.stops import Misused, Refused

AT_ONCE = 90
STORED = {"imported", "imported_before"}
ROWS = ("element_id", "sequence_number", "version_number", "status", "held_by")

File = Annotated[
    Path,
    typer.Argument(exists=True, dir_okay=False, help="CSV: element_id, sequence_number, version_number."),
]


def import_rows(context: typer.Context, sequence: Where, file: File, as_json: Json = False) -> None:
    """Import rows with the numbers and versions that they have, before elements are created here.

    An import that broke off goes on when the same command is given again: the API knows each row that it has.
    """
    parts = list(_parts(file))
    account = open_account(context.obj)
    found: list[View] = []
    with terminal.moving(sum(map(len, parts)), "importing") as moved:
        for part in parts:
            found += account.post(f"{path(sequence)}/import", {"rows": part})["results"]
            for _ in part:
                moved()
    frame.listed(ROWS, found, as_json=as_json)
    refused = sum(each["status"] not in STORED for each in found)
    if refused:
        raise Refused(f"{refused} of {len(found)} rows were not stored.")


def _parts(file: Path) -> Iterator[list[View]]:
    """Yield the rows of a file in parts, those of one element together. Raises Misused for what are no rows."""
    by_element: dict[str, list[View]] = {}
    try:
        for row in csv.DictReader(io.StringIO(batches.text_of(file), newline="")):
            by_element.setdefault(row.get("element_id") or "", []).append(_row(row))
    except csv.Error as error:
        raise Misused(f"{file.name} is no CSV: {error}") from error
    part: list[View] = []
    for rows in by_element.values():
        if part and len(part) + len(rows) > AT_ONCE:
            yield part
            part = []
        part += rows
    if part:
        yield part


def _row(row: dict[str, str]) -> View:
    try:
        numbers = {name: int(row[name]) for name in ("sequence_number", "version_number")}
        return {"element_id": row["element_id"], **numbers} | frame.sent(comment=row.get("comment") or None)
    except (KeyError, TypeError, ValueError) as error:
        raise Misused("A row has element_id, and as whole numbers sequence_number and version_number.") from error
