"""Segments over GraphQL."""

import json

import pytest

from tests.audience.people import Person
from tests.audience.segments.rules.leads import both, condition, no

VISITORS = condition("visits", ">=", 2)


def test_a_segment_is_created_shown_replaced_and_deleted(ada: Person) -> None:
    sent = {"name": "Visitors", "ruleAst": json.dumps(VISITORS), "timeZone": "Europe/Berlin"}
    made = ada.ask("createSegment", input=sent).data
    shown = ada.ask("segment", segmentId=made["segmentId"]).data
    listed = ada.ask("segments", limit=5).data
    other = {"name": "All", "ruleAst": json.dumps(both())}
    replaced = ada.ask("replaceSegment", segmentId=made["segmentId"], input=other, expectedVersion=1).data
    stale = ada.ask("replaceSegment", segmentId=made["segmentId"], input=other, expectedVersion=1)
    deleted = ada.ask("deleteSegment", segmentId=made["segmentId"], expectedVersion=2).data

    assert {**shown, "warnings": []} == made
    assert (json.loads(made["ruleAst"]), made["timeZone"], made["version"]) == (VISITORS, "Europe/Berlin", 1)
    assert listed == {"items": [shown], "nextToken": None}
    assert [each["code"] for each in replaced["warnings"]] == ["MATCHES_ALL"]
    assert replaced["timeZone"] == "UTC"
    assert stale.error_type == "VersionChanged"
    assert deleted == {"segmentId": made["segmentId"]}
    assert ada.ask("segment", segmentId=made["segmentId"]).error_type == "SegmentNotFound"


def test_who_is_in_a_segment_and_why(ada: Person) -> None:
    leads = [each["lead_id"] for each in ada.imports(*({"external_id": str(n), "visits": n} for n in range(4)))]
    rule = json.dumps(both(VISITORS, no(condition("tags", "=", "vip"))))
    previewed = ada.ask("segmentPreview", ruleAst=rule).data
    segment_id = ada.ask("createSegment", input={"name": "Visitors", "ruleAst": rule}).data["segmentId"]
    members = ada.ask("segmentMembers", segmentId=segment_id, limit=5).data
    why = ada.ask("segmentMembership", segmentId=segment_id, leadId=leads[3]).data

    assert (previewed["count"], previewed["lagSeconds"], previewed["warnings"]) == (2, 0, [])
    assert {each["leadId"] for each in previewed["sample"]} == set(leads[2:])
    assert {each["leadId"] for each in members["items"]} == set(leads[2:])
    assert why["isMember"] is True
    assert [(each["path"], json.loads(each["condition"]), each["holds"]) for each in why["reasons"]] == [
        ("$.children[0]", VISITORS, True),
        ("$.children[1].children[0]", condition("tags", "=", "vip"), False),
    ]


@pytest.mark.parametrize(
    ("rule", "code", "said"),
    [
        ("{", "InvalidInput", "is not valid JSON"),
        ('{"op":"NOT","children":[' * 20_000 + "1" + "]}" * 20_000, "RuleRefused", "AST_TOO_DEEP"),
        ('{"op":"NOT","children":[' * 100 + "1" + "]}" * 100, "RuleRefused", "AST_TOO_DEEP"),
        (json.dumps(both(condition("nothing", "=", 1))), "RuleRefused", "UNKNOWN_FIELD at $.children[0]"),
    ],
)
def test_a_rule_is_refused_with_its_fault_and_its_path(ada: Person, rule: str, code: str, said: str) -> None:
    refused = ada.ask("createSegment", input={"name": "x", "ruleAst": rule})

    assert refused.error_type == code
    assert said in refused.message


def test_a_segment_of_another_tenant_is_not_there(ada: Person, eve: Person) -> None:
    made = ada.ask("createSegment", input={"name": "x", "ruleAst": json.dumps(VISITORS)}).data["segmentId"]

    assert eve.ask("segment", segmentId=made).error_type == "SegmentNotFound"
    assert eve.ask("segmentMembers", segmentId=made).error_type == "SegmentNotFound"
    assert eve.ask("deleteSegment", segmentId=made).error_type == "SegmentNotFound"


def test_a_refusal_has_what_it_has_over_rest(ada: Person) -> None:
    rule = json.dumps(both(condition("nothing", "=", 1)))
    refused = ada.ask("segmentPreview", ruleAst=rule).info
    named = ada.ask("createSegment", input={"name": "x", "ruleAst": json.dumps(VISITORS)}).data["segmentId"]
    naming = json.dumps(condition("segment", "=", named))
    names = ada.ask("createSegment", input={"name": "y", "ruleAst": naming}).data["segmentId"]
    in_use = ada.ask("deleteSegment", segmentId=named)

    assert (refused["fault"], refused["path"]) == ("UNKNOWN_FIELD", "$.children[0]")
    assert (in_use.error_type, in_use.info["segmentIds"]) == ("SegmentInUse", [names])
