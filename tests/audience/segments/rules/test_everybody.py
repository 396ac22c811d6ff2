"""Whether a rule takes every lead in effect: by a table, and by rules whose answer is known however they are made."""

from typing import Any

import pytest

from functions.audience.segments.rules import everybody, segment
from functions.audience.segments.rules.rule import Rule
from tests.audience.segments.rules.leads import NOW, both, condition, either, no, read
from tests.audience.segments.rules.random_rules import Random

RULES = 400
VISITED = condition("visits", ">", 0)


def takes_everybody(tree: Any, **more: Any) -> bool:
    return everybody.takes_everybody(read(tree, **more).node, now=NOW)


def has_and_has_not(field: str) -> dict[str, Any]:
    return either(condition(field, "IS_SET"), condition(field, "IS_NOT_SET"))


EVERYBODY = [
    both(),
    either(),
    either(VISITED, both()),
    no(no(both(either(), either()))),
    no(both(VISITED, no(VISITED))),
    condition("visits", ">=", 0),
    condition("visits", "!=", -1),
    condition("order_count", ">", -0.5),
    condition("order_count", "IS_SET"),
    condition("total_spend", "!=", 0.001),
    condition("bucket", "<", 100),
    condition("bucket", "BETWEEN", [0, 99]),
    condition("bucket", "NOT_IN", [100, -1, 2.5]),
    condition("created_at", "<=", "0 days ago"),
    condition("created_at", "<", "2126-01-01"),
    condition("created_at", "WITHIN", "10 years"),
    condition("updated_at", "IS_SET"),
    has_and_has_not("metadata.plan"),
    has_and_has_not("emails"),
    has_and_has_not("campaign.any.sent_at"),
    either(condition("visits", "<", 3), condition("visits", ">=", 3)),
    either(condition("visits", "<=", 3), condition("visits", "BETWEEN", [4, 9]), condition("visits", ">", 9)),
    either(condition("name", "<", "m"), condition("name", ">=", "m"), condition("name", "IS_NOT_SET")),
    either(condition("name", "CONTAINS", "a"), condition("name", "NOT_CONTAINS", "A")),
    either(condition("tags", "=", "vip"), condition("tags", "!=", "vip")),
    either(condition("emails", "CONTAINS", "@"), condition("emails", "IS_NOT_SET")),
    either(condition("phones", "BEGINS_WITH", "+"), condition("phones", "=", None)),
    condition("emails", "!=", "no address"),
    either(condition("consent.email", "IN", ["granted", "pending", "denied"]), condition("consent.email", "=", None)),
    either(condition("updated_at", ">=", "2026-03-01"), condition("created_at", "<", "2026-03-01")),
    either(condition("orders.count", "=", 0), condition("orders.last_at", "IS_SET")),
    condition("orders.count", ">=", 0, within="30 days"),
    either(
        condition("orders.count", "=", 0, within="30 days"),
        condition("orders.count", ">", 0, where=condition("ordered_at", ">", "30 days ago")),
    ),
    either(condition("orders.sum", "!=", 0), no(condition("orders.sum", ">", 0))),
    both(condition("visits", ">=", 0), has_and_has_not("locale"), condition("bucket", ">=", 0)),
    either(*[condition("bucket", "BETWEEN", [each, each + 9]) for each in range(0, 100, 10)]),
    either(both(VISITED, has_and_has_not("name")), no(VISITED)),
]
NOT_EVERYBODY = [
    VISITED,
    no(both()),
    condition("visits", ">=", 1),
    condition("visits", "!=", 0),
    condition("order_count", "<", 1_000_000),
    condition("total_spend", ">=", 0),
    condition("bucket", "<", 99),
    condition("bucket", "!=", 57),
    condition("created_at", "WITHIN", "30 days"),
    condition("created_at", "<", "1 minute ago"),
    condition("external_id", "IS_SET"),
    condition("emails", "IS_SET"),
    condition("emails", "CONTAINS", "@"),
    condition("emails", "NOT_CONTAINS", "@gmail.com"),
    condition("emails", "!=", "ada@example.org"),
    condition("phones", "NOT_CONTAINS", "+44"),
    condition("name", "!=", "Ada"),
    condition("name", "NOT_CONTAINS", "Ö"),
    condition("metadata.a.b", "!=", "gold"),
    condition("metadata.a", "NOT_IN", [1, "1", True]),
    condition("consent.sms", "!=", "denied"),
    condition("last_order_at", "IS_NOT_SET"),
    either(condition("visits", "<", 3), condition("visits", ">", 3)),
    either(condition("tags", "=", "vip"), condition("tags", "=", "new"), condition("tags", "IS_NOT_SET")),
    either(condition("tags", "!=", "vip"), condition("tags", "!=", "new")),
    either(condition("name", "NOT_CONTAINS", "x"), condition("name", "NOT_CONTAINS", "y")),
    either(condition("metadata.a", "!=", "x"), condition("metadata.b", "!=", "y"), condition("metadata.c", "!=", "z")),
    either(condition("name", "CONTAINS", "a"), condition("name", "NOT_CONTAINS", "b")),
    either(condition("metadata.n", "<", 0.1), condition("metadata.n", ">", 0.2), condition("metadata.n", "=", None)),
    either(condition("orders.count", "=", 0), condition("orders.sum", ">", 0)),
    condition("orders.count", "<", 5, within="30 days"),
    condition("orders.sum", "<", 100, where=condition("items.sku", "=", "tea")),
    condition("campaign.any.opened_at", "IS_NOT_SET"),
    either(condition("campaign.any.sent_at", "IS_NOT_SET"), condition("campaign.x.sent_at", "IS_SET")),
    either(*[condition("bucket", "BETWEEN", [each, each + 9]) for each in range(0, 90, 10)]),
    either(condition("last_visit_at", "ANNIVERSARY", 0), condition("last_visit_at", "IS_NOT_SET")),
    condition("metadata.born", "!=", "1990-06-15"),
    no(condition("metadata.born", "ANNIVERSARY", 3)),
    no(condition("metadata.born", "ON", "2026-02-28")),
]


@pytest.mark.parametrize("tree", EVERYBODY)
def test_a_rule_that_takes_everybody_is_found_out(tree: Any) -> None:
    assert takes_everybody(tree)


@pytest.mark.parametrize("tree", NOT_EVERYBODY)
def test_a_rule_that_refuses_somebody_is_not_asked_about(tree: Any) -> None:
    assert not takes_everybody(tree)


def test_a_segment_of_everybody_is_found_out_where_it_is_named() -> None:
    named = {"segment_a": Rule(condition("visits", ">=", 0), "UTC"), "segment_b": Rule(VISITED, "UTC")}

    assert takes_everybody(condition("segment", "=", "segment_a"), segments=named)
    assert not takes_everybody(condition("segment", "!=", "segment_a"), segments=named)
    assert takes_everybody(
        either(condition("segment", "=", "segment_b"), condition("segment", "!=", "segment_b")), segments=named
    )


@pytest.mark.parametrize("seed", range(4))
def test_a_rule_or_its_complement_take_everybody_and_both_nobody(seed: int) -> None:
    drawn = Random(seed)
    trees = [drawn.tree(3) for _ in range(RULES // 4)]

    assert [each for each in trees if not takes_everybody(either(each, no(each)))] == []
    assert [each for each in trees if not takes_everybody(either(each, condition("visits", ">=", 0)))] == []
    assert [each for each in trees if takes_everybody(both(each, no(each)))] == []


@pytest.mark.parametrize("seed", range(4))
def test_whoever_is_found_is_refused_and_a_rule_that_refuses_a_lead_is_seldom_asked_about(seed: int) -> None:
    drawn = Random(seed + 100)
    leads = [drawn.facts(number) for number in range(20)]
    leads = [each for each in leads if all(each.lead.get(name) is not None for name in ("visits", "order_count"))]
    asked = []
    for _ in range(RULES // 4):
        tree = drawn.tree(3)
        node = read(tree).node
        found = everybody.somebody_refused(node, now=NOW)
        assert found is None or not segment.holds(node, found)
        if found is None and not all(segment.holds(node, each) for each in leads):
            asked.append(tree)

    assert len(asked) <= RULES // 4 * 0.05, asked


def test_a_rule_as_large_as_there_may_be_is_decided_in_so_many_steps() -> None:
    choices = [f"text {number}" for number in range(90)]
    leaf = [condition("name", "NOT_IN", [f"{each}{number}" for number in range(15)]) for each in choices]
    others = [condition(f"metadata.m{number}", "CONTAINS", text) for number, text in enumerate(choices)]
    tree = either(*[both(*leaf[at : at + 10], *others[at : at + 10]) for at in range(0, 90, 10)])
    node = read(tree).node

    assert not everybody.takes_everybody(node, now=NOW)
