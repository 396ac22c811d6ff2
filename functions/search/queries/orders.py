"""`sort_by` and `facet_by`: what hits are sorted by, and whose values are counted."""

import re
from collections.abc import Sequence
from typing import Final

from functions.search.collections import fields
from functions.search.collections.fields import Field
from functions.search.engine.asked import Facet, Order, Range
from functions.search.filters import operands
from shared.errors import Malformed

MAX_ORDERS: Final = 3
MAX_FACETS: Final = 10
MAX_RANGES: Final = 20
TEXT_MATCH: Final = "_text_match"

_ORDER: Final = re.compile(r"\s*([^\s:,]+)\s*:\s*(asc|desc)\s*", re.ASCII)
_FACET: Final = re.compile(r"\s*([^\s,(]+)\s*(?:\(([^)]*)\))?\s*(?:,|$)")
_RANGE: Final = re.compile(r"\s*([A-Za-z0-9_ -]{1,50}?)\s*:\s*\[([^,\]]*),([^,\]]*)\]\s*(?:,|$)")


class QueryRefused(Malformed):
    """400: a parameter of the search cannot be read or names a field that does not fit; the detail says what would."""


def read(text: str, schema: Sequence[Field]) -> list[Order]:
    """Return the orders of a `sort_by`. Raises QueryRefused."""
    parts = text.split(",")
    if len(parts) > MAX_ORDERS:
        raise QueryRefused(f"sort_by: {MAX_ORDERS} orders at most, with commas between them.")
    return [_order(part, schema) for part in parts]


def facets(text: str, schema: Sequence[Field]) -> list[Facet]:
    """Return the facets of a `facet_by`. Raises QueryRefused."""
    found: list[Facet] = []
    at = 0
    while at < len(text):
        part = _FACET.match(text, at)
        if part is None:
            raise QueryRefused("facet_by: expected names of fields, such as tags,pages(short:[0,100],long:[100,]).")
        found.append(_facet(part[1], part[2], schema))
        at = part.end()
    if not 0 < len(found) <= MAX_FACETS or len({each.field for each in found}) < len(found):
        raise QueryRefused(f"facet_by: from one to {MAX_FACETS} fields, each once.")
    if sum(len(each.ranges) for each in found) > MAX_RANGES:
        raise QueryRefused(f"facet_by: {MAX_RANGES} ranges at most, of all fields together.")
    return found


def named(name: str, schema: Sequence[Field], parameter: str) -> tuple[int, Field]:
    """Return the place and the field of a name that a parameter holds. Raises QueryRefused."""
    found = fields.named(schema, name)
    if found is None:
        known = ", ".join(each.name for each in schema if each.name)
        raise QueryRefused(f"{parameter}: there is no field {name}. This collection has {known}.")
    return found


def _order(part: str, schema: Sequence[Field]) -> Order:
    read = _ORDER.fullmatch(part)
    if read is None:
        raise QueryRefused("sort_by: expected a field and asc or desc, such as pages:desc.")
    name, direction = read.groups()
    if name == TEXT_MATCH:
        if direction == "asc":
            raise QueryRefused("sort_by: _text_match goes with desc, the best match first.")
        return Order(None, is_descending=True)
    number, field = named(name, schema, "sort_by")
    if not field.sort:
        sortable = ", ".join(each.name for each in schema if each.sort)
        raise QueryRefused(f"sort_by: {name} cannot be sorted by. Fields with sort: {sortable}.")
    return Order(number, direction == "desc")


def _facet(name: str, ranges: str | None, schema: Sequence[Field]) -> Facet:
    number, field = named(name, schema, "facet_by")
    if not field.facet:
        counted = ", ".join(each.name for each in schema if each.facet)
        raise QueryRefused(f"facet_by: {name} has no facets. Fields with facet: {counted}.")
    if ranges is None:
        return Facet(number)
    if field.type not in fields.NUMBERS:
        raise QueryRefused(f"facet_by: ranges are for numbers and instants, {name} is neither.")
    return Facet(number, _ranges(ranges, field))


def _ranges(text: str, field: Field) -> list[Range]:
    found: list[Range] = []
    at = 0
    while at < len(text):
        part = _RANGE.match(text, at)
        if part is None:
            raise QueryRefused("facet_by: expected ranges such as short:[0,100],long:[100,].")
        low, high = (_end(each, field) for each in part.groups()[1:])
        found.append(Range(part[1], low, high))
        at = part.end()
    if not 0 < len(found) <= MAX_RANGES or any(each.low is each.high is None for each in found):
        raise QueryRefused(f"facet_by: from one to {MAX_RANGES} ranges, each with a lower or an upper end.")
    return found


def _end(text: str, field: Field) -> int | float | None:
    if not text.strip():
        return None
    try:
        return operands.number(field, text.strip())
    except ValueError as error:
        raise QueryRefused(f"facet_by: {field.name}: an end of a range {error}.") from error
