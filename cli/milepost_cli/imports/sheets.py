"""A file of delimited values (RFC 4180 and its relatives): its delimiter, its headings, its rows.

One row can be broken without harm to the others: a quote that opens and never closes spoils the line it is in, and the
next line is read as if it began a row.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from milepost_cli.names import one_line
from milepost_cli.stops import Misused

DELIMITERS = ",;\t|"
_QUOTED = re.compile(r'"((?:[^"]++|"")*+)"')
_LINE = re.compile(r"([^\r\n]*+)(\r\n|\r|\n|$)")
_SAID = re.compile(r'"?sep=([^\r\n])"?(\r\n|\r|\n|$)', re.IGNORECASE)
_QUOTES = "its quotation marks do not match; double those inside a cell, or remove them"


class _Broken(Exception):
    """A quoted cell does not end where a cell can end."""


@dataclass(frozen=True)
class Row:
    """The cells of a row, or its fault. `number` is what a spreadsheet shows beside it: the headings are often 1."""

    number: int
    cells: Sequence[str]
    fault: str | None = None


@dataclass(frozen=True)
class Sheet:
    """The headings, on one line each, and the rows that are not empty; every row has a cell for each heading."""

    headings: Sequence[str]
    rows: Sequence[Row]


def read(text: str, delimiter: str | None = None) -> Sheet:
    """Return what the text holds; the delimiter is found out when it is not given.

    Raises Misused for a text without a heading, and for headings that cannot be read.
    """
    said = _SAID.match(text)
    start = said.end() if said else 0
    between = _checked(delimiter) if delimiter else said[1] if said else _found(text, start)
    number, headings, at = _headings(text, start, between)
    rows = [
        _fitted(row, len(headings))
        for row in _rows(text, at, between, number, len(headings))
        if row.fault or any(map(str.strip, row.cells))
    ]
    return Sheet([one_line(heading) for heading in headings], rows)


def _checked(delimiter: str) -> str:
    named = {"tab": "\t", "\\t": "\t"}.get(delimiter, delimiter)
    if len(named) != 1 or named in '"\r\n':
        raise Misused(f"--delimiter {delimiter}: is not one character, such as ; or tab.")
    return named


def _found(text: str, start: int) -> str:
    """Return the delimiter that parts the headings into most cells."""

    def parts(delimiter: str) -> int:
        try:
            return len(_headings(text, start, delimiter)[1])
        except Misused:
            return 0

    return max(DELIMITERS, key=parts)


def _headings(text: str, start: int, delimiter: str) -> tuple[int, list[str], int]:
    """Return the number and the cells of the first row that is not blank, and where the next one begins."""
    number, at = 0, start
    while at < len(text):
        number += 1
        try:
            cells, at = _record(text, at, delimiter)
        except _Broken:
            raise Misused(f"The headings cannot be read: {_QUOTES}.") from None
        if any(map(str.strip, cells)):
            return number, cells, at
    raise Misused("The file is empty: there is nothing to import.")


def _rows(text: str, at: int, delimiter: str, number: int, width: int) -> Iterator[Row]:
    while at < len(text):
        number += 1
        try:
            cells, end = _record(text, at, delimiter)
            if len(cells) != width and _line(text, at)[1] < end:
                # Over several lines, and no row when it is done: a quote has swallowed what follows.
                raise _Broken
        except _Broken:
            yield Row(number, [], _QUOTES)
            broken, (line, at) = number, _line(text, at)
            for _ in range(_continued(text, at, delimiter, width) if line.count('"') % 2 else 0):
                number, at = number + 1, _line(text, at)[1]
                yield Row(number, [], f"looks like the rest of row {broken}, whose quotation marks do not match")
        else:
            yield Row(number, cells)
            at = end


def _continued(text: str, at: int, delimiter: str, width: int) -> int:
    """Return how many lines belong to a broken row whose last quote is open: those up to the line that closes it.

    None when a whole row comes first, or nothing closes it.
    """
    lines = 0
    while at < len(text):
        line, after = _line(text, at)
        try:
            cells, end = _record(text, at, delimiter)
        except _Broken:
            cells, end = [], after
        lines += 1
        if line.count('"') % 2:
            return lines
        if len(cells) == width and end == after:
            return 0
        at = after
    return 0


def _line(text: str, at: int) -> tuple[str, int]:
    """Return the line from here on, and where the next one begins."""
    found = _LINE.match(text, at)
    return (found[1], found.end()) if found else ("", len(text))


def _record(text: str, at: int, delimiter: str) -> tuple[list[str], int]:
    """Return the cells of a row, and where the next one begins. Raises _Broken."""
    plain = re.compile(rf"[^\r\n{re.escape(delimiter)}]*+")
    cells: list[str] = []
    while True:
        quoted = text.startswith('"', at)
        found = (_QUOTED if quoted else plain).match(text, at)
        if found is None:
            raise _Broken
        cells.append(found[1].replace('""', '"') if quoted else found[0])
        at = found.end()
        if text.startswith(delimiter, at):
            at += 1
        elif at == len(text) or text[at] in "\r\n":
            return cells, _line(text, at)[1]
        else:
            raise _Broken


def _fitted(row: Row, width: int) -> Row:
    """Return the row with a cell for each heading; one that has more of them has a fault."""
    if any(map(str.strip, row.cells[width:])):
        return Row(row.number, [], f"has {len(row.cells)} cells, and there are {width} headings")
    return Row(row.number, [*row.cells, *[""] * (width - len(row.cells))][:width], row.fault)
