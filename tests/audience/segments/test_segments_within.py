"""Segments that name others: no circle, also not by a race, and nothing is pulled from under a segment."""

import json
from typing import Any

import pytest

from functions.audience.segments import graph
from functions.audience.segments.graph import Graph
from shared.storage import records, table
from tests.audience.people import Person
from tests.audience.segments.rules.leads import both, condition, no
from tests.aws import hooks

SPEND = condition("total_spend", ">", 1000)


def creates(person: Person, tree: Any) -> str:
    """Create a segment and return its id."""
    answer = person.post("/segments", {"name": "x", "rule_ast": tree})
    assert answer.status == 201, answer.body
    return str(answer.body["segment_id"])


def replaces(person: Person, segment_id: str, tree: Any) -> Any:
    """Replace the rule of a segment and return what is answered."""
    return person.rest("PUT", f"/segments/{segment_id}", {"name": "x", "rule_ast": tree})


def in_(segment_id: str) -> Any:
    return condition("segment", "=", segment_id)


def deep(levels: int, inside: Any = SPEND) -> Any:
    for _ in range(levels):
        inside = no(inside)
    return inside


def test_a_segment_must_not_contain_itself(ada: Person) -> None:
    first = creates(ada, SPEND)
    second = creates(ada, both(SPEND, in_(first)))
    refused = replaces(ada, first, no(in_(second)))

    assert (refused.status, refused.body["fault"]) == (422, "SEGMENT_CYCLE")
    assert refused.body["path"] == "$.children[0].segment.children[1]"
    assert replaces(ada, first, in_(first)).body["fault"] == "SEGMENT_CYCLE"
    assert ada.get(f"/segments/{first}").body["version"] == 1


def test_of_two_segments_that_would_contain_each_other_at_once_one_is_refused(ada: Person) -> None:
    first, second = creates(ada, SPEND), creates(ada, SPEND)
    answers: list[Any] = []

    def meanwhile(**_: Any) -> None:
        if not answers:
            answers.append(None)
            answers[0] = replaces(ada, second, in_(first))

    hooks.register("before-call.dynamodb.TransactWriteItems", meanwhile)
    answers.append(replaces(ada, first, in_(second)))

    assert [each.status for each in answers] == [200, 409]
    assert answers[1].body["code"] == "SegmentsChanged"


def test_a_segment_that_another_names_is_not_deleted(ada: Person) -> None:
    first = creates(ada, SPEND)
    second = creates(ada, in_(first))
    refused = ada.delete(f"/segments/{first}")

    assert (refused.status, refused.body["code"], refused.body["segment_ids"]) == (409, "SegmentInUse", [second])
    assert replaces(ada, second, SPEND).status == 200
    assert ada.delete(f"/segments/{first}").status == 204


def test_a_deleted_segment_names_nothing_any_more(ada: Person) -> None:
    first = creates(ada, SPEND)
    ada.delete(f"/segments/{creates(ada, in_(first))}")

    assert graph.read(ada.tenant_id).named == {}
    assert ada.delete(f"/segments/{first}").status == 204


def test_a_segment_that_is_deleted_while_another_begins_to_name_it_stays_or_is_unknown(ada: Person) -> None:
    first, second = creates(ada, SPEND), creates(ada, SPEND)
    answers: list[Any] = []

    def meanwhile(**_: Any) -> None:
        if not answers:
            answers.append(None)
            answers[0] = ada.delete(f"/segments/{first}")

    hooks.register("before-call.dynamodb.TransactWriteItems", meanwhile)
    answers.append(replaces(ada, second, in_(first)))

    assert [each.status for each in answers] == [204, 422]
    assert answers[1].body["fault"] == "UNKNOWN_SEGMENT"


@pytest.mark.parametrize("grown", [deep(6), both(*[SPEND] * 50)])
def test_a_segment_does_not_outgrow_those_that_name_it(ada: Person, grown: Any) -> None:
    first = creates(ada, deep(5))
    second = creates(ada, deep(2, in_(first)))
    third = creates(ada, both(*[in_(second)] * 3, deep(1, in_(second))))
    refused = replaces(ada, first, grown)

    assert (refused.status, refused.body["code"]) == (409, "SegmentOutgrown")
    assert refused.body["segment_ids"] == [third]
    assert replaces(ada, first, deep(4)).status == 200


def test_a_changed_segment_changes_those_that_name_it(ada: Person) -> None:
    lead = ada.creates(external_id="1", visits=3)
    first = creates(ada, condition("visits", ">", 5))
    second = creates(ada, no(in_(first)))
    before = ada.get(f"/segments/{second}/members").body["items"]
    replaces(ada, first, condition("visits", ">", 2))

    assert [each["lead_id"] for each in before] == [lead["lead_id"]]
    assert ada.get(f"/segments/{second}/members").body["items"] == []


def test_segments_name_others_as_often_as_their_graph_has_room_for(ada: Person) -> None:
    """A graph takes the most room when each segment names one other."""
    named = creates(ada, SPEND)
    full = {f"segment_{number:026d}": [named] for number in range(graph.MOST_NAMED)}
    item = records.to_item(graph.key(ada.tenant_id), "SegmentGraph", Graph(1, full))
    table.put_many([item])
    refused = ada.post("/segments", {"name": "x", "rule_ast": in_(named)})
    replaced = replaces(ada, creates(ada, SPEND), in_(named))
    unnaming = creates(ada, SPEND)

    assert len(json.dumps(item).encode()) < 390 * 1024
    assert [(each.status, each.body["code"]) for each in (refused, replaced)] == [(422, "TooManySegmentsNamed")] * 2
    assert ada.get(f"/segments/{unnaming}").status == 200
