"""A lead as a row of a file: its facts in columns, with everything beside them that SQL could not work out alike. Pure.

SQL folds case otherwise than Python, compares whole numbers with fractions by rounding, and reads dates its own way. So
each text has a folded copy, numbers of metadata are the same doubles that JSON has, and dates are read when the row is
made.
"""

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any, Final

from functions.audience.segments.rules import dates, text
from functions.audience.segments.rules.facts import Facts, Order

TEXTS: Final = ("external_id", "name", "status", "locale", "time_zone")
LISTS: Final = ("emails", "phones", "tags")
NUMBERS: Final = ("total_spend", "order_count", "visits", "bucket", "orders_count", "orders_sum")
DATES: Final = ("last_order_at", "last_visit_at", "created_at", "updated_at", "orders_last_at")
HAPPENINGS: Final = ("sent_at", "delivered_at", "opened_at", "clicked_at")

_ITEM: Final = "text VARCHAR, folded VARCHAR, number DOUBLE, truth BOOLEAN, instant BIGINT, day INTEGER"
_ORDER: Final = "amount BIGINT, ordered_at BIGINT, skus VARCHAR[], skus_folded VARCHAR[]"

TYPES: Final[Mapping[str, str]] = {
    "lead_id": "VARCHAR",
    **{name: "VARCHAR" for each in TEXTS for name in (each, f"{each}_folded")},
    **{name: "VARCHAR[]" for each in LISTS for name in (each, f"{each}_folded")},
    **dict.fromkeys(NUMBERS + DATES, "BIGINT"),
    "consent": "MAP(VARCHAR, VARCHAR)",
    "metadata": f"MAP(VARCHAR, STRUCT({_ITEM})[])",
    "orders": f"STRUCT({_ORDER})[]",
    "campaigns": f"MAP(VARCHAR, STRUCT({', '.join(f'{each} BIGINT' for each in HAPPENINGS)}))",
}
"""The columns of a file of leads, and their types."""


def row(facts: Facts) -> dict[str, Any]:
    """Return the row of a lead; what is not set is None."""
    lead = facts.lead
    found: dict[str, Any] = {"lead_id": lead.get("lead_id")}
    for name in TEXTS:
        found[name] = lead.get(name)
        found[f"{name}_folded"] = None if found[name] is None else text.fold(found[name])
    for name in LISTS:
        found[name] = list(lead.get(name) or ()) or None
        found[f"{name}_folded"] = None if found[name] is None else [text.fold(each) for each in found[name]]
    found |= {name: lead.get(name) for name in NUMBERS + DATES}
    found["consent"] = dict(lead.get("consent") or {})
    found["metadata"] = dict(_flat("", lead.get("metadata") or {}))
    found["orders"] = [_order(each) for each in facts.orders]
    found["campaigns"] = {
        campaign: {name: happened.get(name) for name in HAPPENINGS} for campaign, happened in facts.campaigns.items()
    }
    return found


def _flat(path: str, value: Mapping[str, Any]) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """Yield what is set in metadata by its path, as the list of its scalars; a key with a dot is out of reach."""
    for key, each in value.items():
        if each is None or each == [] or "." in key:
            continue
        several = each if isinstance(each, list) else [each]
        yield f"{path}{key}", [item for item in map(_item, several) if item is not None]
        if isinstance(each, Mapping):
            yield from _flat(f"{path}{key}.", each)


def _item(value: Any) -> dict[str, Any] | None:
    found: dict[str, Any] = dict.fromkeys(("text", "folded", "number", "truth", "instant", "day"))
    if isinstance(value, bool):
        return found | {"truth": value}
    if isinstance(value, (int, float, Decimal)):
        # There is one zero: -0.0 is equal to it, and has other bits.
        return found | {"number": float(value) + 0.0}
    if not isinstance(value, str):
        return None
    moment = dates.written(value)
    day = dates.number_of(moment) if isinstance(moment, date) else None
    instant = None if isinstance(moment, date) else moment
    return found | {"text": value, "folded": text.fold(value), "instant": instant, "day": day}


def _order(order: Order) -> dict[str, Any]:
    return {
        "amount": order.amount_minor_units,
        "ordered_at": order.ordered_at,
        "skus": list(order.skus),
        "skus_folded": [text.fold(each) for each in order.skus],
    }
