"""What Athena is asked is Trino, has what callers write as parameters, and matches what `segment.py` does."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest

from functions.audience.querying.athena import statements
from functions.audience.querying.athena.statements import RuleTooLarge
from functions.audience.segments.rules import query, segment
from functions.audience.segments.rules.dialects import TRINO
from functions.audience.segments.rules.facts import Facts
from functions.audience.segments.rules.form import Node
from shared import instants
from tests.audience.querying.athena import trino
from tests.audience.segments.rules import duck
from tests.audience.segments.rules.duck import Duck
from tests.audience.segments.rules.leads import condition, either, lead, read
from tests.audience.segments.rules.random_rules import Random
from tests.soaking import IS_ON, histories, soaks

SEED = 20261127
RULES = Path(__file__).parents[2] / "segments" / "rules"
VECTORS: list[dict[str, Any]] = json.loads((RULES / "vectors.json").read_text(encoding="utf-8"))
VALID = [each for each in VECTORS if each["expect"]["valid"]]
NASTY = ["'; DROP TABLE leads; --", "$1", "?", "%", "_", '"', "\\", "x0", "''", "'?'"]


@pytest.fixture(scope="module")
def opened() -> Iterator[Duck]:
    with duck.opened() as found:
        trino.prepare(found.connection)
        yield found


def statement(node: Node) -> statements.Statement:
    """Return the question for the leads that match, as Athena is asked it."""
    where = query.of(node, TRINO)
    return statements.of(f"SELECT lead_id FROM leads WHERE {where.sql}", where.parameters)  # noqa: S608 - what is tested


def matching(connection: duckdb.DuckDBPyConnection, node: Node) -> list[str]:
    """Return the ids of the leads that match, by what Athena is asked."""
    asked = statement(node)
    found = connection.execute(f"{trino.for_duckdb(asked.sql, asked.parameters)} ORDER BY rowid")
    return [lead_id for (lead_id,) in found.fetchall()]


@pytest.mark.parametrize("vector", VALID, ids=lambda vector: vector["id"])
def test_a_tree_matches_the_leads_of_its_vector_and_no_others(vector: dict[str, Any], opened: Duck) -> None:
    expected = vector["expect"]
    opened.load([lead(lead_id=each["id"], **each) for each in [*expected["match"], *expected["no_match"]]])
    form = read(vector["ast"], now=instants.from_rfc3339(vector["now"]))

    assert matching(opened.connection, form.node) == [each["id"] for each in expected["match"]]


@soaks
def test_athena_is_asked_for_the_leads_that_python_matches(opened: Duck) -> None:
    drawn = Random(SEED)
    drawn_leads: list[Facts] = []
    for number in range(histories(60, soaking=10_000)):
        if number % 200 == 0:
            drawn_leads = [drawn.facts(each) for each in range(200 if IS_ON else 60)]
            opened.load(drawn_leads)
        tree, zone, now = drawn.tree(), drawn.zone(), drawn.now()
        node = read(tree, time_zone=zone, now=now).node
        expected = [each.lead.get("lead_id") for each in drawn_leads if segment.holds(node, each)]

        assert matching(opened.connection, node) == expected, (SEED, tree, zone, now)


@pytest.mark.parametrize("text", NASTY)
def test_what_a_rule_says_is_a_parameter(text: str, opened: Duck) -> None:
    opened.load([lead(lead_id="it", name=text, metadata={text: text}), lead(lead_id="other", name="x", metadata={})])
    node = read(either(condition("name", "=", text), condition(f"metadata.{text}", "CONTAINS", text))).node
    plain = read(either(condition("name", "=", "a"), condition("metadata.a", "CONTAINS", "a"))).node

    assert statement(node).sql == statement(plain).sql
    assert matching(opened.connection, node) == ["it"]


def test_parameters_are_in_the_order_of_the_question_marks() -> None:
    asked = statements.of("SELECT $2, $1, $2", ["a", [1, True, 1.5]])

    assert asked == ("SELECT ARRAY[?, ?, ?], ?, ARRAY[?, ?, ?]", ["1", "true", "1.5E0", "'a'", "1", "true", "1.5E0"])


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (1e-7, "1E-07"),
        (-2.0, "-2.0E0"),
        (2**63 - 1, "9223372036854775807"),
        ("it's", "'it''s'"),
        ("a\nb", "'a\nb'"),
        (False, "false"),
    ],
)
def test_a_parameter_is_a_literal_of_trino(value: Any, written: str) -> None:
    assert statements.of("$1", [value]) == ("?", [written])


def test_what_has_no_literal_is_written_as_what_it_is() -> None:
    found = statements.of("$1 $2 $3", [float("inf"), float("-inf"), -(2**63)])

    assert found == ("infinity() -infinity() (-9223372036854775807 - 1)", [])


def test_a_rule_that_athena_cannot_take_is_refused_before_it_is_asked() -> None:
    many = [[f"{number:0256d}" for number in range(100)] for _ in range(11)]

    with pytest.raises(RuleTooLarge):
        statements.of(" ".join(f"${number + 1}" for number in range(11)), many)
