"""The lines of the file that an export makes and a restore takes: JSON, one document each (docs/exports.md)."""

import json
from typing import Any, Final

FORMAT: Final = 1
MEDIA_TYPE: Final = "application/jsonl"
MOST_BYTES: Final = 100 * 1024 * 1024
"""How large a file may be."""

Document = dict[str, Any]


def line(document: Document) -> bytes:
    """Return a document as its line."""
    return json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def read(text: bytes) -> Document:
    """Return the document of a line. Raises ValueError for a line that has none."""
    try:
        found = json.loads(text)
    except RecursionError as error:
        raise ValueError("a line is nested too deeply") from error
    if not isinstance(found, dict):
        raise ValueError("a line is no object")
    return found
