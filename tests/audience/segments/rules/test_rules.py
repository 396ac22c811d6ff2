"""Which rules are refused, with which code, and where; and what an author is warned of."""

import json
import math
from datetime import UTC, datetime
from typing import Any

import pytest

from functions.audience.segments.rules.form import Between, Leaf
from functions.audience.segments.rules.refusals import RuleRefused
from shared import instants
from tests.audience.segments.rules.leads import both, condition, either, nested, no, read, refused

SPEND = condition("total_spend", ">", 1000)
VISITS = condition("visits", "<", 5)
WHERE = condition("amount", ">", 10)


@pytest.mark.parametrize(
    ("tree", "code"),
    [
        (None, "INVALID_NODE"),
        ([SPEND], "INVALID_NODE"),
        ("AND", "INVALID_NODE"),
        ({"children": []}, "INVALID_NODE"),
        ({"field": "visits", "operator": "=", "value": 1}, "INVALID_NODE"),
        ({**SPEND, "note": "x"}, "INVALID_NODE"),
        ({**both(), "name": "x"}, "INVALID_NODE"),
        ({**SPEND, "where": WHERE}, "INVALID_NODE"),
        ({**SPEND, "within": "30 days"}, "INVALID_NODE"),
        ({**SPEND, **both()}, "AMBIGUOUS_NODE"),
        ({"type": "condition", "op": "AND"}, "AMBIGUOUS_NODE"),
        ({"op": None, "children": []}, "UNKNOWN_OP"),
        ({"op": ["AND"], "children": []}, "UNKNOWN_OP"),
        ({"op": "AND", "children": None}, "MISSING_CHILDREN"),
        ({"op": "NOT"}, "MISSING_CHILDREN"),
        ({"type": "condition"}, "MISSING_FIELD"),
        ({"type": "condition", "field": "", "operator": "="}, "MISSING_FIELD"),
        ({"type": "condition", "field": "visits", "value": 1}, "MISSING_OPERATOR"),
        ({"type": "condition", "field": "nothing", "operator": "LIKE"}, "MISSING_VALUE"),
        (condition("visits", ["="], 1), "UNKNOWN_OPERATOR"),
        (condition("nothing", "LIKE", 1), "UNKNOWN_OPERATOR"),
        (condition("visits", "in", [1]), "UNKNOWN_OPERATOR"),
        (condition(["visits"], "=", 1), "UNKNOWN_FIELD"),  # type: ignore[arg-type]
        (condition("metadata", "=", 1), "UNKNOWN_FIELD"),
        (condition("metadata.", "=", 1), "UNKNOWN_FIELD"),
        (condition("metadata.a..b", "=", 1), "UNKNOWN_FIELD"),
        (condition("metadata.a.b.c.d.e", "=", 1), "UNKNOWN_FIELD"),
        (condition("metadata.a\0", "=", 1), "UNKNOWN_FIELD"),
        (condition("metadata.\ud800", "=", 1), "UNKNOWN_FIELD"),
        (condition("metadata." + "a" * 248, "=", 1), "UNKNOWN_FIELD"),
        (condition("amount", ">", 1), "UNKNOWN_FIELD"),
        (condition("campaign.any.failed_at", "IS_SET"), "UNKNOWN_FIELD"),
        (condition("campaign.a#b.sent_at", "IS_SET"), "UNKNOWN_FIELD"),
        (condition("tags", "BETWEEN", ["a", "b"]), "OPERATOR_NOT_ALLOWED"),
        (condition("visits", "CONTAINS", "1"), "OPERATOR_NOT_ALLOWED"),
        (condition("name", "ON", "2026-01-01"), "OPERATOR_NOT_ALLOWED"),
        (condition("visits", "WITHIN", "30 days"), "OPERATOR_NOT_ALLOWED"),
        (condition("segment", "IN", ["segment_1"]), "OPERATOR_NOT_ALLOWED"),
        (condition("segment", "IS_SET"), "OPERATOR_NOT_ALLOWED"),
        (condition("visits", ">", None), "TYPE_MISMATCH"),
        (condition("visits", "IN", None), "TYPE_MISMATCH"),
        (condition("visits", "IS_SET", 1), "TYPE_MISMATCH"),
        (condition("visits", "=", [1]), "TYPE_MISMATCH"),
        (condition("visits", "=", {"a": 1}), "TYPE_MISMATCH"),
        (condition("visits", "=", math.nan), "TYPE_MISMATCH"),
        (condition("visits", "<", math.inf), "TYPE_MISMATCH"),
        (condition("visits", "IN", [1, None]), "TYPE_MISMATCH"),
        (condition("visits", "BETWEEN", [1]), "TYPE_MISMATCH"),
        (condition("visits", "BETWEEN", 1), "TYPE_MISMATCH"),
        (condition("name", "=", 1), "TYPE_MISMATCH"),
        (condition("name", "=", "a\0b"), "TYPE_MISMATCH"),
        (condition("name", "CONTAINS", "\udc00"), "TYPE_MISMATCH"),
        (condition("name", "CONTAINS", ["a"]), "TYPE_MISMATCH"),
        (condition("tags", "CONTAINS", ["a"]), "TYPE_MISMATCH"),
        (condition("metadata.a", "=", [1]), "TYPE_MISMATCH"),
        (condition("metadata.a", ">", True), "TYPE_MISMATCH"),
        (condition("metadata.a", "BETWEEN", [1, "b"]), "TYPE_MISMATCH"),
        (condition("metadata.a", "CONTAINS", 1), "TYPE_MISMATCH"),
        (condition("last_order_at", "<", 5), "TYPE_MISMATCH"),
        (condition("last_order_at", "ANNIVERSARY", "5"), "TYPE_MISMATCH"),
        (condition("last_order_at", "ANNIVERSARY", True), "TYPE_MISMATCH"),
        (condition("last_order_at", "ANNIVERSARY", 367), "TYPE_MISMATCH"),
        (condition("segment", "=", 5), "TYPE_MISMATCH"),
        (condition("segment", "=", None), "TYPE_MISMATCH"),
        (condition("orders.count", ">", 0, within=30), "TYPE_MISMATCH"),
        (condition("tags", "=", []), "IN_SIZE"),
        (condition("last_order_at", "<", "2026-02-30"), "INVALID_DATE"),
        (condition("last_order_at", "<", "30 days ago!"), "INVALID_DATE"),
        (condition("last_order_at", "<", "-3 days ago"), "INVALID_DATE"),
        (condition("last_order_at", "<", "٣ days ago"), "INVALID_DATE"),
        (condition("last_order_at", "<", "1001 years ago"), "INVALID_DATE"),
        (condition("last_order_at", "<", "2026-01-01T00:00:00"), "INVALID_DATE"),
        (condition("last_order_at", "IN", ["2026-01-01", "soon"]), "INVALID_DATE"),
        (condition("last_order_at", "ON", "today"), "INVALID_DATE"),
        (condition("last_order_at", "WITHIN", "30 days ago"), "INVALID_DATE"),
        (condition("orders.count", ">", 0, within="a month"), "INVALID_DATE"),
        (condition("name", "=", "a" * 257), "AST_TOO_LARGE"),
        (condition("segment", "=", "segment_1"), "UNKNOWN_SEGMENT"),
    ],
)
def test_a_node_is_refused_with_its_code(tree: Any, code: str) -> None:
    assert refused(tree) == (code, "$")


@pytest.mark.parametrize(
    ("tree", "expected"),
    [
        (both(SPEND, no(condition("nothing", "=", 1))), ("UNKNOWN_FIELD", "$.children[1].children[0]")),
        (both(no(condition("nothing", "=", 1)), {"foo": 1}), ("UNKNOWN_FIELD", "$.children[0].children[0]")),
        ({"op": "XOR", "children": [{"foo": 1}]}, ("UNKNOWN_OP", "$")),
        (condition("orders.count", ">", "2", where={"foo": 1}), ("TYPE_MISMATCH", "$")),
        (condition("orders.count", ">", 2, where={"foo": 1}), ("INVALID_NODE", "$.where")),
        (condition("orders.count", ">", 2, where=5), ("INVALID_NODE", "$.where")),
        (condition("orders.count", ">", 2, where=condition("name", "=", "x")), ("UNKNOWN_FIELD", "$.where")),
        (condition("orders.count", ">", 2, where=condition("segment", "=", "x")), ("UNKNOWN_FIELD", "$.where")),
        (
            condition("orders.count", ">", 2, where=both(WHERE, condition("orders.sum", ">", 1))),
            ("UNKNOWN_FIELD", "$.where.children[1]"),
        ),
    ],
)
def test_a_node_is_checked_before_its_children_and_they_before_their_siblings(
    tree: Any, expected: tuple[str, str]
) -> None:
    assert refused(tree) == expected


def test_a_rule_may_be_ten_levels_deep() -> None:
    read(nested(9))

    assert refused(nested(10)) == ("AST_TOO_DEEP", "$" + ".children[0]" * 10)


def test_the_depth_is_checked_before_anything_recurses() -> None:
    assert refused(nested(20_000)) == ("AST_TOO_DEEP", "$" + ".children[0]" * 10)


def test_the_depth_is_checked_before_the_nodes() -> None:
    assert refused(both({"foo": 1}, nested(10)))[0] == "AST_TOO_DEEP"


def test_the_tree_of_where_is_a_part_of_the_rule() -> None:
    deep: Any = WHERE
    for _ in range(8):
        deep = no(deep)
    read(condition("orders.count", ">", 1, where=deep))

    assert refused(condition("orders.count", ">", 1, where=no(deep))) == (
        "AST_TOO_DEEP",
        "$.where" + ".children[0]" * 9,
    )


def test_a_value_that_is_nested_deeply_is_no_value() -> None:
    value: Any = 1
    for _ in range(20_000):
        value = [value]

    assert refused(condition("visits", "IN", value)) == ("TYPE_MISMATCH", "$")


def test_a_node_may_have_fifty_children() -> None:
    read(both(*[SPEND] * 50))

    assert refused(no(both(*[SPEND] * 51))) == ("AST_TOO_LARGE", "$.children[0]")


def test_a_rule_may_have_two_hundred_nodes() -> None:
    # Four nodes with 49 children below one node are 200 with it, but for its last three.
    of_199 = both(*[both(*[SPEND] * 48)] * 4, SPEND, SPEND)
    read({**of_199, "children": [*of_199["children"], SPEND]})

    assert refused({**of_199, "children": [*of_199["children"], SPEND, SPEND]}) == ("AST_TOO_LARGE", "$.children[7]")


def test_a_list_may_have_a_hundred_values() -> None:
    read(condition("visits", "IN", list(range(100))))

    assert refused(condition("visits", "NOT_IN", list(range(101)))) == ("IN_SIZE", "$")


def test_a_text_may_have_256_characters() -> None:
    read(condition("name", "=", "é" * 256))

    assert refused(condition("tags", "IN", ["a", "é" * 257])) == ("AST_TOO_LARGE", "$")


def test_logic_without_children_is_valid_and_warned_of() -> None:
    warned = read(both(SPEND, no(either()), both())).warnings

    assert [(each.code, each.path) for each in warned] == [
        ("MATCHES_ALL", "$.children[1].children[0]"),
        ("MATCHES_ALL", "$.children[2]"),
    ]


def test_an_aware_datetime_is_a_date() -> None:
    node = read(condition("last_order_at", "<", datetime(2023, 1, 1, tzinfo=UTC))).node

    assert isinstance(node, Leaf)
    assert node.test == Between("instant", None, instants.from_rfc3339("2023-01-01T00:00:00Z"), with_high=False)


def test_a_refusal_says_what_is_wrong_and_where() -> None:
    with pytest.raises(RuleRefused) as caught:
        read(both(condition("nothing", "=", 1)))

    assert caught.value.errors == [
        {"field": "rule_ast", "reason": "UNKNOWN_FIELD at $.children[0]: there is no field of this name"}
    ]
    assert json.dumps(caught.value.detail)
