"""The fields that rules compare, and which operators each of them has. Pure."""

import re
from collections.abc import Callable, Mapping
from typing import Final, Literal, NamedTuple

from functions.audience.segments.rules import text
from functions.audience.segments.rules.form import (
    Attribute,
    Campaign,
    Consent,
    Kind,
    Measure,
    Metadata,
    Orders,
    Subject,
)

Type = Literal["text", "texts", "number", "money", "date", "any", "segment"]

MAX_CHARACTERS: Final = 256
ANY_CAMPAIGN: Final = "any"
SEGMENT: Final = "segment"

_SETTING: Final = frozenset({"IS_SET", "IS_NOT_SET"})
_EQUALITY: Final = frozenset({"=", "!="})
_CHOICE: Final = _EQUALITY | {"IN", "NOT_IN"} | _SETTING
_ORDER: Final = frozenset({">", "<", ">=", "<=", "BETWEEN"})
_WORDING: Final = frozenset({"CONTAINS", "NOT_CONTAINS", "BEGINS_WITH"})
_CALENDAR: Final = frozenset({"ON", "WITHIN", "ANNIVERSARY"})

OPERATORS: Final[Mapping[Type, frozenset[str]]] = {
    "text": _CHOICE | _ORDER | _WORDING,
    "texts": _CHOICE | _WORDING,
    "number": _CHOICE | _ORDER,
    "money": _CHOICE | _ORDER,
    "date": _CHOICE | _ORDER | _CALENDAR,
    "any": _CHOICE | _ORDER | _WORDING | _CALENDAR,
    "segment": _EQUALITY,
}
ALL_OPERATORS: Final = frozenset[str]().union(*OPERATORS.values())
WITHOUT_VALUE: Final = _SETTING

KINDS: Final[Mapping[Type, Kind]] = {
    "text": "text",
    "texts": "text",
    "number": "number",
    "money": "number",
    "date": "instant",
}


class Field(NamedTuple):
    """A field: the type of its values, and where an engine finds them. A segment is inlined and has no subject."""

    type: Type
    subject: Subject | None


Fields = Callable[[str], Field | None]

_LEAD: Final[Mapping[str, Type]] = {
    "external_id": "text",
    "name": "text",
    "emails": "texts",
    "phones": "texts",
    "tags": "texts",
    "status": "text",
    "locale": "text",
    "time_zone": "text",
    "total_spend": "money",
    "order_count": "number",
    "visits": "number",
    "last_order_at": "date",
    "last_visit_at": "date",
    "created_at": "date",
    "updated_at": "date",
    "bucket": "number",
}
_ORDERS: Final[Mapping[str, tuple[Measure, Type]]] = {
    "orders.count": ("count", "number"),
    "orders.sum": ("sum", "money"),
    "orders.last_at": ("last_at", "date"),
}
_ORDER_FIELDS: Final[Mapping[str, Type]] = {"amount": "money", "ordered_at": "date", "items.sku": "texts"}

# Metadata are nested four levels deep, and a key with a dot in it is out of reach.
_METADATA: Final = re.compile(r"metadata((?:\.[^.\x00-\x1f\ud800-\udfff]+){1,4})")
# By channel, or by channel and topic.
_CONSENT: Final = re.compile(r"consent\.([a-z]{1,40}(?:/[a-z0-9_-]{1,40})?)")
_CAMPAIGN: Final = re.compile(r"campaign\.(\w{1,64})\.(sent|delivered|opened|clicked)_at", re.ASCII)


def of_lead(name: str) -> Field | None:
    """Return the field of a lead, None if there is none of this name."""
    if len(name) > MAX_CHARACTERS:
        return None
    if name == SEGMENT:
        return Field("segment", None)
    if name in _LEAD:
        return _attribute(name, _LEAD[name])
    if name in _ORDERS:
        measure, its_type = _ORDERS[name]
        return Field(its_type, Orders(measure, where=None, window=None))
    return _patterned(name)


def of_order(name: str) -> Field | None:
    """Return the field of an order, as `where` compares it, None if there is none of this name."""
    return _attribute(name, _ORDER_FIELDS[name]) if name in _ORDER_FIELDS else None


def _attribute(name: str, its_type: Type) -> Field:
    return Field(its_type, Attribute(name, KINDS[its_type]))


def _patterned(name: str) -> Field | None:
    found = _METADATA.fullmatch(name)
    if found:
        return Field("any", Metadata(tuple(text.normal(found[1][1:]).split("."))))
    found = _CONSENT.fullmatch(name)
    if found:
        return Field("text", Consent(found[1]))
    found = _CAMPAIGN.fullmatch(name)
    if found:
        return Field("date", Campaign(None if found[1] == ANY_CAMPAIGN else found[1], f"{found[2]}_at"))
    return None
