"""Segments over REST: kept, listed, replaced and deleted."""

import json
from time import process_time
from typing import Any

import pytest

from shared import ids
from shared.storage import table
from tests.audience.people import Person
from tests.audience.segments.rules.leads import both, condition, either, no

SPEND = condition("total_spend", ">", 1000)
UNKNOWN = "segment_01KAEY5R7C2N8V4X6Z9B1D3F5H"


def creates(person: Person, tree: Any = SPEND, **more: Any) -> dict[str, Any]:
    """Create a segment and return it."""
    answer = person.post("/segments", {"name": "High spenders", "rule_ast": tree, **more})
    assert answer.status == 201, answer.body
    return dict(answer.body)


def in_(segment: dict[str, Any]) -> dict[str, Any]:
    """Return the condition that a lead is in a segment."""
    return condition("segment", "=", segment["segment_id"])


def test_a_segment_is_kept_as_it_was_sent(ada: Person) -> None:
    made = creates(ada, both(SPEND), time_zone="Europe/Berlin")
    read = ada.get(f"/segments/{made['segment_id']}").body

    assert {**read, "warnings": []} == made
    assert (read["name"], read["rule_ast"], read["time_zone"]) == ("High spenders", both(SPEND), "Europe/Berlin")
    assert (read["version"], read["created_by"]) == (1, ada.user_id)


def test_what_may_not_be_meant_is_warned_of(ada: Person) -> None:
    assert creates(ada, either())["warnings"] == [
        {"code": "MATCHES_ALL", "path": "$", "detail": "OR without children matches every lead."}
    ]


@pytest.mark.parametrize(
    ("tree", "fault", "path"),
    [
        (both(SPEND, condition("nothing", "=", 1)), "UNKNOWN_FIELD", "$.children[1]"),
        (condition("segment", "=", UNKNOWN), "UNKNOWN_SEGMENT", "$"),
        (condition("segment", "=", "x#y"), "UNKNOWN_SEGMENT", "$"),
        ("AND", "INVALID_NODE", "$"),
        (None, "INVALID_NODE", "$"),
        ([SPEND], "INVALID_NODE", "$"),
        (condition("metadata.a", "IN", ["é" * 256] * 100), "AST_TOO_LARGE", "$"),
    ],
)
def test_a_rule_is_refused_with_its_fault_and_its_path(ada: Person, tree: Any, fault: str, path: str) -> None:
    for refused in (
        ada.post("/segments", {"name": "x", "rule_ast": tree}, key=ids.new("key")),
        ada.rest("PUT", f"/segments/{creates(ada)['segment_id']}", {"name": "x", "rule_ast": tree}),
    ):
        assert (refused.status, refused.body["code"]) == (422, "RuleRefused")
        assert (refused.body["fault"], refused.body["path"]) == (fault, path)


@pytest.mark.parametrize("path", ["/segments", "/segments/preview"])
@pytest.mark.parametrize("levels", [10, 100, 400])
def test_a_deep_rule_is_refused_also_with_an_idempotency_key(ada: Person, path: str, levels: int) -> None:
    tree: Any = SPEND
    for _ in range(levels):
        tree = no(tree)
    name = {} if path.endswith("preview") else {"name": "x"}
    refused = ada.post(path, {**name, "rule_ast": tree}, key="deep")

    assert (refused.status, refused.body["fault"], refused.body["path"]) == (
        422,
        "AST_TOO_DEEP",
        "$" + ".children[0]" * 10,
    )


def test_a_value_that_is_nested_deeply_is_refused_too(ada: Person) -> None:
    value: Any = 1
    for _ in range(400):
        value = [value]
    refused = ada.post("/segments", {"name": "x", "rule_ast": condition("visits", "=", value)}, key="deep")

    assert (refused.status, refused.body["fault"], refused.body["path"]) == (422, "AST_TOO_DEEP", "$")


def test_a_rule_that_the_parser_gives_up_is_refused_as_well(ada: Person) -> None:
    text = '{"op":"NOT","children":[' * 20_000 + json.dumps(SPEND) + "]}" * 20_000
    assert ada.post("/segments/preview", {"rule_ast": SPEND}).status == 200
    began = process_time()
    refused = ada.sends("/segments/preview", f'{{"rule_ast":{text}}}')
    took_seconds = process_time() - began

    assert (refused.status, refused.body["fault"], refused.body["path"]) == (422, "AST_TOO_DEEP", "$")
    assert took_seconds <= 0.05


@pytest.mark.parametrize(
    "body", [{}, {"name": "x"}, {"name": "", "rule_ast": SPEND}, {"name": "x", "rule_ast": SPEND, "a": 1}]
)
def test_a_body_without_its_fields_is_refused(ada: Person, body: Any) -> None:
    assert (ada.post("/segments", body).status, ada.post("/segments", body).body["code"]) == (422, "InvalidInput")


def test_a_time_zone_is_one_of_iana(ada: Person) -> None:
    assert ada.post("/segments", {"name": "x", "rule_ast": SPEND, "time_zone": "Mars/Olympus"}).status == 422


def test_a_repeated_request_creates_one_segment(ada: Person) -> None:
    sent = {"name": "x", "rule_ast": SPEND}
    first, again = (ada.post("/segments", sent, key="once").body for _ in range(2))

    assert again == first
    assert len(ada.get("/segments").body["items"]) == 1


def test_segments_are_listed_the_newest_first(ada: Person, eve: Person) -> None:
    made = [creates(ada)["segment_id"] for _ in range(3)]
    creates(ada, in_(creates(ada)))
    page = ada.get("/segments", "limit=4").body
    rest = ada.get("/segments", f"limit=4&cursor={page['next_cursor']}").body

    assert len(page["items"]) == 4
    assert [each["segment_id"] for each in [*page["items"], *rest["items"]]][2:] == made[::-1]
    assert rest["next_cursor"] is None
    assert eve.get("/segments").body["items"] == []
    assert eve.get("/segments", f"cursor={page['next_cursor']}").body["items"] == []


def test_a_segment_is_replaced(ada: Person) -> None:
    made = creates(ada)
    sent = {"name": "Visitors", "rule_ast": condition("visits", ">", 1)}
    replaced = ada.rest("PUT", f"/segments/{made['segment_id']}", sent, headers={"if-match": '"1"'})
    stale = ada.rest("PUT", f"/segments/{made['segment_id']}", sent, headers={"if-match": '"1"'})

    assert (replaced.status, replaced.body["version"], replaced.body["name"]) == (200, 2, "Visitors")
    assert replaced.body["rule_ast"] == sent["rule_ast"]
    assert replaced.body["time_zone"] == "UTC"
    assert stale.status == 412


def test_a_deleted_segment_is_gone(ada: Person) -> None:
    place = f"/segments/{creates(ada)['segment_id']}"

    assert ada.delete(place, if_match='"2"').status == 412
    assert ada.delete(place).status == 204
    assert {ada.get(place).status, ada.delete(place).status, ada.get(f"{place}/members").status} == {404}
    assert ada.rest("PUT", place, {"name": "x", "rule_ast": SPEND}).status == 404


def test_a_segment_of_another_tenant_is_not_there(ada: Person, eve: Person) -> None:
    made = creates(ada)
    place = f"/segments/{made['segment_id']}"

    assert {eve.get(place).status, eve.delete(place).status, eve.get(f"{place}/members").status} == {404}
    assert eve.post("/segments", {"name": "x", "rule_ast": in_(made)}).body["fault"] == "UNKNOWN_SEGMENT"


@pytest.mark.parametrize("place", ["/segments/x", "/segments/segment_x%23y", f"/segments/{UNKNOWN}"])
def test_an_id_that_no_segment_has_is_not_there(ada: Person, place: str) -> None:
    assert ada.get(place).status == 404


def test_reading_and_writing_have_scopes_of_their_own(ada: Person) -> None:
    reader, writer = ada.holding("audience:read"), ada.holding("audience:write")
    sent = {"name": "x", "rule_ast": SPEND}

    assert reader.post("/segments/preview", {"rule_ast": SPEND}).status == 200
    assert reader.post("/segments", sent).status == 403
    assert writer.post("/segments", sent).status == 201
    assert writer.get("/segments").status == 403


def test_what_becomes_of_a_segment_is_told(ada: Person) -> None:
    made = creates(ada)["segment_id"]
    ada.rest("PUT", f"/segments/{made}", {"name": "x", "rule_ast": SPEND})
    ada.delete(f"/segments/{made}")
    told = list(table.query_all(f"TENANT#{ada.tenant_id}#SEGMENT#{made}", "EVENT#"))

    assert [(each["event_type"], each["data"]) for each in told] == [
        ("audience.segment.created", {"segment_id": made, "segment_version": 1}),
        ("audience.segment.updated", {"segment_id": made, "segment_version": 2}),
        ("audience.segment.deleted", {"segment_id": made, "segment_version": 3}),
    ]
