"""The OpenSearch domain of a stage: only where it is asked for, encrypted, and closed but to two functions."""

from collections.abc import Mapping
from typing import Any

import pytest

from tests.infra.stages import Stage, Stages

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
