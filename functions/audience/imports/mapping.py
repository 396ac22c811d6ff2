"""Which column of a file is which field of a lead. Pure.

Several columns may be one field that has several values: their values are joined.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, Final

from functions.audience.imports.records import Cells, one_line
from functions.audience.leads import sheets
from shared.sheets.cells import unguarded

UNREADABLE: Final = "the row cannot be read: its quotation marks do not match, or it is too long"


def faults(mapping: Mapping[str, str]) -> list[tuple[str, str]]:
    """Return the columns whose fields cannot be, and why."""
    times = Counter(map(sheets.target, mapping.values()))
    found = []
    for column, field in mapping.items():
        reason = sheets.fault(field)
        if reason is None and times[sheets.target(field)] > 1 and not sheets.takes_several(field):
            reason = "is the field of several columns"
        if reason is not None:
            found.append((column, reason))
    return found


def fields(columns: Cells, mapping: Mapping[str, str]) -> list[str | None]:
    """Return the field of each column, None for one that is left out. Without a mapping, columns are called so."""
    wanted = {one_line(column): field for column, field in mapping.items()}
    if not wanted:
        return [column or None for column in columns]
    return [wanted.get(column) for column in columns]


def unusable(columns: Cells, mapping: Mapping[str, str]) -> list[str]:
    """Return the columns that are missing, or come twice for a field of one value.

    Without a mapping, those that are no field or come twice.
    """
    times = Counter(columns)
    if mapping:
        several = {column for column, field in mapping.items() if sheets.takes_several(field)}
        there = {column: times[one_line(column)] for column in mapping}
        return [column for column, count in there.items() if count == 0 or (count > 1 and column not in several)]
    return [column for column, _ in faults({column: column for column in times if column})] or [
        column for column, count in times.items() if column and count > 1
    ]


def of_cells(cells: Cells | None, wanted: Sequence[str | None]) -> Any:
    """Return a row of a sheet as it would be sent as JSON; what is wrong with it is a field that no lead has."""
    if cells is None:
        return {UNREADABLE: None}
    # A program that ends every line with a delimiter adds a cell to all but the headings.
    if len(cells) > len(wanted) and not any(map(str.strip, cells[len(wanted) :])):
        cells = cells[: len(wanted)]
    if len(cells) != len(wanted):
        return {f"cells: {len(cells)} of {len(wanted)}": None}
    named = zip(wanted, cells, strict=True)
    return sheets.row([(field, unguarded(cell)) for field, cell in named if field is not None])


def of_object(value: Any, mapping: Mapping[str, str]) -> Any:
    """Return a row of JSON lines as it would be sent; a text is read as a cell of a sheet is."""
    if not mapping or not isinstance(value, dict):
        return value
    named = [(mapping[name], each) for name, each in value.items() if name in mapping]
    texts = sheets.row([(field, each) for field, each in named if isinstance(each, str)])
    return {**texts, **{sheets.target(field): each for field, each in named if not isinstance(each, str)}}
