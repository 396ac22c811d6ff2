"""The names that callers choose: of scopes, of types of elements, and of elements."""

import re
from typing import Final

GLOBAL: Final = "global"
"""The scope of whoever names none."""
PATTERN: Final = r"^[A-Za-z0-9_.:-]{1,64}$"
"""How a scope and the id of an element are written: what may stand in a key, in a path and in a list of ids."""
TYPE_PATTERN: Final = r"^[A-Za-z][A-Za-z0-9_-]{0,63}$"

_NAME: Final = re.compile(r"[A-Za-z0-9_.:-]{1,64}", re.ASCII)
_TYPE: Final = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,63}", re.ASCII)
_REASON: Final = "must have 1 to 64 of the characters A-Z, a-z, 0-9, _, ., :, -"
_TYPE_REASON: Final = "must begin with a letter and have up to 64 of A-Z, a-z, 0-9, _, -"


def is_name(text: str) -> bool:
    """Return whether a scope or an element may be called so."""
    return _NAME.fullmatch(text) is not None


def is_type(text: str) -> bool:
    """Return whether a type of elements may be called so."""
    return _TYPE.fullmatch(text) is not None


def element_id(value: object) -> str:
    """Return the id of an element as it is kept: 7 and "7" are one. Raises ValueError for what is no id."""
    if isinstance(value, float) and value.is_integer():
        # 7.0 is the number 7 to JSON.
        value = int(value)
    if isinstance(value, int) and not isinstance(value, bool) and value >= 1:
        value = str(value)
    if not isinstance(value, str) or not is_name(value):
        raise ValueError(f"must be a whole number from 1 on, or a text of {_REASON.removeprefix('must have ')}")
    return value


def scope(value: object) -> str:
    """Return a scope. Raises ValueError for what is none."""
    if not isinstance(value, str) or not is_name(value):
        raise ValueError(_REASON)
    return value


def type_(value: object) -> str:
    """Return the name of a type. Raises ValueError for what is none."""
    if not isinstance(value, str) or not is_type(value):
        raise ValueError(_TYPE_REASON)
    return value
