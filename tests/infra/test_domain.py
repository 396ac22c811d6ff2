"""A stage with names of its own: certificates, what answers there, and the records that lead there."""

from typing import Any

import pytest

from tests.infra.stages import Stage, Stages

ZONE = "Z0123456789EXAMPLE"
NAMES = {"domain": "api.example.com", "graphql_domain": "graphql.example.com"}
CERTIFICATE = "arn:aws:acm:eu-central-1:123456789012:certificate/0a1b2c3d-0000-4000-8000-000000000001"
EDGE_CERTIFICATE = "arn:aws:acm:us-east-1:123456789012:certificate/0a1b2c3d-0000-4000-8000-000000000002"
FROM_EDGE = {
    "Fn::GetStackOutput": {
        "StackName": "milepost-dev-edge",
        "OutputName": "GraphqlCertificateArn",
        "Region": "us-east-1",
    }
}


@pytest.fixture(scope="module")
def zoned(stages: Stages) -> Stage:
    """A stage whose names are in a zone of the same account."""
    return stages.stage("dev", **NAMES, hosted_zone=ZONE)


@pytest.fixture(scope="module")
def named(stages: Stages) -> Stage:
    """A stage with names in somebody else's zone, and certificates that were there before."""
    return stages.stage(
        "dev", **NAMES, certificate_arn=CERTIFICATE, graphql_certificate_arn=EDGE_CERTIFICATE, issuer="https://a.b"
    )


def outputs(stage: Stage, stack: str) -> dict[str, Any]:
    return {name: each["Value"] for name, each in stage.templates[stack]["Outputs"].items()}


def test_rest_answers_under_its_name_and_speaks_no_old_tls(zoned: Stage) -> None:
    (domain,) = zoned.of_type("AWS::ApiGatewayV2::DomainName")
    (configuration,) = domain["DomainNameConfigurations"]
    (mapping,) = zoned.of_type("AWS::ApiGatewayV2::ApiMapping")
    (api,) = zoned.find("AWS::ApiGatewayV2::Api")

    assert domain["DomainName"] == "api.example.com"
    assert configuration["SecurityPolicy"] == "TLS_1_2"
    assert configuration["EndpointType"] == "REGIONAL"
    assert configuration["IpAddressType"] == "dualstack"
    assert mapping["ApiId"] == {"Ref": api}
    assert mapping["Stage"] == "$default"
    assert "ApiMappingKey" not in mapping


def test_a_name_is_mapped_once_its_stage_is_there(zoned: Stage) -> None:
    (mapping,) = zoned.find("AWS::ApiGatewayV2::ApiMapping").values()
    (stage,) = zoned.find("AWS::ApiGatewayV2::Stage")

    assert stage in mapping["DependsOn"]


def test_the_address_that_aws_gave_is_closed_where_there_is_a_name(zoned: Stage, prod: Stage) -> None:
    closed = [stage.of_type("AWS::ApiGatewayV2::Api")[0]["DisableExecuteApiEndpoint"] for stage in (zoned, prod)]

    assert closed == [True, False]


def test_certificates_are_made_where_they_are_looked_for_and_proved_in_the_zone(zoned: Stage) -> None:
    made = {
        each["Properties"]["DomainName"]: (zoned.stack_of(name), each["Properties"])
        for name, each in zoned.find("AWS::CertificateManager::Certificate").items()
    }

    assert {domain: stack for domain, (stack, _) in made.items()} == {
        "api.example.com": "stateless",
        "graphql.example.com": "edge",
    }
    for domain, (_, certificate) in made.items():
        assert certificate["ValidationMethod"] == "DNS"
        assert certificate["DomainValidationOptions"] == [{"DomainName": domain, "HostedZoneId": ZONE}]


def test_graphql_reads_its_certificate_from_the_region_of_cloudfront(zoned: Stage) -> None:
    (domain,) = zoned.of_type("AWS::AppSync::DomainName")
    (association,) = zoned.of_type("AWS::AppSync::DomainNameApiAssociation")

    assert domain == {"DomainName": "graphql.example.com", "CertificateArn": FROM_EDGE, "Tags": domain["Tags"]}
    assert association["DomainName"] == "graphql.example.com"
    assert "GraphqlCertificateArn" in zoned.templates["edge"]["Outputs"]


def test_names_lead_there_over_both_protocols(zoned: Stage) -> None:
    records = zoned.of_type("AWS::Route53::RecordSet")
    targets = {each["Name"]: next(iter(each["AliasTarget"]["DNSName"].values()))[1] for each in records}

    assert {(each["Name"], each["Type"], each["HostedZoneId"]) for each in records} == {
        (f"{domain}.", kind, ZONE) for domain in NAMES.values() for kind in ("A", "AAAA")
    }
    assert targets == {"api.example.com.": "RegionalDomainName", "graphql.example.com.": "AppSyncDomainName"}


def test_tokens_pages_and_outputs_know_the_name(zoned: Stage) -> None:
    variables = [each["Environment"]["Variables"] for each in zoned.of_type("AWS::Lambda::Function")]

    assert {each["TOKEN_ISSUER"] for each in variables} == {"https://api.example.com"}
    assert {each["PAGE_URL"] for each in variables if "PAGE_URL" in each} == {"https://api.example.com"}
    assert outputs(zoned, "stateless")["ApiUrl"] == "https://api.example.com"
    assert outputs(zoned, "graphql")["GraphqlUrl"] == "https://graphql.example.com/graphql"


def test_functions_call_graphql_at_the_address_that_aws_gave_it(zoned: Stage) -> None:
    told = [each["Environment"]["Variables"].get("GRAPHQL_URL") for each in zoned.of_type("AWS::Lambda::Function")]

    assert [next(iter(each.values()))[1] for each in told if each] == ["GraphQLUrl"] * 2


def test_without_a_zone_the_outputs_say_the_records_and_nothing_is_made(named: Stage) -> None:
    rest, graphql = outputs(named, "stateless")["ApiRecord"], outputs(named, "graphql")["GraphqlRecord"]

    assert rest["Fn::Join"][1][0] == "api.example.com CNAME "
    assert graphql["Fn::Join"][1][0] == "graphql.example.com CNAME "
    assert named.of_type("AWS::Route53::RecordSet") == []
    assert named.of_type("AWS::CertificateManager::Certificate") == []
    assert "edge" not in named.templates


def test_certificates_of_the_settings_are_used(named: Stage) -> None:
    (rest,) = named.of_type("AWS::ApiGatewayV2::DomainName")
    (graphql,) = named.of_type("AWS::AppSync::DomainName")

    assert rest["DomainNameConfigurations"][0]["CertificateArn"] == CERTIFICATE
    assert graphql["CertificateArn"] == EDGE_CERTIFICATE


def test_an_issuer_of_its_own_outlives_the_name_and_pages_are_found_under_the_name(named: Stage) -> None:
    variables = [each["Environment"]["Variables"] for each in named.of_type("AWS::Lambda::Function")]

    assert {each["TOKEN_ISSUER"] for each in variables} == {"https://a.b"}
    assert {each["PAGE_URL"] for each in variables if "PAGE_URL" in each} == {"https://api.example.com"}


def test_a_stage_has_no_name_unless_it_says_so(prod: Stage) -> None:
    kinds = {"AWS::ApiGatewayV2::DomainName", "AWS::AppSync::DomainName", "AWS::CertificateManager::Certificate"}

    assert [kind for kind in kinds if prod.of_type(kind)] == []
    assert "edge" not in prod.templates
