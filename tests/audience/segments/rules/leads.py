"""Leads as rules see them, from the way the vectors and the tests write them."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

import pytest

from functions.audience.segments.rules import rule, segment
from functions.audience.segments.rules.facts import Facts, Order
from functions.audience.segments.rules.form import Form
from functions.audience.segments.rules.refusals import RuleRefused
from functions.audience.segments.rules.rule import Rule
from shared import instants
from shared.instants import Instant

NOW = instants.from_rfc3339("2026-06-15T12:00:00Z")
DECIMALS = 2
DATES = ("last_order_at", "last_visit_at", "created_at")


def lead(
    *,
    orders: list[Order] | None = None,
    campaigns: Mapping[str, Mapping[str, Instant]] | None = None,
    **written: Any,
) -> Facts:
    """Return a lead whose spend is in units of the currency and whose dates are timestamps."""
    found = dict(written)
    if found.get("total_spend") is not None:
        found["total_spend"] = int(Decimal(repr(found["total_spend"])).scaleb(DECIMALS))
    for name in DATES:
        if found.get(name) is not None:
            found[name] = instants.from_rfc3339(found[name])
    placed = orders or []
    return Facts({**found, **measures(placed)}, placed, campaigns or {})


def measures(orders: Sequence[Order]) -> dict[str, Any]:
    """Return what is kept of orders with their lead."""
    return {
        "orders_count": len(orders),
        "orders_sum": sum(each.amount_minor_units for each in orders),
        "orders_last_at": max((each.ordered_at for each in orders), default=None),
    }


def order(amount: int, ordered_at: str, *skus: str) -> Order:
    """Return an order of so many minor units."""
    return Order(amount, instants.from_rfc3339(ordered_at), skus)


def condition(field: str, operator: str, *value: Any, **more: Any) -> dict[str, Any]:
    """Return a condition; one without a value if none is given."""
    found = {"type": "condition", "field": field, "operator": operator, **more}
    return {**found, "value": value[0]} if value else found


def both(*children: Any) -> dict[str, Any]:
    """Return a node that all children must satisfy."""
    return {"op": "AND", "children": list(children)}


def either(*children: Any) -> dict[str, Any]:
    """Return a node that one of the children must satisfy."""
    return {"op": "OR", "children": list(children)}


def no(child: Any) -> dict[str, Any]:
    """Return a node that the child must not satisfy."""
    return {"op": "NOT", "children": [child]}


def read(
    tree: Any,
    *,
    time_zone: str = "UTC",
    now: Instant = NOW,
    segments: Mapping[str, Rule] | None = None,
    segment_id: str | None = None,
) -> Form:
    """Return the form of a tree."""
    return rule.read(Rule(tree, time_zone), now=now, decimals=DECIMALS, segments=segments or {}, segment_id=segment_id)


def matches(tree: Any, facts: Facts, *, time_zone: str = "UTC", now: Instant = NOW) -> bool:
    """Return whether the lead matches the tree."""
    return segment.holds(read(tree, time_zone=time_zone, now=now).node, facts)


def refused(tree: Any, **more: Any) -> tuple[str, str]:
    """Return the code and the path with which a tree is refused."""
    with pytest.raises(RuleRefused) as caught:
        read(tree, **more)
    return caught.value.fault, caught.value.path


def nested(levels: int) -> Any:
    """Return a condition below so many NOTs; it is built without recursion."""
    tree: Any = condition("total_spend", ">", 1000)
    for _ in range(levels):
        tree = no(tree)
    return tree
