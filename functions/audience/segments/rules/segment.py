"""Whether one lead is in a segment: the meaning of rules. Every other engine must give the same answer. Pure."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, Final, NamedTuple

from functions.audience.segments.rules import dates, text
from functions.audience.segments.rules.facts import Facts, Order
from functions.audience.segments.rules.form import (
    Anniversary,
    Attribute,
    Begins,
    Between,
    Campaign,
    Consent,
    Contains,
    During,
    Either,
    Every,
    IsSet,
    Kind,
    Leaf,
    Metadata,
    Node,
    Not,
    OneOf,
    Orders,
    Value,
)
from shared import days

FIRST_YEAR: Final = 1900
LAST_YEAR: Final = 2199
"""Instants of other years have no anniversary."""


def holds(node: Node, facts: Facts) -> bool:
    """Return whether the lead matches."""
    if isinstance(node, Leaf):
        return _satisfies(node, _found(node.subject, facts))
    if isinstance(node, Every):
        return all(holds(each, facts) for each in node.parts)
    if isinstance(node, Either):
        return any(holds(each, facts) for each in node.parts)
    return not holds(node.part, facts)


class Reason(NamedTuple):
    """A leaf that decided, and whether it holds for the lead."""

    leaf: Leaf
    holds: bool


def reasons(node: Node, facts: Facts) -> list[Reason]:
    """Return the leaves that decided whether the lead matches.

    They are one for an AND that fails and an OR that holds, and those of all parts otherwise.
    """
    if isinstance(node, Leaf):
        return [Reason(node, holds(node, facts))]
    if isinstance(node, Not):
        return reasons(node.part, facts)
    decisive = isinstance(node, Either)
    for part in node.parts:
        if holds(part, facts) is decisive:
            return reasons(part, facts)
    return [each for part in node.parts for each in reasons(part, facts)]


Found = Sequence[Value] | None
"""The values that a test looks at; None: nothing is set."""


def _satisfies(leaf: Leaf, found: Found) -> bool:
    if isinstance(leaf.test, IsSet):
        passes = found is not None
    else:
        test = _TESTS[type(leaf.test)]
        passes = found is not None and any(test(leaf.test, each.kind, each.value) for each in found)
    return passes is not leaf.is_negated


def _found(subject: Any, facts: Facts) -> Found:
    return _FINDERS[type(subject)](subject, facts)


def _attribute(subject: Attribute, facts: Facts) -> Found:
    return _values(facts.lead.get(subject.name), subject.kind)


def _values(value: Any, kind: Kind) -> Found:
    if value is None:
        return None
    if isinstance(value, (list, tuple)):
        return [Value(kind, each) for each in value] or None
    return [Value(kind, value)]


def _metadata(subject: Metadata, facts: Facts) -> Found:
    value: Any = facts.lead.get("metadata")
    for key in subject.keys:
        value = value.get(key) if isinstance(value, Mapping) else None
    if value is None or value == []:
        return None
    several = value if isinstance(value, list) else [value]
    return [found for found in map(_scalar, several) if found is not None]


def _scalar(value: Any) -> Value | None:
    """Return a value of metadata; an object, a list in a list or null is set, and equal to nothing."""
    if isinstance(value, bool):
        return Value("truth", value)
    if isinstance(value, str):
        return Value("text", value)
    if isinstance(value, (int, Decimal)):
        return Value("number", value)
    return Value("number", Decimal(repr(value))) if isinstance(value, float) else None


def _consent(subject: Consent, facts: Facts) -> Found:
    return _values((facts.lead.get("consent") or {}).get(subject.subject), "text")


def _campaign(subject: Campaign, facts: Facts) -> Found:
    if subject.campaign_id is None:
        messages = list(facts.campaigns.values())
    else:
        messages = [facts.campaigns.get(subject.campaign_id, {})]
    happened = (each.get(subject.happening) for each in messages)
    return [Value("instant", instant) for instant in happened if instant is not None] or None


def _orders(subject: Orders, facts: Facts) -> Found:
    asked = [each for each in facts.orders if _counts(subject, each)]
    if subject.measure == "last_at":
        return _values(max((each.ordered_at for each in asked), default=None), "instant")
    if subject.measure == "count":
        return [Value("number", len(asked))]
    return [Value("number", sum(each.amount_minor_units for each in asked))]


def _counts(subject: Orders, order: Order) -> bool:
    window = subject.window
    if window is not None and not window.start <= order.ordered_at < window.end:
        return False
    if subject.where is None:
        return True
    seen = {"amount": order.amount_minor_units, "ordered_at": order.ordered_at, "items.sku": order.skus}
    return holds(subject.where, Facts(seen))


_FINDERS: Final[Mapping[type, Callable[[Any, Facts], Found]]] = {
    Attribute: _attribute,
    Metadata: _metadata,
    Consent: _consent,
    Campaign: _campaign,
    Orders: _orders,
}


def _one_of(test: OneOf, kind: Kind, value: Any) -> bool:
    return (kind, value) in test.values


def _between(test: Between, kind: Kind, value: Any) -> bool:
    if kind != test.kind:
        return False
    low, high = test.low, test.high
    is_above = low is None or value > low or (test.with_low and value == low)
    return is_above and (high is None or value < high or (test.with_high and value == high))


def _contains(test: Contains, kind: Kind, value: Any) -> bool:
    return kind == "text" and test.folded in text.fold(value)


def _begins(test: Begins, kind: Kind, value: Any) -> bool:
    return kind == "text" and text.fold(value).startswith(test.folded)


def _during(test: During, kind: Kind, value: Any) -> bool:
    moment = _moment(kind, value)
    if isinstance(moment, date):
        return test.first <= dates.number_of(moment) <= test.last
    return moment is not None and test.window.start <= moment < test.window.end


def _anniversary(test: Anniversary, kind: Kind, value: Any) -> bool:
    moment = _moment(kind, value)
    if moment is None:
        return False
    if isinstance(moment, date):
        return dates.day_of_year(moment) in test.days
    day = days.day_of(moment, test.time_zone)
    return FIRST_YEAR <= day.year <= LAST_YEAR and dates.day_of_year(day) in test.days


def _moment(kind: Kind, value: Any) -> Any:
    """Return an instant, a day without a time, or None for what is no date."""
    if kind == "instant":
        return value
    return dates.written(value) if kind == "text" else None


_TESTS: Final[Mapping[type, Callable[[Any, Kind, Any], bool]]] = {
    OneOf: _one_of,
    Between: _between,
    Contains: _contains,
    Begins: _begins,
    During: _during,
    Anniversary: _anniversary,
}
