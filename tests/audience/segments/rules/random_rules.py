"""Random rules and leads, which meet often: both draw their values from the same small sets."""

import random
from collections.abc import Callable, Mapping
from typing import Any, Final

from functions.audience.segments.rules.facts import Facts, Order
from shared import instants
from tests.audience.segments.rules.leads import NOW, measures

TEXTS: Final = [
    "", "a", "A", "ann", "Ann Müller", "ANN MÜLLER", "İ", "i̇", "I", "\u0131", "ß", "SS", "ss", "ς", "Σ", "\u03c3", "é",
    "e\u0301", "👩‍👩‍👧", "👍🏽", "a.b(c", ".*", "%", "_", "$where", "\\", "'", '"', "\n", "30 days ago", "2026-06-14",
    "1990-06-15", "1992-02-29", "2026-02-28T23:30:00-05:00", "2026-06-15T00:30:00Z", "3",
    "true", "\uffff", "𐀀", "Ǆ", "ﬁ", "\u017f", "K",
]  # fmt: skip
NUMBERS: Final = [
    0, 1, 3, -1, 99, 0.1, 0.2, 0.3, 0.1 + 0.2, 1e-7, 1e21, -0.0, 2.5, 2**53 - 1, 2**53, 2**53 + 1, -(2**53),
    10**30, 0.005, 1.15,
]  # fmt: skip
STORED_NUMBERS: Final = [0, 1, 3, -1, 99, 0.1, 0.2, 0.3, 0.1 + 0.2, 1e-7, 1e21, -0.0, 2.5, 2**53 - 1, -(2**53) + 1]
DATES: Final = [
    "2026-06-15", "2026-06-14", "2026-03-29", "2026-10-25", "1992-02-29", "2026-02-28", "2026-06-15T12:00:00Z",
    "2026-06-15T12:00:00.001Z", "2026-06-14T22:30:00Z", "1899-06-15T12:00:00Z", "2199-06-15T12:00:00Z", "0 days ago",
    "1 day ago", "3 months ago", "1 year ago", "36 hours ago", "0001-01-01", "9999-12-31",
]  # fmt: skip
SPANS: Final = ["1 minute", "36 hours", "1 day", "7 days", "3 months", "10 years", "0 days"]
STORED_DATES: Final = [
    instants.from_rfc3339(text)
    for text in [
        "2026-06-15T12:00:00Z", "2026-06-15T12:00:00.001Z", "2026-06-15T11:59:59.999Z", "2026-06-15T00:00:00Z",
        "2026-06-14T22:00:00Z", "2026-06-14T23:59:59.999Z", "2026-03-15T12:00:00Z", "2025-06-15T12:00:00Z",
        "2026-03-29T01:30:00Z", "2026-10-25T00:30:00Z", "2026-10-25T01:30:00Z", "1992-02-29T12:00:00Z",
        "2024-02-28T23:30:00Z",
        "1899-06-15T12:00:00Z", "1900-06-15T12:00:00Z", "2199-06-15T12:00:00Z", "2200-06-15T12:00:00Z",
        "0001-01-01T00:00:00Z", "9999-12-31T23:59:59.999Z", "2025-12-31T23:30:00Z", "2026-01-01T00:30:00Z",
    ]
]  # fmt: skip
ZONES: Final = ["UTC", "Europe/Berlin", "America/New_York", "Asia/Kathmandu", "Pacific/Apia", "Pacific/Kiritimati"]
NOWS: Final = [NOW, *(instants.from_rfc3339(text) for text in ["2028-02-28T23:30:00Z", "2026-03-29T00:59:00Z"])]
SKUS: Final = ["tea", "TEA", "ß", "İ"]

_TYPES: Final[Mapping[str, str]] = {
    "external_id": "text", "name": "text", "status": "text", "emails": "texts", "tags": "texts", "phones": "texts",
    "total_spend": "number", "order_count": "number", "visits": "number", "bucket": "number", "last_order_at": "date",
    "last_visit_at": "date", "created_at": "date", "metadata.a": "any", "metadata.b.c": "any", "metadata.b": "any",
    "orders.count": "number", "orders.sum": "number", "orders.last_at": "date", "campaign.x.sent_at": "date",
    "campaign.any.opened_at": "date", "campaign.y.opened_at": "date",
}  # fmt: skip
_WHERE_TYPES: Final[Mapping[str, str]] = {"amount": "number", "ordered_at": "date", "items.sku": "texts"}
_ORDER_OPERATORS: Final = ["=", "!=", ">", "<", ">=", "<=", "IN", "NOT_IN", "BETWEEN", "IS_SET", "IS_NOT_SET", "null"]
_OPERATORS: Final[Mapping[str, list[str]]] = {
    "text": [*_ORDER_OPERATORS, "CONTAINS", "NOT_CONTAINS", "BEGINS_WITH"],
    "texts": ["=", "!=", "IN", "NOT_IN", "CONTAINS", "NOT_CONTAINS", "BEGINS_WITH", "IS_SET", "IS_NOT_SET", "null"],
    "number": _ORDER_OPERATORS,
    "date": [*_ORDER_OPERATORS, "ON", "WITHIN", "ANNIVERSARY"],
    "any": [*_ORDER_OPERATORS, "CONTAINS", "NOT_CONTAINS", "BEGINS_WITH", "ON", "WITHIN", "ANNIVERSARY"],
}


class Random:
    """Draws rules and leads from a seed."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)  # noqa: S311 - a seed makes the same rules again

    def tree(self, depth: int = 4) -> Any:
        """Return a valid tree."""
        return self._node(depth, self._lead_condition)

    def leaf(self) -> Any:
        """Return a valid tree of one condition."""
        return self._lead_condition()

    def facts(self, number: int) -> Facts:
        """Return a lead, of which much is missing, null or empty."""
        orders = [self._order() for _ in range(self._random.choice([0, 0, 1, 3]))]
        lead = {
            **{name: self._random.choice(TEXTS) for name in ("external_id", "name", "status")},
            **{name: self._several(TEXTS) for name in ("emails", "tags", "phones")},
            **{name: self._random.choice(STORED_DATES) for name in ("last_order_at", "last_visit_at", "created_at")},
            "total_spend": self._random.choice([0, 1, 100, 115, 30, -5, 2**53 - 1]),
            "order_count": len(orders),
            "visits": self._random.choice([0, 1, 3, 99, 2**53 - 1]),
            "bucket": self._random.randrange(100),
            "metadata": {"a": self._anything(), "b": self._random.choice([{"c": self._anything()}, self._anything()])},
        }
        kept = {name: value for name, value in lead.items() if name == "bucket" or self._random.random() < 0.7}
        nulled = {name: None for name in lead if name not in kept and self._random.random() < 0.5}
        return Facts({"lead_id": f"lead_{number}", **kept, **nulled, **measures(orders)}, orders, self._campaigns())

    def zone(self) -> str:
        """Return a time zone."""
        return self._random.choice(ZONES)

    def now(self) -> int:
        """Return an instant."""
        return self._random.choice(NOWS)

    def _node(self, depth: int, condition: Callable[[], Any]) -> Any:
        kind = self._random.random()
        if depth <= 1 or kind < 0.4:
            return condition()
        if kind < 0.55:
            return {"op": "NOT", "children": [self._node(depth - 1, condition)]}
        children = [self._node(depth - 1, condition) for _ in range(self._random.choice([0, 1, 2, 2, 3]))]
        return {"op": self._random.choice(["AND", "OR"]), "children": children}

    def _lead_condition(self) -> Any:
        name = self._random.choice(list(_TYPES))
        found = self._condition(name, _TYPES[name])
        if name.startswith("orders."):
            if self._random.random() < 0.4:
                found["within"] = self._random.choice(SPANS)
            if self._random.random() < 0.5:
                found["where"] = self._node(2, self._order_condition)
        return found

    def _order_condition(self) -> Any:
        name = self._random.choice(list(_WHERE_TYPES))
        return self._condition(name, _WHERE_TYPES[name])

    def _condition(self, name: str, its_type: str) -> Any:
        operator = self._random.choice(_OPERATORS[its_type])
        if operator == "null":
            written: dict[str, Any] = {"operator": self._random.choice(["=", "!="]), "value": None}
        elif operator in {"IS_SET", "IS_NOT_SET"}:
            written = {"operator": operator}
        else:
            written = {"operator": operator, "value": self._value(operator, its_type, name)}
        return {"type": "condition", "field": name, **written}

    def _value(self, operator: str, its_type: str, name: str) -> Any:
        if operator == "ANNIVERSARY":
            return self._random.choice([0, 0, 1, -1, 200])
        if operator == "WITHIN":
            return self._random.choice(SPANS)
        if operator == "ON":
            return self._random.choice(DATES)
        if operator in {"CONTAINS", "NOT_CONTAINS", "BEGINS_WITH"}:
            return self._random.choice(SKUS if name == "items.sku" else TEXTS)
        if operator in {"IN", "NOT_IN"} or (operator in {"=", "!="} and its_type == "texts" and self._is_likely()):
            return [self._literal(its_type) for _ in range(self._random.randint(1, 4))]
        if operator == "BETWEEN":
            kind = self._random.choice(["text", "number"]) if its_type == "any" else its_type
            return [self._literal(kind), self._literal(kind)]
        ordered = operator in {">", "<", ">=", "<="} and its_type == "any"
        return self._literal(self._random.choice(["text", "number"]) if ordered else its_type)

    def _literal(self, its_type: str) -> Any:
        if its_type == "any":
            its_type = self._random.choice(["text", "number", "truth"])
        drawn = {"text": TEXTS, "texts": [*TEXTS, *SKUS], "number": NUMBERS, "date": DATES, "truth": [True, False]}
        return self._random.choice(drawn[its_type])

    def _is_likely(self) -> bool:
        return self._random.random() < 0.5

    def _several(self, drawn: list[str]) -> list[str]:
        return [self._random.choice(drawn) for _ in range(self._random.choice([0, 1, 2, 3]))]

    def _scalar(self) -> Any:
        return self._random.choice([self._random.choice(TEXTS), self._random.choice(STORED_NUMBERS), True, False, None])

    def _anything(self) -> Any:
        several = [self._scalar() for _ in range(self._random.choice([0, 1, 3]))]
        return self._random.choice([self._scalar(), self._scalar(), several, {}, {"d": 1}, [["x"]]])

    def _order(self) -> Order:
        skus = tuple(self._several(SKUS))
        return Order(self._random.choice([0, 1, 100, 115, 30]), self._random.choice(STORED_DATES), skus)

    def _campaigns(self) -> dict[str, dict[str, int]]:
        happenings = ("sent_at", "opened_at")
        return {
            campaign: {each: self._random.choice(STORED_DATES) for each in happenings if self._is_likely()}
            for campaign in ("x", "y")
            if self._is_likely()
        }
