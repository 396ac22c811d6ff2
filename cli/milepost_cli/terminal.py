"""What is printed, and how: for people on a terminal, for programs everywhere else.

On a terminal there are colours, tables and bars. Elsewhere a row is a line with tabs, and nothing moves. Text that
somebody else has written never steers the terminal: what could is shown as `�`.
"""

import csv
import json
import os
import re
import sys
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table
from rich.text import Text

_STEERING = {"Cc", "Cf", "Cs", "Zl", "Zp"}
# Zero-width joiners are part of many scripts and of emoji, and move nothing.
_HARMLESS = {"\u200c", "\u200d"}
_FORMULA = re.compile(r"[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20]")


def prepare() -> None:
    """Make what programs read UTF-8 whatever the locale; a terminal that cannot show a character shows another one."""
    for stream in (sys.stdout, sys.stderr):
        encoding = None if stream.isatty() else "utf-8"
        stream.reconfigure(encoding=encoding, errors="replace")  # type: ignore[union-attr]


@contextmanager
def to_a_reader_who_may_go() -> Iterator[None]:
    """Print what the block prints, at once. When nobody reads it any more, end the block and print nothing more."""
    try:
        yield
    except (BrokenPipeError, SystemExit) as end:
        # Rich makes an exit of it.
        if isinstance(end, SystemExit) and not isinstance(end.__context__, BrokenPipeError):
            raise
        _hang_up()
    finally:
        try:
            sys.stdout.flush()
        except BrokenPipeError:
            _hang_up()


def _hang_up() -> None:
    # What is still buffered is flushed at exit, and must not fail there.
    with open(os.devnull, "wb") as nowhere:
        os.dup2(nowhere.fileno(), sys.stdout.fileno())


def out() -> Console:
    """Return the console of what was asked for."""
    return Console(markup=False, emoji=False, highlight=False)


def err() -> Console:
    """Return the console of everything else: questions, bars, failures."""
    return Console(stderr=True, markup=False, emoji=False, highlight=False)


def is_for_people() -> bool:
    """Return whether people read what is printed: then it is the texts of the API, for programs its exact values."""
    return out().is_terminal


def plain(text: object) -> str:
    """Return the text on one line with everything that steers a terminal replaced; None is nothing."""
    return "" if text is None else "".join("�" if _steers(each) else each for each in str(text))


def marked(pieces: Iterable[tuple[str, bool]]) -> Text:
    """Return pieces of a text as one, on a terminal with those marked that are said to be."""
    text = Text()
    for piece, is_marked in pieces:
        text.append(plain(piece), style="bold yellow" if is_marked else "")
    return text


def document(value: Any) -> None:
    """Print a JSON document: on a terminal over several lines, elsewhere on one."""
    sys.stdout.write(to_json(value, indent=2 if sys.stdout.isatty() else None) + "\n")


def lines(values: Iterable[Any]) -> None:
    """Print JSON lines, each as it comes."""
    for value in values:
        sys.stdout.write(to_json(value) + "\n")
        sys.stdout.flush()


def to_json(value: Any, *, indent: int | None = None) -> str:
    """Return JSON in which nothing steers a terminal, and that says the same."""
    text = json.dumps(value, ensure_ascii=False, indent=indent)
    return "".join(json.dumps(each)[1:-1] if each != "\n" and _steers(each) else each for each in text)


def rows(columns: Sequence[str], found: Iterable[Sequence[object]]) -> None:
    """Print rows: a table on a terminal, elsewhere lines with tabs and no heading."""
    console = out()
    if not console.is_terminal:
        for row in found:
            sys.stdout.write("\t".join(map(plain, row)) + "\n")
        return
    table = Table(*columns, box=None, pad_edge=False)
    for row in found:
        table.add_row(*[value if isinstance(value, Text) else Text(plain(value)) for value in row])
    console.print(table)


def pairs(shown: Mapping[str, object]) -> None:
    """Print names with their values, one to a line."""
    console = out()
    for name, value in shown.items():
        if console.is_terminal:
            console.print(Text(f"{name:<13}", style="bold").append(plain(value), style="not bold"), soft_wrap=True)
        else:
            sys.stdout.write(f"{name}\t{plain(value)}\n")


def say(text: str) -> None:
    """Tell what was done, to whoever is watching; nothing where nobody is."""
    console = err()
    if console.is_terminal:
        console.print(Text(plain(text)), soft_wrap=True)


@contextmanager
def moving(total: int, what: str) -> Iterator[Callable[[], None]]:
    """Show a bar to whoever is watching, and give the block what moves it on by one."""
    with _bars(what) as bars:
        bar = bars.add_task(what, total=total)
        yield lambda: bars.advance(bar)


@contextmanager
def measuring(what: str) -> Iterator[Callable[[int, int | None], None]]:
    """Show a bar to whoever is watching, and give the block what moves it to so much of so much, None if unknown."""
    with _bars(what) as bars:
        bar = bars.add_task(what, total=None)
        yield lambda done, of: bars.update(bar, completed=done, total=of)


def _bars(what: str) -> Progress:
    columns = (TextColumn(what), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    console = err()
    return Progress(*columns, console=console, disable=not console.is_terminal, transient=True)


def complain(reasons: Iterable[str]) -> None:
    """Print why a command has ended, always."""
    console = err()
    for reason in reasons:
        console.print(Text("milepost: ", style="red").append(plain(reason), style="default"), soft_wrap=True)


def spreadsheet(columns: Sequence[str], found: Iterable[Sequence[object]]) -> None:
    """Print CSV (RFC 4180) in which no cell is a formula."""
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows([cell(value) for value in row] for row in found)


def cell(value: object) -> str:
    """Return a value as a cell: text that a spreadsheet would calculate gets an apostrophe before it."""
    text = "" if value is None else str(value)
    return f"'{text}" if isinstance(value, str) and _FORMULA.match(text) else text


def _steers(character: str) -> bool:
    return unicodedata.category(character) in _STEERING and character not in _HARMLESS
