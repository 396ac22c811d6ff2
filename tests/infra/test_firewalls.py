"""AWS WAF before both ways in: what it blocks, what it only counts, and what its log may hold."""

import json
from collections.abc import Mapping
from typing import Any

import pytest

from tests.infra.stages import ROOT, Stage, Stages

EDGE, GRAPHQL = "edge", "graphql"
NAMES = {"domain": "api.example.com", "hosted_zone": "Z0123456789EXAMPLE", "region": "eu-central-1"}
COMMON = "AWSManagedRulesCommonRuleSet"
USUAL = ["AWSManagedRulesAmazonIpReputationList", COMMON, "AWSManagedRulesKnownBadInputsRuleSet"]


@pytest.fixture(scope="module")
def fronted(stages: Stages) -> Stage:
    """A stage with a front, and nothing more said of it."""
    return stages.stage("dev", **NAMES, front=True)


@pytest.fixture(scope="module")
def strict(stages: Stages) -> Stage:
    """A stage with a front that lets less through."""
    return stages.stage("dev", **NAMES, front=True, front_blocks_anonymous=True, front_requests_per_address=5_000)


def acl(stage: Stage, stack: str) -> Mapping[str, Any]:
    (found,) = [
        each["Properties"] for name, each in stage.find("AWS::WAFv2::WebACL").items() if stage.stack_of(name) == stack
    ]
    properties: Mapping[str, Any] = found
    return properties


def managed(stage: Stage, stack: str) -> dict[str, Mapping[str, Any]]:
    return {
        rule["Name"]: rule["Statement"]["ManagedRuleGroupStatement"]
        for rule in acl(stage, stack)["Rules"]
        if "ManagedRuleGroupStatement" in rule["Statement"]
    }


def test_each_way_in_has_a_web_acl(fronted: Stage) -> None:
    (association,) = fronted.of_type("AWS::WAFv2::WebACLAssociation")
    (api,) = fronted.find("AWS::AppSync::GraphQLApi")

    assert {stack: acl(fronted, stack)["Scope"] for stack in (EDGE, GRAPHQL)} == {
        EDGE: "CLOUDFRONT",
        GRAPHQL: "REGIONAL",
    }
    assert association["ResourceArn"] == {"Fn::GetAtt": [api, "Arn"]}


@pytest.mark.parametrize("stack", [EDGE, GRAPHQL])
def test_an_address_that_sends_too_much_is_told_to_slow_down(stack: str, fronted: Stage, strict: Stage) -> None:
    rules = [acl(stage, stack)["Rules"][0] for stage in (fronted, strict)]

    assert [rule["Statement"]["RateBasedStatement"]["Limit"] for rule in rules] == [100_000, 5_000]
    for rule in rules:
        answer = rule["Action"]["Block"]["CustomResponse"]
        assert rule["Priority"] == 0
        assert rule["Statement"]["RateBasedStatement"]["AggregateKeyType"] == "IP"
        assert rule["Statement"]["RateBasedStatement"]["EvaluationWindowSec"] == 300
        assert answer["ResponseCode"] == 429
        assert answer["ResponseHeaders"] == [{"Name": "Retry-After", "Value": "60"}]


def test_what_our_functions_publish_counts_for_no_address(fronted: Stage) -> None:
    rates = [acl(fronted, stack)["Rules"][0]["Statement"]["RateBasedStatement"] for stack in (EDGE, GRAPHQL)]
    matched = rates[1]["ScopeDownStatement"]["NotStatement"]["Statement"]["ByteMatchStatement"]

    assert "ScopeDownStatement" not in rates[0]
    assert matched["FieldToMatch"] == {"SingleHeader": {"Name": "authorization"}}
    assert (matched["PositionalConstraint"], matched["SearchString"]) == ("STARTS_WITH", "AWS4-HMAC-SHA256")


@pytest.mark.parametrize("stack", [EDGE, GRAPHQL])
def test_rules_that_aws_keeps_are_asked(stack: str, fronted: Stage, strict: Stage) -> None:
    assert [*managed(fronted, stack)] == USUAL
    assert [*managed(strict, stack)] == [*USUAL, "AWSManagedRulesAnonymousIpList"]
    assert {rule["VendorName"] for rule in managed(strict, stack).values()} == {"AWS"}


@pytest.mark.parametrize("stack", [EDGE, GRAPHQL])
def test_rules_that_what_we_serve_would_break_only_count(stack: str, fronted: Stage) -> None:
    overridden = {
        name: {each["Name"]: each["ActionToUse"] for each in group.get("RuleActionOverrides", [])}
        for name, group in managed(fronted, stack).items()
    }

    assert {name for name, rules in overridden.items() if rules} == {COMMON}
    assert overridden[COMMON].keys() == {
        "SizeRestrictions_BODY",
        "SizeRestrictions_QUERYSTRING",
        "CrossSiteScripting_BODY",
        "GenericLFI_BODY",
        "GenericRFI_BODY",
        "EC2MetaDataSSRF_BODY",
        "NoUserAgent_HEADER",
    }
    assert all(action == {"Count": {}} for action in overridden[COMMON].values())


def test_what_is_blocked_is_logged_without_credentials(fronted: Stage) -> None:
    logging = fronted.of_type("AWS::WAFv2::LoggingConfiguration")

    assert len(logging) == 2
    for each in logging:
        (kept,) = each["LoggingFilter"]["Filters"]
        assert each["LoggingFilter"]["DefaultBehavior"] == "DROP"
        assert kept["Conditions"] == [{"ActionCondition": {"Action": "BLOCK"}}]
        assert each["RedactedFields"] == [
            *({"SingleHeader": {"Name": name}} for name in ("authorization", "x-api-key", "cookie")),
            {"QueryString": {}},
        ]


def test_no_sample_of_a_request_is_kept_with_its_credentials(fronted: Stage) -> None:
    said = json.dumps([acl(fronted, stack) for stack in (EDGE, GRAPHQL)])

    assert '"SampledRequestsEnabled": true' not in said


def test_logs_are_called_as_waf_wants_and_another_each_time(fronted: Stage) -> None:
    named = [
        each["Properties"]["LogGroupName"]["Fn::Join"][1]
        for each in fronted.find("AWS::Logs::LogGroup").values()
        if "aws-waf-logs" in json.dumps(each["Properties"].get("LogGroupName", ""))
    ]

    assert [name[0] for name in named] == ["aws-waf-logs-milepost-dev-"] * 2
    assert {name[1]["Fn::GetAtt"][1] for name in named} == {"Id"}


def test_what_it_costs_is_counted(fronted: Stage, strict: Stage) -> None:
    page = (ROOT / "docs" / "deploying.md").read_text(encoding="utf-8")
    counts = [
        (len(each.of_type("AWS::WAFv2::WebACL")), sum(len(acl["Rules"]) for acl in each.of_type("AWS::WAFv2::WebACL")))
        for each in (fronted, strict)
    ]
    (acls, rules), (_, most) = counts

    assert f"{acls} web ACLs at 5.00 and {rules} rules at 1.00" in page
    assert f"{most - rules} rules more with `front_blocks_anonymous` | {5 * acls + rules:.2f} |" in page


def test_a_stage_has_no_firewall_unless_it_has_a_front(prod: Stage) -> None:
    assert prod.of_type("AWS::WAFv2::WebACL") == []
    assert prod.templates.keys() & {"edge", "front", "edge-logs"} == set()
