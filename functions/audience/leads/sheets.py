"""Rows of leads as CSV (RFC 4180): a line of columns, then a line for each lead. An empty cell is not sent. Pure.

A cell that holds several values has semicolons between them. `consent.email` and `metadata.company.size` are columns
too; what such a cell holds is a text.
"""

import csv
import io
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

from functions.audience.values import DEEPEST
from shared.errors import InvalidInput, Malformed
from shared.sheets import cells

_LONGEST_CELL: Final = 64 * 1024


def _text(cell: str) -> Any:
    return cell


def _several(cell: str) -> Any:
    return [each.strip() for each in cell.split(";") if each.strip()]


def _whole(cell: str) -> Any:
    """Return a whole number; what is none is left to be refused with the row."""
    return int(cell) if cell.isascii() and cell.isdigit() and len(cell) <= 16 else cell


_COLUMNS: Final[Mapping[str, tuple[str, Callable[[str], Any]]]] = {
    **{
        name: (name, _text)
        for name in (
            "external_id",
            "name",
            "status",
            "locale",
            "time_zone",
            "total_spend",
            "last_order_at",
            "last_visit_at",
        )
    },
    "email": ("emails", _several),
    "emails": ("emails", _several),
    "phone": ("phones", _several),
    "phones": ("phones", _several),
    "tags": ("tags", _several),
    "order_count": ("order_count", _whole),
    "visits": ("visits", _whole),
}


def read(text: str) -> list[dict[str, Any]]:
    """Return the rows of a sheet, as they would be sent as JSON.

    Raises Malformed for what is no CSV, InvalidInput for a column that no lead has, that comes twice or is too deep.
    """
    csv.field_size_limit(_LONGEST_CELL)
    reader = csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""), strict=True)
    try:
        columns = [each.strip() for each in next(reader, [])]
        lines = [line for line in reader if any(line)]
    except csv.Error as error:
        raise Malformed(f"The body is not valid CSV: {error}.") from error
    _require(columns)
    return [_row(columns, line) for line in lines]


def target(column: str) -> str:
    """Return the field that a column has, or the column itself if it is within one."""
    return _COLUMNS[column][0] if column in _COLUMNS else column


def takes_several(column: str) -> bool:
    """Return whether a cell of a column holds several values."""
    return column in _COLUMNS and _COLUMNS[column][1] is _several


def fault(column: str) -> str | None:
    """Return what is wrong with a column, None if leads have it."""
    if column not in _COLUMNS and not column.startswith(("consent.", "metadata.")):
        return "is not a column of leads"
    if column.startswith("metadata.") and column.count(".") > DEEPEST:
        return f"must not be deeper than {DEEPEST} levels"
    return None


def row(named: Iterable[tuple[str, str]]) -> dict[str, Any]:
    """Return a row as it would be sent as JSON, of columns and their cells; an empty cell is not sent."""
    found: dict[str, Any] = {}
    for column, cell in named:
        if not cell:
            continue
        if column in _COLUMNS:
            name, read_cell = _COLUMNS[column]
            value = read_cell(cell)
            found[name] = [*found.get(name, ()), *value] if takes_several(column) else value
        else:
            _put(found, column.split(".", 1 if column.startswith("consent.") else -1), cell)
    return found


def _require(columns: list[str]) -> None:
    times = Counter(map(target, columns))
    for column in columns:
        reason = fault(column)
        if reason is not None:
            raise InvalidInput.of("metadata" if column.startswith("metadata.") else column, reason)
        if times[target(column)] > 1:
            raise InvalidInput.of(column, "must come once")


def _row(columns: list[str], line: list[str]) -> dict[str, Any]:
    if len(line) != len(columns):
        # Refused with its row, as a field that no lead has.
        return {f"cells: {len(line)} of {len(columns)}": None}
    return row(zip(columns, map(cells.unguarded, line), strict=True))


def _put(row: dict[str, Any], path: list[str], cell: str) -> None:
    """Put a cell at its place; a column within another one's value wins over it."""
    inner = row
    for name in path[:-1]:
        there = inner.get(name)
        inner[name] = inner = there if isinstance(there, dict) else {}
    inner[path[-1]] = cell
