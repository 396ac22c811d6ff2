"""Cells of a sheet (CSV) that no spreadsheet takes for formulas, whatever separator it is told. Pure.

A program that expects semicolons or tabs opens a sheet with commas too, and begins a cell in the middle of one of ours.
So an apostrophe stands before what would begin a formula, at the beginning and after every separator but the comma.
Where there are apostrophes already, there is one more: what is read again is what was written.
https://owasp.org/www-community/attacks/CSV_Injection
"""

import re
from typing import Final

_NUMBERS: Final = re.compile(r"[+-]?[0-9]+(\.[0-9]+)?(;\+[0-9]+)*")
"""A number, or several of telephones: a sign before it is no formula that does anything."""
_BEGINNINGS: Final = "=+\\-@\t\r\n\N{FULLWIDTH EQUALS SIGN}\N{FULLWIDTH PLUS SIGN}\N{FULLWIDTH HYPHEN-MINUS}\uff20"
_FORMULA: Final = re.compile(rf"(^|[;|\t\r\n])[ \"]*(?='*[{_BEGINNINGS}])")
_GUARDED: Final = re.compile(rf"((?:^|[;|\t\r\n])[ \"]*)'(?='*[{_BEGINNINGS}])")


def guarded(text: str) -> str:
    """Return a text as a cell that begins no formula."""
    if _NUMBERS.fullmatch(text):
        return text
    return _FORMULA.sub(lambda found: f"{found[0]}'", text)


def unguarded(cell: str) -> str:
    """Return the text of a cell that was written by `guarded`, or by a program that guards its cells alike."""
    return _GUARDED.sub(lambda found: found[1], cell) if "'" in cell else cell
