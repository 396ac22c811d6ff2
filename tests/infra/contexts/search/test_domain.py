"""The OpenSearch domain of a stage: only where it is asked for, encrypted, and closed but to two functions."""

from collections.abc import Mapping
from typing import Any

import pytest

from tests.infra.stages import Stage, Stages
from tests.infra.watched import alarms, alarms_of

DOMAIN = "AWS::OpenSearchService::Domain"


@pytest.fixture(scope="module")
def small(stages: Stages) -> Stage:
    """A stage for trying things out, with a domain of one node."""
    return stages.stage("dev", search_engine="opensearch")


def domain(stage: Stage) -> Mapping[str, Any]:
    (found,) = stage.of_type(DOMAIN)
    return found


def said(resource: Any) -> str:
    """Return what is said of a resource that is put together in the template, behind its account."""
    return str(resource["Fn::Join"][1][-1])


def test_there_is_nothing_of_it_unless_it_is_asked_for(prod: Stage) -> None:
    variables = [each["Environment"]["Variables"] for each in prod.of_type("AWS::Lambda::Function")]

    assert prod.of_type(DOMAIN) == prod.of_type("AWS::Logs::ResourcePolicy") == []
    assert not any("OPENSEARCH_ENDPOINT" in each for each in variables)
    assert "es:ESHttp" not in str(prod.of_type("AWS::IAM::Policy"))


def test_production_has_as_many_nodes_in_each_of_two_zones(full: Stage, small: Stage) -> None:
    assert domain(full)["ClusterConfig"] == {
        "InstanceType": "r7g.large.search",
        "InstanceCount": 4,
        "ZoneAwarenessEnabled": True,
        "ZoneAwarenessConfig": {"AvailabilityZoneCount": 2},
    }
    assert domain(full)["EBSOptions"] == {"EBSEnabled": True, "VolumeType": "gp3", "VolumeSize": 50}
    assert domain(small)["ClusterConfig"] == {"InstanceType": "t3.medium.search", "InstanceCount": 1}


def test_what_it_keeps_and_what_goes_over_the_wire_is_encrypted(full: Stage) -> None:
    found = domain(full)

    assert found["EncryptionAtRestOptions"] == found["NodeToNodeEncryptionOptions"] == {"Enabled": True}
    assert found["DomainEndpointOptions"] == {
        "EnforceHTTPS": True,
        "TLSSecurityPolicy": "Policy-Min-TLS-1-2-PFS-2023-10",
    }


def test_one_function_writes_indexes_another_one_searches_them_and_nobody_else_may(full: Stage) -> None:
    statements = domain(full)["AccessPolicies"]["Statement"]

    assert [(each["Effect"], each["Action"], said(each["Resource"])) for each in statements] == [
        (
            "Allow",
            ["es:ESHttpGet", "es:ESHttpPut", "es:ESHttpPost", "es:ESHttpDelete"],
            ":domain/milepost-full/col_*",
        ),
        ("Allow", "es:ESHttpPost", ":domain/milepost-full/col_*/_search"),
    ]
    assert [each["Principal"]["AWS"]["Fn::GetAtt"][0].startswith("FunctionsSearch") for each in statements] == [
        True
    ] * 2
    assert domain(full)["AdvancedOptions"]["rest.action.multi.allow_explicit_index"] == "false"


def test_the_roles_of_the_functions_say_the_same_and_they_know_the_address(full: Stage) -> None:
    allowed = [
        (each["Action"], said(each["Resource"]))
        for policy in full.of_type("AWS::IAM::Policy")
        for each in policy["PolicyDocument"]["Statement"]
        if "es:ESHttp" in str(each["Action"])
    ]
    told = [
        each["Handler"]
        for each in full.of_type("AWS::Lambda::Function")
        if "OPENSEARCH_ENDPOINT" in each["Environment"]["Variables"]
    ]

    assert sorted(resource for _, resource in allowed) == [
        ":domain/milepost-full/col_*",
        ":domain/milepost-full/col_*/_search",
    ]
    assert sorted(told) == ["functions.search.indexing_consumers.handler", "functions.search.query_api.handler"]


@pytest.mark.parametrize(
    ("metric", "statistic", "threshold", "minutes", "periods"),
    [
        ("ClusterStatus.red", "Maximum", 1, 1, 1),
        ("ClusterIndexWritesBlocked", "Maximum", 1, 5, 1),
        ("JVMMemoryPressure", "Maximum", 95, 1, 3),
    ],
)
def test_a_domain_that_is_not_well_rings(
    full: Stage, metric: str, statistic: str, threshold: int, minutes: int, periods: int
) -> None:
    (alarm,) = alarms_of(full, metric)
    said = {name: alarm.properties[name] for name in ("Threshold", "Period", "EvaluationPeriods")}

    assert [(each.namespace, each.statistic) for each in alarm.metrics] == [("AWS/ES", statistic)]
    assert dict(alarm.metrics[0].dimensions) == {"ClientId": {"Ref": "AWS::AccountId"}, "DomainName": "milepost-full"}
    assert said == {"Threshold": threshold, "Period": 60 * minutes, "EvaluationPeriods": periods}
    assert alarm.properties["ComparisonOperator"] == "GreaterThanOrEqualToThreshold"


def test_a_node_that_has_used_three_quarters_of_its_volume_rings(full: Stage) -> None:
    (alarm,) = alarms_of(full, "FreeStorageSpace")

    assert [(each.name, each.statistic) for each in alarm.metrics] == [("FreeStorageSpace", "Minimum")]
    assert (alarm.expression, alarm.properties["Threshold"]) == ("100 - 100 * free / 51200", 75)


def test_nothing_rings_of_a_domain_that_there_is_not(prod: Stage) -> None:
    assert [each.name for each in alarms(prod) if "Domain" in each.name] == []


def test_it_logs_to_groups_that_only_this_domain_may_write(full: Stage) -> None:
    published = domain(full)["LogPublishingOptions"]
    (policy,) = full.of_type("AWS::Logs::ResourcePolicy")

    assert {name: each["Enabled"] for name, each in published.items()} == {
        "ES_APPLICATION_LOGS": True,
        "SEARCH_SLOW_LOGS": True,
        "INDEX_SLOW_LOGS": True,
    }
    assert "es.amazonaws.com" in str(policy["PolicyDocument"])
    assert "aws:SourceAccount" in str(policy["PolicyDocument"])
