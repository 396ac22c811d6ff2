"""What conditions mean for one lead."""

from decimal import Decimal
from typing import Any

import pytest

from functions.audience.segments.rules import segment
from functions.audience.segments.rules.rule import Rule
from shared import instants
from tests.audience.segments.rules.leads import both, condition, either, lead, matches, no, order, read

ANN = lead(
    name="Ann Müller",
    emails=["ann@example.com", "ann@work.example"],
    tags=["vip"],
    total_spend=1000.10,
    visits=3,
    last_order_at="2026-06-01T08:00:00Z",
    metadata={
        "plan": "gold",
        "seats": 3,
        "ratio": 0.3,
        "trial": True,
        "none": None,
        "empty": [],
        "nothing": [None],
        "object": {},
        "langs": ["de", "en", 7],
        "address": {"city": "Köln", "geo": {"lat": {"deg": 50}}},
        "born": "1990-06-20",
        "signed": "2026-06-14T22:30:00Z",
    },
)
NOBODY = lead(name=None, emails=[], metadata={"plan": None})


@pytest.mark.parametrize(
    ("field", "operator", "value", "expected"),
    [
        ("name", "=", "Ann Müller", True),
        ("name", "=", "ann müller", False),
        ("name", "BEGINS_WITH", "ANN", True),
        ("name", "BEGINS_WITH", "Müller", False),
        ("name", "CONTAINS", "", True),
        ("name", ">", "Ann", True),
        ("name", "BETWEEN", ["Ann", "Anz"], True),
        ("emails", "BEGINS_WITH", "ANN@WORK", True),
        ("emails", "!=", ["x@example.com", "ann@work.example"], False),
        ("total_spend", "=", 1000.1, True),
        ("total_spend", ">", 1000.095, True),
        ("total_spend", ">=", 1000.104, False),
        ("total_spend", "BETWEEN", [1000.1, 2000], True),
        ("total_spend", "BETWEEN", [2000, 1000], False),
        ("total_spend", "IN", [5, 1000.1], True),
        ("metadata.plan", "=", "gold", True),
        ("metadata.plan", "!=", "silver", True),
        ("metadata.plan", ">", "go", True),
        ("metadata.seats", "=", 3, True),
        ("metadata.seats", "=", 3.0, True),
        ("metadata.seats", "=", "3", False),
        ("metadata.seats", "!=", "3", True),
        ("metadata.seats", ">", "1", False),
        ("metadata.seats", "<=", "9", False),
        ("metadata.seats", "CONTAINS", "3", False),
        ("metadata.seats", "NOT_CONTAINS", "3", True),
        ("metadata.trial", "=", True, True),
        ("metadata.trial", "=", 1, False),
        ("metadata.trial", "IN", [1, False], False),
        ("metadata.trial", "IN", ["x", True], True),
        ("metadata.seats", "=", True, False),
        ("metadata.ratio", "=", 0.1 + 0.2, False),
        ("metadata.ratio", "<", 0.1 + 0.2, True),
        ("metadata.ratio", "=", 0.3, True),
        ("metadata.none", "=", None, True),
        ("metadata.empty", "=", None, True),
        ("metadata.nothing", "=", None, False),
        ("metadata.nothing", "!=", "x", True),
        ("metadata.object", "!=", None, True),
        ("metadata.object", "=", "x", False),
        ("metadata.langs", "=", "en", True),
        ("metadata.langs", ">", 6, True),
        ("metadata.langs", "NOT_IN", ["en", "fr"], False),
        ("metadata.address.city", "CONTAINS", "KÖLN", True),
        ("metadata.address.geo.lat", "!=", None, True),
        ("metadata.address.geo.lat.deg", "=", 50, True),
        ("metadata.plan.gold", "=", None, True),
        ("metadata.born", "ANNIVERSARY", 5, True),
        ("metadata.born", "ANNIVERSARY", 4, False),
        ("metadata.born", "ON", "1990-06-20", True),
        ("metadata.signed", "ON", "1 day ago", True),
        ("metadata.signed", "WITHIN", "14 hours", True),
        ("metadata.signed", "WITHIN", "13 hours", False),
        ("metadata.plan", "WITHIN", "30 days", False),
        ("metadata.seats", "ON", "2026-01-01", False),
        ("last_order_at", "WITHIN", "15 days", True),
        ("last_order_at", "WITHIN", "14 days", False),
        ("last_order_at", "ON", "2026-06-01", True),
        ("last_order_at", "=", "2026-06-01", False),
        ("last_order_at", "BETWEEN", ["2026-06-01T08:00:00Z", "2026-06-01T08:00:00.000+00:00"], True),
        ("last_order_at", "!=", None, True),
        ("last_visit_at", "=", None, True),
    ],
)
def test_a_condition_means(field: str, operator: str, value: Any, *, expected: bool) -> None:
    assert matches(condition(field, operator, value), ANN) is expected


@pytest.mark.parametrize(
    "tree",
    [
        condition("name", "!=", "x"),
        condition("name", "NOT_CONTAINS", "x"),
        condition("name", "NOT_IN", ["x"]),
        condition("name", "IS_NOT_SET"),
        condition("name", "=", None),
        condition("emails", "!=", "x"),
        condition("metadata.plan", "!=", 1),
        condition("last_order_at", "!=", "2026-01-01"),
    ],
)
def test_what_is_not_set_satisfies_negations(tree: Any) -> None:
    assert matches(tree, NOBODY)


@pytest.mark.parametrize("operator", ["=", ">", "<", ">=", "<=", "CONTAINS", "BEGINS_WITH"])
def test_what_is_not_set_satisfies_no_comparison(operator: str) -> None:
    assert not matches(condition("name", operator, ""), NOBODY)


@pytest.mark.parametrize(
    ("stored", "searched", "expected"),
    [
        ("İstanbul", "i̇stanbul", True),
        ("İstanbul", "istanbul", False),
        ("Straße", "STRASSE", True),
        ("STRASSE", "straße", True),
        ("ΟΔΟΣ", "οδος", True),
        ("οδός", "ΟΔΌΣ", True),
        ("ﬁsh", "FISH", True),
        ("👩‍👩‍👧 family", "👩‍👩‍👧", True),
        ("👍🏽", "👍", True),
        ("caf\u00e9", "CAFE\u0301", True),
        ("100%_a", "0%_A", True),
        ("a.b(c", ".*", False),
        ("$where", "$WHERE", True),
        ("a\\b", "\\", True),
    ],
)
def test_text_is_searched_literally_and_without_case(stored: str, searched: str, *, expected: bool) -> None:
    assert matches(condition("name", "CONTAINS", searched), lead(name=stored)) is expected
    assert matches(condition("tags", "NOT_CONTAINS", searched), lead(tags=["x", stored])) is not expected


def test_composed_and_decomposed_text_are_equal() -> None:
    assert matches(condition("name", "=", "Zoe\u0308"), lead(name="Zo\u00eb"))
    assert matches(condition("metadata.cafe\u0301", "=", "x"), lead(metadata={"caf\u00e9": "x"}))


@pytest.mark.parametrize(
    ("stored", "operator", "value", "expected"),
    [
        (2**53, "=", 2**53 + 1, False),
        (2**53, "<", 9007199254740993, True),
        (2**53 - 1, "=", 9007199254740991, True),
        (1e-7, "=", 1e-7, True),
        (1e-7, ">", 1.0000000000000001e-7, False),
        (Decimal("0.3"), "=", 0.3, True),
        (Decimal("1E+2"), "=", 100, True),
        (0.1, "<", 0.1 + 1e-17, True),
        (-0.0, "=", 0, True),
        (3, "<", 10**400, True),
        (3, ">", -(10**400), True),
    ],
)
def test_numbers_are_compared_as_decimals(stored: Any, operator: str, value: Any, *, expected: bool) -> None:
    assert matches(condition("metadata.number", operator, value), lead(metadata={"number": stored})) is expected


def test_spend_is_compared_without_rounding() -> None:
    spent = lead(total_spend=10.01)

    assert matches(condition("total_spend", ">", 10.00999999999), spent)
    assert not matches(condition("total_spend", ">=", 10.01000000001), spent)
    assert not matches(condition("total_spend", "=", 10.005), lead(total_spend=10.0))


@pytest.mark.parametrize(("operator", "expected"), [("=", True), ("!=", False)])
def test_a_segment_in_a_rule_means_its_rule(operator: str, *, expected: bool) -> None:
    form = read(condition("segment", operator, "a"), segments={"a": Rule(condition("visits", "=", 3), "UTC")})

    assert segment.holds(form.node, ANN) is expected


class TestOrders:
    BUYER = lead(
        orders=[
            order(1000, "2026-06-10T00:00:00Z", "tea", "pot"),
            order(250, "2026-06-01T00:00:00Z", "TEA"),
            order(9999, "2025-01-01T00:00:00Z"),
        ]
    )

    @pytest.mark.parametrize(
        ("measure", "more", "value", "expected"),
        [
            ("count", {}, 3, True),
            ("sum", {}, 112.49, True),
            ("count", {"within": "14 days"}, 1, True),
            ("count", {"within": "15 days"}, 2, True),
            ("sum", {"within": "15 days"}, 12.5, True),
            ("count", {"where": condition("amount", ">", 9.99)}, 2, True),
            ("count", {"where": condition("items.sku", "=", "tea")}, 1, True),
            ("count", {"where": condition("items.sku", "CONTAINS", "tea")}, 2, True),
            ("count", {"where": condition("items.sku", "!=", "tea")}, 2, True),
            ("count", {"where": condition("items.sku", "IS_NOT_SET")}, 1, True),
            ("count", {"where": no(condition("ordered_at", "<", "2026-01-01"))}, 2, True),
            ("sum", {"where": condition("items.sku", "=", "pot"), "within": "1 year"}, 10, True),
            ("count", {"where": condition("amount", ">", 1000)}, 0, True),
            ("sum", {"where": condition("amount", ">", 1000)}, 0, True),
        ],
    )
    def test_orders_are_counted_and_added(self, measure: str, more: Any, value: Any, *, expected: bool) -> None:
        assert matches(condition(f"orders.{measure}", "=", value, **more), self.BUYER) is expected

    def test_the_last_order_is_the_latest_that_is_asked_for(self) -> None:
        asked = {"where": condition("items.sku", "=", "TEA")}

        assert matches(condition("orders.last_at", "=", "2026-06-01", **asked), self.BUYER)
        assert matches(condition("orders.last_at", "ON", "2026-06-10"), self.BUYER)

    def test_without_orders_count_and_sum_are_zero_and_the_last_is_not_set(self) -> None:
        assert matches(both(condition("orders.count", "=", 0), condition("orders.sum", "=", 0)), NOBODY)
        assert matches(condition("orders.count", "!=", None), NOBODY)
        assert matches(condition("orders.last_at", "=", None, within="1 day"), NOBODY)
        assert not matches(condition("orders.last_at", "<", "1 day ago"), NOBODY)


class TestCampaigns:
    TOLD = lead(
        campaigns={
            "campaign_1": {"sent_at": instants.from_rfc3339("2026-06-01T00:00:00Z")},
            "campaign_2": {
                "sent_at": instants.from_rfc3339("2026-06-10T00:00:00Z"),
                "opened_at": instants.from_rfc3339("2026-06-11T00:00:00Z"),
            },
        }
    )

    @pytest.mark.parametrize(
        ("field", "operator", "value", "expected"),
        [
            ("campaign.campaign_1.sent_at", "ON", "2026-06-01", True),
            ("campaign.campaign_1.opened_at", "=", None, True),
            ("campaign.campaign_2.opened_at", "WITHIN", "5 days", True),
            ("campaign.campaign_3.sent_at", "!=", None, False),
            ("campaign.any.sent_at", "WITHIN", "7 days", True),
            ("campaign.any.sent_at", "<", "2026-06-05", True),
            ("campaign.any.clicked_at", "!=", None, False),
        ],
    )
    def test_what_became_of_messages(self, field: str, operator: str, value: Any, *, expected: bool) -> None:
        assert matches(condition(field, operator, value), self.TOLD) is expected


class TestReasons:
    @pytest.mark.parametrize(
        ("tree", "expected"),
        [
            (condition("visits", "=", 3), [("$", True)]),
            (no(condition("visits", "=", 3)), [("$.children[0]", True)]),
            (
                both(condition("visits", ">", 1), condition("tags", "=", "vip")),
                [("$.children[0]", True), ("$.children[1]", True)],
            ),
            (
                both(condition("visits", ">", 1), condition("tags", "=", "x"), condition("name", "=", "x")),
                [("$.children[1]", False)],
            ),
            (
                either(condition("visits", ">", 9), condition("tags", "=", "vip"), condition("name", "=", "x")),
                [("$.children[1]", True)],
            ),
            (
                either(condition("visits", ">", 9), no(condition("tags", "=", "vip"))),
                [("$.children[0]", False), ("$.children[1].children[0]", True)],
            ),
            (both(), []),
        ],
    )
    def test_the_leaves_that_decided_are_told(self, tree: Any, expected: list[tuple[str, bool]]) -> None:
        told = segment.reasons(read(tree).node, ANN)

        assert [(each.leaf.path, each.holds) for each in told] == expected

    def test_a_leaf_is_told_as_it_was_written(self) -> None:
        written = condition("visits", "=", 3)

        assert segment.reasons(read(both(written)).node, ANN)[0].leaf.condition == written
