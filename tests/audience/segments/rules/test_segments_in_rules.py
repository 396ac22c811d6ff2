"""Segments that rules name: each is replaced by its rule before the limits count."""

from typing import Any

from functions.audience.segments.rules import rule
from functions.audience.segments.rules.form import Between, Leaf
from functions.audience.segments.rules.rule import Rule
from shared import instants
from tests.audience.segments.rules.leads import both, condition, either, nested, no, read, refused

SPEND = condition("total_spend", ">", 1000)
VISITS = condition("visits", "<", 5)


def test_a_segment_is_replaced_by_its_rule() -> None:
    inlined = read(no(condition("segment", "=", "a")), segments={"a": Rule(SPEND, "UTC")}).node
    leaf = inlined.part  # type: ignore[union-attr]

    assert leaf == read(SPEND).node._replace(path="$.children[0].segment")


def test_everybody_but_a_segment_is_its_complement() -> None:
    assert read(condition("segment", "!=", "a"), segments={"a": Rule(both(), "UTC")}).node == read(no(both())).node


def test_a_segment_keeps_its_own_time_zone() -> None:
    day = condition("last_order_at", ">=", "2026-01-01")
    node = read(condition("segment", "=", "a"), time_zone="UTC", segments={"a": Rule(day, "Asia/Tokyo")}).node

    assert isinstance(node, Leaf)
    assert node.test == Between("instant", instants.from_rfc3339("2025-12-31T15:00:00Z"), None)


def test_a_segment_must_not_contain_itself() -> None:
    segments = {
        "a": Rule(both(SPEND, condition("segment", "=", "b")), "UTC"),
        "b": Rule(no(condition("segment", "!=", "a")), "UTC"),
    }

    assert refused(segments["a"].tree, segments=segments, segment_id="a") == (
        "SEGMENT_CYCLE",
        "$.children[1].segment.children[0]",
    )
    assert refused(condition("segment", "=", "a"), segments=segments) == (
        "SEGMENT_CYCLE",
        "$.segment.children[1].segment.children[0]",
    )


def test_one_segment_may_stand_in_a_rule_twice() -> None:
    here = condition("segment", "=", "a")

    assert read(either(here, no(here)), segments={"a": Rule(SPEND, "UTC")}).warnings == []


def test_the_depth_is_that_of_the_rule_with_its_segments_in_it() -> None:
    def tree(levels: int) -> Any:
        found: Any = condition("segment", "=", "a")
        for _ in range(levels):
            found = no(found)
        return found

    segments = {"a": Rule(nested(5), "UTC")}
    read(tree(4), segments=segments)

    assert refused(tree(5), segments=segments)[0] == "AST_TOO_DEEP"
    assert refused(no(no(no(no(condition("segment", "!=", "a"))))), segments=segments)[0] == "AST_TOO_DEEP"


def test_the_nodes_are_those_of_the_rule_with_its_segments_in_it() -> None:
    segments = {"a": Rule(both(*[VISITS] * 48), "UTC")}
    here = condition("segment", "=", "a")
    read(both(here, here, here, here, SPEND, SPEND, SPEND), segments=segments)

    assert refused(both(here, here, here, here, SPEND, SPEND, SPEND, SPEND), segments=segments) == (
        "AST_TOO_LARGE",
        "$.children[7]",
    )


def test_segments_may_name_one_another_ten_times() -> None:
    def chain(length: int) -> dict[str, Rule]:
        named = {str(number): Rule(condition("segment", "=", str(number + 1)), "UTC") for number in range(length)}
        return {**named, str(length): Rule(SPEND, "UTC")}

    read(condition("segment", "=", "0"), segments=chain(10))

    assert refused(condition("segment", "=", "0"), segments=chain(5_000))[0] == "AST_TOO_DEEP"


def test_the_segments_that_a_tree_names_are_known_before_it_is_valid() -> None:
    tree = both(condition("segment", "=", "a"), {"foo": 1}, no(condition("segment", "BAD", "b")), 5)

    assert rule.segments_named(tree) == {"a", "b"}
