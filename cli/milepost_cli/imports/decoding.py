"""The text of a file, whatever program wrote it."""

import codecs

from milepost_cli.stops import Misused

# A longer mark first: that of UTF-32 begins like that of UTF-16.
_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# Python's own ways to write text in source code and domain names, in which no program saves a file.
_OF_NO_FILE = {"idna", "punycode", "raw-unicode-escape", "undefined", "unicode-escape"}
_SAMPLE = 1000


def text(content: bytes, encoding: str | None) -> str:
    """Return the text of a file without its byte order mark; the encoding is found out when it is not given.

    Raises Misused for a file that is not text in that encoding.
    """
    mark, marked = next((known for known in _MARKS if content.startswith(known[0])), (b"", None))
    if encoding is not None:
        # A mark of the same family says more than the name does: in which order the bytes are.
        same = marked is not None and _normal(encoding).startswith(_normal(marked))
        tries = [marked if same and marked else encoding]
        content = content if same or marked != "utf-8" else content.removeprefix(mark)
    else:
        # What is no UTF-8 and says nothing was most likely written by a spreadsheet on Windows.
        tries = [marked] if marked else [*_without_mark(content), "utf-8", "cp1252"]
    for each in tries:
        decoded = _decoded(content, each)
        if decoded is not None:
            return decoded.removeprefix("\ufeff")
    raise Misused(f"The file is no text in {encoding or marked or 'UTF-8'}. Name its encoding with --encoding.")


def _normal(encoding: str) -> str:
    return encoding.casefold().replace("-", "").replace("_", "")


def _without_mark(content: bytes) -> list[str]:
    """Return UTF-16 in the order of its bytes, when every other byte of the beginning is mostly zero."""
    sample = content[:_SAMPLE]
    even, odd = sample[::2].count(0), sample[1::2].count(0)
    if max(even, odd) * 3 < len(sample) or len(sample) < 4:
        return []
    return ["utf-16-be"] if even > odd else ["utf-16-le"]


def _decoded(content: bytes, encoding: str) -> str | None:
    """Return the text, None when it is none in this encoding. Raises Misused for an encoding that nobody knows."""
    try:
        if codecs.lookup(encoding).name in _OF_NO_FILE:
            raise LookupError(encoding)
        decoded = content.decode(encoding)
        # Halves of characters, which some encodings let through, cannot be sent on.
        decoded.encode()
    except UnicodeError:
        return None
    except (LookupError, ValueError) as error:
        raise Misused(f"--encoding {encoding}: no such encoding of text is known, such as utf-8 or cp1252.") from error
    return decoded
