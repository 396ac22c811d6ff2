"""Pieces of texts as the API finds them: escaped for HTML, with `<mark>` around the words that match."""

import html
import re
from collections.abc import Iterator

from rich.text import Text

from milepost_cli import terminal

_MARK = re.compile(r"<mark>(.*?)</mark>", re.DOTALL)


def shown(snippet: str) -> Text:
    """Return a piece of a text as it is printed."""
    return terminal.marked(_pieces(snippet))


def _pieces(snippet: str) -> Iterator[tuple[str, bool]]:
    # With one group, every second piece is what was marked.
    for number, piece in enumerate(_MARK.split(snippet)):
        yield html.unescape(piece), bool(number % 2)
