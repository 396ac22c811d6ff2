"""Addresses to be suppressed as CSV (RFC 4180): a line of columns, then a line for each. Pure."""

import csv
import io
from typing import Any, Final

from shared.errors import InvalidInput, Malformed
from shared.sheets.cells import unguarded

COLUMNS: Final = frozenset({"channel", "address", "reason", "topic"})


def read(text: str) -> list[dict[str, Any]]:
    """Return the rows of a sheet, as they would be sent as JSON. Raises Malformed, InvalidInput for other columns."""
    reader = csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""), strict=True)
    try:
        columns = [each.strip() for each in next(reader, [])]
        lines = [line for line in reader if any(line)]
    except csv.Error as error:
        raise Malformed(f"The body is not valid CSV: {error}.") from error
    if not {*columns} <= COLUMNS or len({*columns}) < len(columns):
        raise InvalidInput.of("columns", f"must be some of {', '.join(sorted(COLUMNS))}, each once")
    return [_row(columns, line) for line in lines]


def _row(columns: list[str], line: list[str]) -> dict[str, Any]:
    if len(line) != len(columns):
        # Refused with its row, as a field that none has.
        return {f"cells: {len(line)} of {len(columns)}": None}
    return {column: unguarded(cell) for column, cell in zip(columns, line, strict=True) if cell}
