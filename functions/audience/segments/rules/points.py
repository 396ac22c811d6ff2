"""What a lead may have in each place that a rule asks for: values on both sides of the rule's literals. Pure.

A place is what a lead has one value of, or one list: an attribute, a name of metadata, a consent, a happening of a
campaign, or all its orders together. Values are those that a lead can have: a count is not negative, an address of
e-mail has an `@`, and no lead was created tomorrow.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final, NamedTuple

from functions.audience.segments.rules import literals_of
from functions.audience.segments.rules.facts import Facts, Order
from functions.audience.segments.rules.form import (
    Attribute,
    Consent,
    Leaf,
    Metadata,
    Orders,
    Subject,
    leaves,
)
from shared import instants
from shared.instants import Instant

FIRST: Final = instants.from_rfc3339("2026-01-01T00:00:00Z")
"""No lead was created before this."""
_MOST_VALUES: Final = 600
_MOST_ORDERS: Final = 100
_SOME: Final = 8
_LISTS: Final = {"emails": 15, "phones": 15, "tags": 50}
_COUNTS: Final = frozenset({"order_count", "visits"})
_KEPT_BY_US: Final = frozenset({"created_at", "updated_at"})
_MEASURES: Final = frozenset({"orders_count", "orders_sum", "orders_last_at"})
_EMAIL: Final = re.compile(r"[^@\s]+@[^@\s.]+(\.[^@\s.]+)+")
_PHONE: Final = re.compile(r"\+[1-9]\d{6,14}", re.ASCII)
_MOST_IN_LIST: Final = 50

Place = tuple[str, ...]
_ORDERS: Final[Place] = ("orders",)


class Values(NamedTuple):
    """What may stand in a place: None or an empty list where it is not set; `most` elements where it has a list."""

    values: Sequence[Any]
    most: int = 0


def place_of(subject: Subject) -> Place:
    """Return the place that a leaf looks at."""
    if isinstance(subject, Orders) or (isinstance(subject, Attribute) and subject.name in _MEASURES):
        return _ORDERS
    if isinstance(subject, Attribute):
        return ("lead", subject.name)
    if isinstance(subject, Metadata):
        return ("metadata", *subject.keys)
    if isinstance(subject, Consent):
        return ("consent", subject.subject)
    return ("campaign", subject.campaign_id or "", subject.happening)


def places(found: Iterable[Leaf], *, now: Instant) -> Mapping[Place, Values]:
    """Return the places that leaves look at, with what may stand there at `now`."""
    asked = defaultdict[Place, list[Leaf]](list)
    for leaf in found:
        asked[place_of(leaf.subject)].append(leaf)
    return {place: _values(place, several, now) for place, several in asked.items()}


def facts(values: Mapping[Place, Any]) -> Facts:
    """Return a lead that has these values in its places, and nothing besides."""
    lead: dict[str, Any] = {"metadata": {}, "consent": {}, "orders_count": 0, "orders_sum": 0}
    orders: Sequence[Order] = ()
    campaigns = defaultdict[str, dict[str, Instant]](dict)
    for (family, *names), value in sorted(values.items()):
        if family == "orders":
            orders = value
            lead |= _measured(orders)
        elif family == "lead":
            lead[names[0]] = value
        elif family == "consent":
            lead["consent"][names[0]] = value
        elif family == "metadata":
            _put(lead["metadata"], names, value)
        else:
            for number, instant in enumerate(value):
                campaigns[names[0] or f"another {number}"][names[1]] = instant
    return Facts(lead, orders, campaigns)


def may_be(values: Mapping[Place, Any]) -> bool:
    """Return whether one lead can have all these values: none was changed before it was created."""
    created, updated = (values.get(("lead", each)) for each in ("created_at", "updated_at"))
    return created is None or updated is None or created <= updated


def _values(place: Place, asked: Sequence[Leaf], now: Instant) -> Values:
    family, *names = place
    if family == "orders":
        return Values(list(_order_lists(asked, now)))
    if family == "consent":
        return Values([None, "granted", "pending", "denied"])
    if family == "metadata":
        elements = [
            *literals_of.texts(asked),
            *literals_of.decimals(asked),
            *literals_of.dates(asked, now),
            True,
            False,
        ]
        return Values([(), *((each,) for each in _distinct(elements)), ({},)], most=_MOST_IN_LIST)
    if family == "campaign":
        happened = [each for each in literals_of.moments(asked, now) if FIRST <= each <= now]
        return Values([(), *((each,) for each in _distinct(happened))], most=0 if names[0] else _MOST_IN_LIST)
    return _of_lead(names[0], asked, now)


def _of_lead(name: str, asked: Sequence[Leaf], now: Instant) -> Values:
    if name in _LISTS:
        return Values([(), *((each,) for each in _distinct(_listed(name, asked)))], most=_LISTS[name])
    if name == "bucket":
        return Values(range(100))
    if name in _KEPT_BY_US:
        return Values(_distinct(each for each in literals_of.moments(asked, now) if FIRST <= each <= now))
    kind = asked[0].subject.kind if isinstance(asked[0].subject, Attribute) else "text"
    if kind == "instant":
        return Values([None, *_distinct(literals_of.moments(asked, now))])
    if kind == "number":
        whole = _distinct(literals_of.whole(asked))
        return Values([each for each in whole if each >= 0 or name not in _COUNTS])
    return Values([None, *_distinct(each for each in literals_of.texts(asked) if each)])


def _listed(name: str, asked: Sequence[Leaf]) -> Iterator[str]:
    """Yield elements of a list of texts that it can have."""
    for written in literals_of.texts(asked):
        if name == "tags":
            yield from [written] if written else []
            continue
        around = _MAILS if name == "emails" else _NUMBERS
        for each in (before + written + after for before, after in around):
            if (_EMAIL if name == "emails" else _PHONE).fullmatch(each) and each == each.lower():
                yield each


_MAILS: Final = [("", ""), ("x", ""), ("x@", ""), ("x@", ".example"), ("", "@example.org"), ("", "example.org")]
_NUMBERS: Final = [
    ("", ""),
    ("+", ""),
    ("", "0000000"),
    ("+", "0000000"),
    ("+447", ""),
    ("+4479460", ""),
    ("+447", "00"),
]


def _order_lists(asked: Sequence[Leaf], now: Instant) -> Iterator[Sequence[Order]]:
    """Yield orders of a lead: none, one of each kind that the rule tells apart, and as many as it counts."""
    yield ()
    inner = [leaf for each in asked if isinstance(each.subject, Orders) and each.subject.where is not None
             for leaf in leaves(each.subject.where)]  # fmt: skip
    by_name = defaultdict[str, list[Leaf]](list)
    for leaf in inner:
        if isinstance(leaf.subject, Attribute):
            by_name[leaf.subject.name].append(leaf)
    amounts = _distinct([0, *literals_of.beside_whole(by_name["amount"]), *literals_of.beside_whole(asked)])
    windows = [each.subject.window for each in asked if isinstance(each.subject, Orders) and each.subject.window]
    edges = [edge for each in windows for edge in (each.start, each.start - 1, each.end - 1)]
    at = _distinct([now, *edges, *literals_of.moments(by_name["ordered_at"], now), *literals_of.moments(asked, now)])
    skus = _distinct([(), *((each,) for each in literals_of.beside_texts(by_name["items.sku"])), ("zzz",)])
    kinds = [Order(amount, when, sku) for sku in skus[:_SOME] for when in at[:_SOME] for amount in amounts[:_SOME]]
    yield from ((each,) for each in kinds)
    numbers = {each for each in literals_of.beside_whole(asked) if 2 <= each <= _MOST_ORDERS}
    yield from (
        (each,) * number for number in sorted(numbers)[:_SOME] for each in kinds[:: max(1, len(kinds) // _SOME)]
    )


def _measured(orders: Sequence[Order]) -> dict[str, Any]:
    return {
        "orders_count": len(orders),
        "orders_sum": sum(each.amount_minor_units for each in orders),
        "orders_last_at": max((each.ordered_at for each in orders), default=None),
    }


def _put(metadata: dict[str, Any], keys: Sequence[str], value: Sequence[Any]) -> None:
    """Put a value under its keys, instead of what stands in the way."""
    *above, last = keys
    for key in above:
        inner = metadata.get(key)
        metadata[key] = metadata = inner if isinstance(inner, dict) else {}
    metadata[last] = value[0] if len(value) == 1 else list(value)


def _distinct(values: Iterable[Any]) -> list[Any]:
    """Return the first values, each once; true is another one than 1."""
    return list({(type(each) is bool, each): each for each in values}.values())[:_MOST_VALUES]
