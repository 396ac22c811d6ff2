"""The text of a file, whatever program wrote it: its encoding is found out unless the sender names it."""

import codecs
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final, Literal, TextIO

Encoding = Literal["utf-8", "utf-16", "utf-16-le", "utf-16-be", "cp1252", "iso-8859-1", "mac-roman"]

_MARKS: Final = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_CHUNK: Final = 1024 * 1024
_SAMPLE: Final = 1000


class NoText(Exception):
    """The file is no text in the encoding that was named, nor in any that was tried."""


@contextmanager
def opened(path: Path, encoding: str | None) -> Iterator[TextIO]:
    """Open a file as text without its byte order mark, each line with its own ending. Raises NoText."""
    found = _found(path, encoding)
    with path.open(encoding=found, newline="") as text:
        if text.read(1) != "\ufeff":
            text.seek(0)
        yield text


def lines(text: TextIO, *, longest: int) -> Iterator[str]:
    """Yield the lines of a text; of one that is longer, only so many characters."""
    while line := text.readline(longest):
        yield line
        while len(line) == longest and not line.endswith(("\r", "\n")):
            line = text.readline(longest)


def _found(path: Path, encoding: str | None) -> str:
    """Return the encoding of a file. What is no UTF-8 and says nothing was most likely written by a spreadsheet."""
    with path.open("rb") as file:
        sample = file.read(_SAMPLE)
    marked = [name for mark, name in _MARKS if sample.startswith(mark)]
    tries = [encoding] if encoding else [*marked, *_without_mark(sample), "utf-8", "cp1252"]
    for each in tries:
        if _is(path, each):
            return each
    raise NoText


def _without_mark(sample: bytes) -> list[str]:
    """Return UTF-16 in the order of its bytes, when every other byte of the beginning is mostly zero."""
    even, odd = sample[::2].count(0), sample[1::2].count(0)
    if len(sample) < 4 or max(even, odd) * 3 < len(sample):
        return []
    return ["utf-16-be"] if even > odd else ["utf-16-le"]


def _is(path: Path, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        with path.open("rb") as file:
            while chunk := file.read(_CHUNK):
                decoder.decode(chunk)
        decoder.decode(b"", final=True)
    except UnicodeError:
        return False
    return True
