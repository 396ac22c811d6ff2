"""The rows of a file: of delimited values (RFC 4180 and its relatives), or of JSON lines. Pure.

One row can be broken without harm to the others: a quotation mark that opens and never closes spoils the line it is
in, and the next line is read as if it began a row.
"""

import csv
import itertools
import json
import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final

LONGEST_CELL: Final = 64 * 1024
LONGEST_ROW: Final = 1024 * 1024
"""Characters of a row, with cells that are left out."""
LONGEST_LINE: Final = 256 * 1024
"""Characters of a line of JSON: more than any lead has."""
DELIMITERS: Final = ",;\t|"

_SAID: Final = re.compile(r'"?sep=([^\r\n])"?\s*', re.IGNORECASE)
_MOST_AGAIN: Final = 1024 * 1024
_HEADING_LINES: Final = 50
"""So many lines are looked at for the headings, which may have line breaks."""

Cells = Sequence[str]


class _Feed:
    """Lines for a reader. Those of a row can be given back, but for its first.

    No more text is given back than came, and a megabyte: each of a file's lines may begin a row that never ends.
    """

    def __init__(self, lines: Iterable[str]) -> None:
        self._lines = iter(lines)
        self._again: list[str] = []
        self._left = _MOST_AGAIN
        self._length = 0
        self._taken: list[str] = []

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = self._again.pop() if self._again else self._next()
        self._taken.append(line)
        self._length += len(line)
        if self._length > LONGEST_ROW:
            raise csv.Error("the row is too long")
        return line

    def end_row(self) -> None:
        """Forget the lines that were taken."""
        self._taken.clear()
        self._length = 0

    def give_back(self) -> None:
        """Let the lines that were taken come again, but for the first."""
        again = self._taken[1:]
        length = sum(map(len, again))
        if length <= self._left:
            self._left -= length
            self._again += reversed(again)
        self.end_row()

    def _next(self) -> str:
        line = next(self._lines)
        self._left += len(line)
        return line


def sheet(lines: Iterable[str], delimiter: str | None) -> tuple[Cells, Iterator[Cells | None]]:
    """Return the columns of a sheet and its rows that are not empty, None for one that cannot be read.

    Unless a delimiter is given, it is the one that a first line `sep=;` names, or that fits the first rows best.
    """
    rest = iter(lines)
    head = [*itertools.islice(rest, _HEADING_LINES)]
    said = _SAID.fullmatch(head[0]) if head else None
    if said is not None:
        head.pop(0)
    between = delimiter or (said[1] if said else max(DELIMITERS, key=lambda each: _fits(head, each)))
    rows = (
        cells for cells in _rows(itertools.chain(head, rest), between) if cells is None or any(map(str.strip, cells))
    )
    return [one_line(each) for each in next(rows, None) or []], rows


def objects(lines: Iterable[str]) -> Iterator[Any]:
    """Yield the value of each line of JSON that is not empty, None for one that is no JSON."""
    for line in lines:
        if line.strip():
            yield _value(line)


def one_line(heading: str) -> str:
    """Return a heading on one line, in NFC, with single blanks."""
    return " ".join(unicodedata.normalize("NFC", heading).split())


def _value(line: str) -> Any:
    if len(line) > LONGEST_LINE:
        return None
    try:
        return json.loads(line)
    except (ValueError, RecursionError):
        return None


def _fits(head: Sequence[str], delimiter: str) -> tuple[int, int]:
    """Return how well a delimiter parts the beginning of a file: rows with as many cells as the headings, and these."""
    rows = [cells for cells in _rows(head, delimiter) if cells and any(map(str.strip, cells))]
    cells = len(rows[0]) if rows else 0
    return (sum(len(each) == cells for each in rows) if cells > 1 else 0), cells


def _rows(lines: Iterable[str], delimiter: str) -> Iterator[Cells | None]:
    """Yield the cells of each row, None for one that cannot be read."""
    csv.field_size_limit(LONGEST_CELL)
    feed = _Feed(lines)
    while True:
        try:
            for cells in csv.reader(feed, delimiter=delimiter, strict=True):
                feed.end_row()
                yield cells
        except csv.Error:
            # A quotation mark belongs to nothing, or the cell or the row that it begins is too long.
            yield None
            feed.give_back()
        else:
            return
