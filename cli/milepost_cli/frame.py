"""What every command does as others do: print a list or one thing, ask before it deletes, send what was given."""

import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from operator import itemgetter
from typing import Any

import typer

from milepost_cli import terminal
from milepost_cli.stops import Misused

View = dict[str, Any]
"""A thing as the API shows it."""


def listed(
    columns: Sequence[str],
    found: Iterable[View],
    *,
    as_json: bool,
    as_csv: bool = False,
    texts: Mapping[str, str | Callable[[View], object]] | None = None,
    worked_out: Mapping[str, Callable[[View], object]] | None = None,
) -> None:
    """Print a list: JSON lines, CSV, or rows of these columns.

    In rows for people the column `name` shows what the API calls `texts[name]`, or what that function makes of the
    thing; everywhere else it has the exact value. A column of `worked_out` has what that function makes of the thing.
    """
    if as_json:
        terminal.lines(found)
        return
    said = {} if as_csv or not terminal.is_for_people() else texts or {}
    of_people = {name: each if callable(each) else itemgetter(each) for name, each in said.items()}
    made: Mapping[str, Callable[[View], object]] = {**(worked_out or {}), **of_people}
    rows = ([made[name](each) if name in made else each[name] for name in columns] for each in found)
    headings = [name.removesuffix("_minor_units") if name in made else name for name in columns]
    (terminal.spreadsheet if as_csv else terminal.rows)(headings, rows)


def shown(thing: View, *, as_json: bool, pairs: Callable[[View], Mapping[str, object]] = dict) -> None:
    """Print one thing: JSON, or its names with their values, those of `pairs` if it is given."""
    if as_json:
        terminal.document(thing)
    else:
        terminal.pairs(pairs(thing))


def confirm(question: str, *, agreed: bool) -> None:
    """Return when it was agreed to. Raises Misused when it was not, or nobody can be asked."""
    if agreed:
        return
    if not sys.stdin.isatty():
        raise Misused("Nobody can be asked; say --yes.")
    if not typer.confirm(terminal.plain(question), err=True):
        raise Misused("Nothing was done.")


def cleared(names: list[str] | None, known: set[str]) -> dict[str, None]:
    """Return the fields to be emptied. Raises Misused for one that cannot be."""
    for name in names or []:
        if name not in known:
            raise Misused(f"--clear {name}: can be {', '.join(sorted(known))}")
    return dict.fromkeys(names or [])


def sent(**fields: Any) -> View:
    """Return the fields that were given."""
    return {name: value for name, value in fields.items() if value is not None}
