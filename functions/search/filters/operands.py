"""Numbers, instants and truth values as they are written in `filter_by` and `facet_by`, read for their fields."""

import math
import re
from typing import Final

from functions.search.collections import values
from functions.search.collections.fields import Field
from shared import instants
from shared.errors import Malformed

_WHOLE: Final = re.compile(r"[+-]?\d{1,19}", re.ASCII)
_DECIMAL: Final = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,3})?", re.ASCII)
_TRUTH: Final = {"true": 1, "false": 0}


class FilterRefused(Malformed):
    """400: `filter_by` cannot be read; the detail says where and what would work."""


def number(field: Field, text: str) -> int | float:
    """Return what is written as the engine compares it. Raises ValueError, which says what would work."""
    if field.type == "int64":
        return _whole(text)
    if field.type == "float":
        return _decimal(text)
    if field.type == "bool":
        if text not in _TRUTH:
            raise ValueError("must be true or false")
        return _TRUTH[text]
    return instants.from_rfc3339(text)


def _whole(text: str) -> int:
    if not _WHOLE.fullmatch(text) or not values.LOWEST <= int(text) <= values.HIGHEST:
        raise ValueError("must be a whole number from -2^63 to 2^63 - 1")
    return int(text)


def _decimal(text: str) -> float:
    found = float(text) if _DECIMAL.fullmatch(text) else math.nan
    if not math.isfinite(found):
        raise ValueError("must be a finite number")
    return found + 0.0
