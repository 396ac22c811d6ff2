"""The kinds of values in expressions, and how plain JSON values become values of a kind. Pure.

Numbers are decimals, and days and instants are of kinds of their own, so that neither is compared with a text.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final, Literal, TypeAlias

from shared import instants

Kind = Literal["number", "text", "boolean", "date", "instant", "list", "map", "any"]
Declared: TypeAlias = Kind | Mapping[str, "Declared"]
"""The kind of a variable, or the fields of a map and their kinds. `any` is known only when it is evaluated."""
Value = Decimal | str | bool | date | datetime | Sequence[Any] | Mapping[str, Any]

ORDERED: Final[tuple[Kind, ...]] = ("number", "text", "date", "instant")
SCALARS: Final[tuple[Kind, ...]] = (*ORDERED, "boolean")

_KINDS: Final[Mapping[type, Kind]] = {
    Decimal: "number",
    str: "text",
    bool: "boolean",
    date: "date",
    datetime: "instant",
    list: "list",
    tuple: "list",
    dict: "map",
}


def kind_of(value: Value) -> Kind:
    """Return the kind of a value."""
    return _KINDS[type(value)]


def declared_kind(declared: Declared) -> Kind:
    """Return the kind of a declaration; one with fields is a map."""
    return declared if isinstance(declared, str) else "map"


def plain(value: Any) -> Value:
    """Return a plain JSON value as a value. Raises ValueError for what is none, and for numbers without end."""
    if type(value) in (int, float):
        value = Decimal(repr(value))
    if type(value) not in _KINDS or (isinstance(value, Decimal) and not value.is_finite()):
        raise ValueError("must be a plain JSON value")
    found: Value = value
    return found


def of_kind(value: Any, kind: Kind) -> Value:
    """Return a plain JSON value as a value of a kind. Raises ValueError if it is none."""
    read = plain(value)
    if kind == "any" or kind_of(read) == kind:
        return read
    if isinstance(read, str) and kind == "date":
        return day(read)
    if isinstance(read, str) and kind == "instant":
        return instants.to_datetime(instants.from_rfc3339(read))
    raise ValueError(f"must be {named(kind)}, not {named(kind_of(read))}")


def day(text: str) -> date:
    """Return the day of a text. Raises ValueError for another form than 2027-03-31."""
    found = date.fromisoformat(text)
    if found.isoformat() != text:
        raise ValueError("must be a day, such as 2027-03-31")
    return found


def named(*kinds: Kind) -> str:
    """Return how a sentence names kinds."""
    return " or ".join("an instant" if kind == "instant" else f"a {kind}" for kind in kinds)
