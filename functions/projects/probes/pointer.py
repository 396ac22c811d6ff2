"""What an address answers, read as JSON, and one place in it, named by a JSON Pointer (RFC 6901). Pure.

Numbers are decimals, so none loses a digit and none is too large.
"""

import json
import re
from decimal import Decimal, InvalidOperation
from typing import Any, Final

LONGEST: Final = 200
"""How many characters a pointer may have."""
_POINTER: Final = re.compile(r"(/([^~/\x00-\x1f\x7f]|~[01])*)*")
_INDEX: Final = re.compile(r"0|[1-9][0-9]{0,4}", re.ASCII)


class NoJson(ValueError):
    """What was answered is no JSON."""


class NothingThere(LookupError):
    """What was answered has no such place."""


def require(text: str) -> str:
    """Return a pointer: nothing for all that was answered, or `/` before each name. Raises ValueError."""
    if not _POINTER.fullmatch(text):
        raise ValueError("must be a JSON Pointer, such as /data/0/state; write ~ as ~0 and / as ~1")
    return text


def read(body: bytes) -> Any:
    """Return what a body says: texts, decimals, truth values, None, lists, maps. Raises NoJson, also for NaN."""
    try:
        return json.loads(body.decode(), parse_float=_number, parse_int=_number, parse_constant=_no_number)
    except (ValueError, RecursionError) as error:
        raise NoJson from error


def find(document: Any, pointer: str) -> Any:
    """Return what lies at a place. Raises NothingThere, and NoJson for a text with half a character."""
    for each in pointer.split("/")[1:]:
        document = _within(document, each.replace("~1", "/").replace("~0", "~"))
    if isinstance(document, str) and any("\ud800" <= each <= "\udfff" for each in document):
        raise NoJson
    return document


def _within(document: Any, name: str) -> Any:
    match document:
        case dict() if name in document:
            return document[name]
        case list() if _INDEX.fullmatch(name) and int(name) < len(document):
            return document[int(name)]
    raise NothingThere


def _number(text: str) -> Decimal:
    try:
        return Decimal(text)
    except InvalidOperation as error:
        raise NoJson from error


def _no_number(_text: str) -> Decimal:
    raise NoJson
