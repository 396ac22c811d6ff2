"""A file of comma-separated values, whatever program wrote it: its encoding, its delimiter, its headings, its rows."""

import codecs
import csv
import io
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from milepost_cli.stops import Misused

DELIMITERS = ",;\t|"
_MARKS = {codecs.BOM_UTF8: "utf-8-sig", codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}


@dataclass(frozen=True)
class Row:
    """A row by its headings; `number` is what a spreadsheet shows beside it, so the first after the headings is 2."""

    number: int
    cells: Mapping[str, str]


@dataclass(frozen=True)
class Sheet:
    """The headings and the rows that are not empty."""

    columns: Sequence[str]
    rows: Sequence[Row]


def read(content: bytes, *, encoding: str | None = None, delimiter: str | None = None) -> Sheet:
    """Return what the file holds; the encoding and the delimiter are found out when they are not given.

    Raises Misused for a file that cannot be read so, that has no row, or whose headings are missing or not unique.
    """
    text = _text(content, encoding)
    try:
        found = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter or _delimiter(text), strict=True))
    except csv.Error as error:
        raise Misused(f"The file is no CSV: {error}") from error
    if not found:
        raise Misused("The file is empty.")
    columns = [heading.strip() for heading in found[0]]
    twice = [name for name, times in Counter(columns).items() if times > 1 or not name]
    if twice:
        raise Misused(f"The first row must name every column, each by another name; these do not: {twice}")
    rows = [
        _row(number, columns, cells) for number, cells in enumerate(found[1:], start=2) if any(map(str.strip, cells))
    ]
    return Sheet(columns, rows)


def _text(content: bytes, encoding: str | None) -> str:
    marked = next((name for mark, name in _MARKS.items() if content.startswith(mark)), None)
    # What is no UTF-8 and says nothing was most likely written by a spreadsheet on Windows.
    for each in [encoding or marked or "utf-8", *([] if encoding or marked else ["cp1252"])]:
        try:
            return content.decode(each)
        except UnicodeDecodeError:
            continue
        except LookupError as error:
            raise Misused(f"--encoding {encoding}: is not known") from error
    raise Misused(f"The file is not {encoding or marked or 'UTF-8'}; say what it is with --encoding")


def _delimiter(text: str) -> str:
    """Return the delimiter that the headings are parted by: the most frequent one outside quotes."""
    heading = text.split("\n", 1)[0]
    outside = "".join(heading.split('"')[::2])
    return max(DELIMITERS, key=outside.count)


def _row(number: int, columns: Sequence[str], cells: Sequence[str]) -> Row:
    if len(cells) > len(columns) and any(cell.strip() for cell in cells[len(columns) :]):
        raise Misused(f"Row {number} has {len(cells)} cells, and there are {len(columns)} headings.")
    padded = [*cells, *[""] * (len(columns) - len(cells))]
    return Row(number, dict(zip(columns, [cell.strip() for cell in padded], strict=False)))
