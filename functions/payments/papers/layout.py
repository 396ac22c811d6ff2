"""Where each text of a document stands on which page of A4, in points from the upper left.

How wide a text is says a function, so this needs no font.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import Final, Literal, NamedTuple

from functions.payments import characters
from functions.payments.papers.content import Paper, Row

Width = Callable[[str, float], float]
"""Returns how wide a text of a size is."""

PAGE: Final = (595.28, 841.89)
LEFT: Final = 56.0
RIGHT: Final = PAGE[0] - 56.0
TOP: Final = 56.0
BOTTOM: Final = PAGE[1] - 72.0
TEXT: Final = 9.5
SMALL: Final = 8.0
TITLE: Final = 18.0
TOTAL: Final = 12.0
_LINE: Final = 13.5
_GAP: Final = 12.0
_MIDDLE: Final = (LEFT + RIGHT) / 2
# Where the columns of the lines begin, or end where they are numbers.
_DESCRIPTION: Final = LEFT + 24
_DESCRIPTION_WIDTH: Final = 204.0
_QUANTITY: Final = 332.0
_PRICE: Final = 402.0
_TAX: Final = 460.0
_SUM_NAME: Final = 430.0


class Placed(NamedTuple):
    """A text on a page; `at` is where it begins, or where it ends."""

    text: str
    x: float
    y: float
    size: float = TEXT
    at: Literal["begin", "end"] = "begin"


class Rule(NamedTuple):
    """A line over the width of the page."""

    y: float


Page = list[Placed | Rule]


class _Sheet:
    """The pages so far, and how far down the last one is written."""

    def __init__(self, width: Width) -> None:
        self.width = width
        self.pages: list[Page] = [[]]
        self.y = TOP

    def put(self, text: str, x: float, *, size: float = TEXT, at: Literal["begin", "end"] = "begin") -> None:
        """Write a text at this height."""
        if text:
            self.pages[-1].append(Placed(characters.printable(text), x, self.y, size, at))

    def rule(self) -> None:
        """Draw a line below what is written."""
        self.pages[-1].append(Rule(self.y + 4))

    def down(self, by: float = _LINE) -> None:
        self.y += by

    def needs(self, height: float) -> bool:
        """Begin another page if so much does not fit on this one, and return whether it did."""
        if self.y + height <= BOTTOM:
            return False
        self.pages.append([])
        self.y = TOP
        return True

    def wrapped(self, text: str, width: float, size: float = TEXT) -> list[str]:
        """Return the lines of a text that is no wider than this."""
        return wrap(characters.printable(text), width, lambda line: self.width(line, size))


def pages(paper: Paper, width: Width) -> list[Page]:
    """Return the pages of a document, each of which says which one it is of how many."""
    sheet = _Sheet(width)
    _head(sheet, paper)
    _rows(sheet, paper)
    _sums(sheet, paper)
    lacks = [f"Characters that cannot be printed here are shown as {characters.REPLACEMENT}. The HTML has them."]
    _texts(sheet, [*paper.notes, *(lacks if any(characters.missing(each) for each in paper.texts) else [])])
    if paper.bank_lines:
        sheet.needs(_LINE * 2)
        sheet.put("Pay to", LEFT, size=SMALL)
        sheet.down()
        _texts(sheet, paper.bank_lines)
    for number, page in enumerate(sheet.pages, start=1):
        page.append(Placed(f"{paper.title} {paper.number}", LEFT, PAGE[1] - 40, SMALL))
        page.append(Placed(f"Page {number} of {len(sheet.pages)}", RIGHT, PAGE[1] - 40, SMALL, "end"))
    return sheet.pages


def wrap(text: str, width: float, measured: Callable[[str], float]) -> list[str]:
    """Return the lines of a text that are no wider than this: broken at blanks, or anywhere in what is too long."""
    lines, line = list[str](), ""
    for piece in _pieces(text):
        if line and measured((line + piece).rstrip()) > width:
            lines.append(line.rstrip())
            line = ""
        line += piece if line else piece.lstrip()
        while len(line) > 1 and measured(line.rstrip()) > width:
            fits = _fitting(line, width, measured)
            lines.append(line[:fits])
            line = line[fits:]
    return [*lines, line.rstrip()] if line.strip() or not lines else lines


def _pieces(text: str) -> Iterator[str]:
    """Yield what may not be broken: words with their blanks, and single characters of scripts without blanks."""
    word = ""
    for each in text:
        if characters.has(characters.LETTERS, each):
            if word.endswith(" ") and each != " ":
                yield word
                word = ""
            word += each
            continue
        if word:
            yield word
        word = ""
        yield each
    if word:
        yield word


def _fitting(line: str, width: float, measured: Callable[[str], float]) -> int:
    """Return how many characters of a line fit, at least one."""
    fits = 1
    while fits < len(line) and measured(line[: fits + 1]) <= width:
        fits += 1
    return fits


def _head(sheet: _Sheet, paper: Paper) -> None:
    sheet.down(8)
    sheet.put(paper.title, LEFT, size=TITLE)
    sheet.put(paper.number, RIGHT, size=TITLE, at="end")
    sheet.down(_LINE * 2)
    begin = sheet.y
    ends = []
    for party, x in zip(paper.parties, (LEFT, _MIDDLE), strict=True):
        sheet.y = begin
        sheet.put(party.heading, x, size=SMALL)
        sheet.down()
        for text in party.lines:
            for line in sheet.wrapped(text, _MIDDLE - LEFT - _GAP):
                sheet.put(line, x)
                sheet.down()
        ends.append(sheet.y)
    sheet.y = max(ends) + _GAP
    for name, value in paper.facts:
        sheet.put(name, LEFT)
        sheet.put(value, LEFT + 110)
        sheet.down()
    sheet.down(_GAP)


def _columns(sheet: _Sheet) -> None:
    for name, x in (("No.", LEFT), ("Description", _DESCRIPTION)):
        sheet.put(name, x, size=SMALL)
    for name, x in (("Quantity", _QUANTITY), ("Price", _PRICE), ("Tax", _TAX), ("Net", RIGHT)):
        sheet.put(name, x, size=SMALL, at="end")
    sheet.rule()
    sheet.down(_LINE + 4)


def _rows(sheet: _Sheet, paper: Paper) -> None:
    _columns(sheet)
    for row in paper.rows:
        lines = sheet.wrapped(row.description, _DESCRIPTION_WIDTH)
        _row(sheet, row, lines)
    sheet.rule()
    sheet.down(_LINE + 6)


def _row(sheet: _Sheet, row: Row, lines: Sequence[str]) -> None:
    if sheet.needs(_LINE * min(len(lines), 10)):
        _columns(sheet)
    sheet.put(row.number, LEFT)
    for text, x in ((row.quantity, _QUANTITY), (row.price, _PRICE), (row.tax, _TAX), (row.net, RIGHT)):
        sheet.put(text, x, at="end")
    for line in lines:
        sheet.needs(_LINE)
        sheet.put(line, _DESCRIPTION)
        sheet.down()


def _sums(sheet: _Sheet, paper: Paper) -> None:
    sheet.needs(_LINE * (len(paper.sums) + 1))
    for number, (name, value) in enumerate(paper.sums, start=1):
        size = TOTAL if number == len(paper.sums) else TEXT
        sheet.down(size - TEXT)
        sheet.put(name, _SUM_NAME, size=size, at="end")
        sheet.put(value, RIGHT, size=size, at="end")
        sheet.down()
    sheet.down(_GAP)


def _texts(sheet: _Sheet, texts: Sequence[str]) -> None:
    for text in texts:
        for line in sheet.wrapped(text, RIGHT - LEFT):
            sheet.needs(_LINE)
            sheet.put(line, LEFT)
            sheet.down()
    if texts:
        sheet.down(_GAP)
