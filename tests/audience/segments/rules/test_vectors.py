"""The vectors of the rules: every tree of `vectors.json`, with the leads that match it and those that do not."""

import json
from pathlib import Path
from typing import Any

import pytest

from functions.audience.segments.rules.dates import Today
from functions.audience.segments.rules.refusals import RuleRefused
from shared import instants
from tests.audience.segments.rules.leads import lead, matches, read

VECTORS: list[dict[str, Any]] = json.loads((Path(__file__).parent / "vectors.json").read_text())
VALID = [each for each in VECTORS if each["expect"]["valid"]]
REFUSED = [each for each in VECTORS if not each["expect"]["valid"]]
RESOLVED = [each for each in VECTORS if "resolved" in each["expect"]]


def named(vector: dict[str, Any]) -> str:
    return f"{vector['id']} {vector['name']}"


def test_there_are_as_many_vectors_as_the_rules_have() -> None:
    assert (len(VALID), len(REFUSED), len(RESOLVED)) == (39, 24, 7)


@pytest.mark.parametrize("vector", VALID, ids=named)
def test_a_tree_matches_the_leads_of_its_vector_and_no_others(vector: dict[str, Any]) -> None:
    now = instants.from_rfc3339(vector["now"])
    expected = vector["expect"]
    found = [
        each["id"]
        for each in [*expected["match"], *expected["no_match"]]
        if matches(vector["ast"], lead(**each), now=now)
    ]

    assert found == [each["id"] for each in expected["match"]]
    assert len(found) == expected.get("count", len(found))


@pytest.mark.parametrize("vector", REFUSED, ids=named)
def test_a_tree_is_refused_with_the_code_and_the_path_of_its_vector(vector: dict[str, Any]) -> None:
    with pytest.raises(RuleRefused) as refused:
        read(vector["ast"])

    assert {"code": refused.value.fault, "path": refused.value.path} == vector["expect"]["error"]


@pytest.mark.parametrize("vector", RESOLVED, ids=named)
def test_a_date_is_the_instant_of_its_vector(vector: dict[str, Any]) -> None:
    today = Today(instants.from_rfc3339(vector["now"]), "UTC")

    assert instants.to_rfc3339(today.instant(vector["ast"]["value"])) == vector["expect"]["resolved"]["last_order_at"]
