"""DuckDB matches the leads that `segment.py` matches: for every vector, and for random rules and leads."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from functions.audience.segments.rules import query, segment
from functions.audience.segments.rules.facts import Facts
from functions.audience.segments.rules.form import Node
from shared import instants
from tests.audience.segments.rules import duck
from tests.audience.segments.rules.duck import Duck
from tests.audience.segments.rules.leads import both, condition, lead, no, read
from tests.audience.segments.rules.random_rules import Random
from tests.soaking import IS_ON, histories, soaks

SEED = 20261126
VECTORS: list[dict[str, Any]] = json.loads((Path(__file__).parent / "vectors.json").read_text())
VALID = [each for each in VECTORS if each["expect"]["valid"]]
NASTY = ["'; DROP TABLE leads; --", "$1", "?", "%", "_", '"', "\\", "x0", "lambda x: x"]


@pytest.fixture
def leads() -> Iterator[Duck]:
    with duck.opened() as opened:
        yield opened


@pytest.mark.parametrize("vector", VALID, ids=lambda vector: vector["id"])
def test_a_tree_matches_the_leads_of_its_vector_and_no_others(vector: dict[str, Any], leads: Duck) -> None:
    expected = vector["expect"]
    written = [*expected["match"], *expected["no_match"]]
    leads.load([lead(lead_id=each["id"], **each) for each in written])
    form = read(vector["ast"], now=instants.from_rfc3339(vector["now"]))

    assert leads.matching(form.node) == [each["id"] for each in expected["match"]]


@soaks
def test_both_engines_match_the_same_leads(leads: Duck) -> None:
    drawn = Random(SEED)
    drawn_leads: list[Facts] = []
    for number in range(histories(150, soaking=10_000)):
        if number % 200 == 0:
            drawn_leads = [drawn.facts(each) for each in range(200 if IS_ON else 100)]
            leads.load(drawn_leads)
        tree, zone, now = drawn.tree(), drawn.zone(), drawn.now()
        node = read(tree, time_zone=zone, now=now).node
        expected = [each.lead.get("lead_id") for each in drawn_leads if segment.holds(node, each)]

        assert leads.matching(node) == expected, (SEED, tree, zone, now)


@soaks
def test_a_leaf_and_its_negation_divide_the_leads(leads: Duck) -> None:
    drawn = Random(SEED)
    drawn_leads = [drawn.facts(number) for number in range(histories(100, soaking=10_000))]
    everybody = [each.lead.get("lead_id") for each in drawn_leads]
    leads.load(drawn_leads)
    for _ in range(100):
        leaf = drawn.leaf()
        found = leads.matching(read(leaf).node) + leads.matching(read(no(leaf)).node)

        assert sorted(found) == sorted(everybody), (SEED, leaf)


@pytest.mark.parametrize("text", NASTY)
def test_what_a_rule_says_is_a_parameter(text: str, leads: Duck) -> None:
    leads.load([lead(lead_id="it", name=text, metadata={text: text}), lead(lead_id="other", name="x", metadata={})])
    tree = both(
        condition("name", "=", text), condition("name", "CONTAINS", text), condition(f"metadata.{text}", "=", text)
    )
    node = read(tree).node

    assert text not in query.of(node).sql or text in {"$1", "_", "x0", "lambda x: x"}
    assert leads.matching(node) == ["it"]


def test_the_same_rule_is_the_same_condition() -> None:
    def made() -> Node:
        return read(condition("tags", "IN", ["b", "a", "c"])).node

    assert query.of(made()) == query.of(made())
    assert query.of(made()).parameters == [["a", "b", "c"]]


@pytest.mark.parametrize(
    ("number", "literal", "operator", "is_matched"),
    [
        (2**53 - 1, 2**53 + 1, "<", True),
        (2**53 - 1, 9007199254740992.0, "<", True),
        (5, 4.9, ">", True),
        (5, 5.1, ">=", False),
        (5, 5.5, "=", False),
        (5, 10**30, "<=", True),
        (5, -(10**30), ">", True),
        (5, 10**30, ">", False),
        (0, -0.0, "=", True),
    ],
)
def test_whole_numbers_are_compared_without_loss(
    number: int, literal: float, operator: str, *, is_matched: bool, leads: Duck
) -> None:
    leads.load([lead(lead_id="it", visits=number, metadata={"n": number})])

    for field in ("visits", "metadata.n"):
        assert (leads.matching(read(condition(field, operator, literal)).node) == ["it"]) is is_matched


@pytest.mark.parametrize(
    ("now", "time_zone", "ordered_at"),
    [
        ("2025-12-31T11:00:00Z", "Pacific/Kiritimati", "2023-12-31T10:30:00Z"),
        ("2026-01-01T02:00:00Z", "America/New_York", "2024-01-01T03:00:00Z"),
        ("2026-06-15T12:00:00Z", "UTC", "1900-06-15T00:00:00Z"),
    ],
)
def test_the_anniversary_of_a_day_may_be_in_another_year_in_utc(
    now: str, time_zone: str, ordered_at: str, leads: Duck
) -> None:
    facts = lead(lead_id="it", last_order_at=ordered_at)
    node = read(condition("last_order_at", "ANNIVERSARY", 0), time_zone=time_zone, now=instants.from_rfc3339(now)).node
    leads.load([facts])

    assert segment.holds(node, facts)
    assert leads.matching(node) == ["it"]
