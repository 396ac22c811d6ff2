"""CloudFront before the REST API, as the only way in. cdk-nag has looked at all of it; nothing has run on AWS."""

import json
import shutil
import subprocess
from collections.abc import Mapping
from fnmatch import fnmatchcase
from typing import Any

import pytest

from infra.constructs.fronts.distribution import VIEWER_ADDRESS
from shared.api import security_headers
from tests.infra.stages import ROOT, Stage, Stages

ZONE = "Z0123456789EXAMPLE"
REGION = "eu-central-1"
OPERATIONS = json.loads((ROOT / "docs" / "openapi.json").read_text())["paths"]
CERTIFICATE = "arn:aws:acm:us-east-1:123456789012:certificate/0a1b2c3d-0000-4000-8000-000000000001"
CACHING_DISABLED = "4135ea2d-6df8-44a3-9df3-4b5a84be39ad"
ALL_BUT_HOST = "b689b0a8-53d0-40ab-baf2-68738e2966ac"
CONTEXTS = {
    "audience",
    "goals",
    "identity",
    "jobs",
    "milestones",
    "payments",
    "portal",
    "projects",
    "search",
    "sequences",
    "webhooks",
}
SERVING = {f"functions.{context}.api.handler" for context in CONTEXTS} | {
    "functions.audience.query_api.handler",
    "functions.search.query_api.handler",
}


@pytest.fixture(scope="module")
def fronted(stages: Stages) -> Stage:
    """A stage behind CloudFront, with everything that can be said of it."""
    return stages.stage(
        "dev",
        region=REGION,
        domain="api.example.com",
        graphql_domain="graphql.example.com",
        hosted_zone=ZONE,
        front=True,
        front_blocks_anonymous=True,
        front_price_class="100",
        front_requests_per_address=5_000,
        origin_domain="origin.example.com",
    )


@pytest.fixture(scope="module")
def plain(stages: Stages) -> Stage:
    """A stage behind CloudFront with the least that it needs, in a zone of somebody else."""
    return stages.stage("dev", region=REGION, domain="api.example.com", front=True, front_certificate_arn=CERTIFICATE)


def distribution(stage: Stage) -> Mapping[str, Any]:
    (found,) = stage.of_type("AWS::CloudFront::Distribution")
    configuration: Mapping[str, Any] = found["DistributionConfig"]
    return configuration


def behaviors(stage: Stage) -> list[Mapping[str, Any]]:
    found = distribution(stage)
    return [*found["CacheBehaviors"], found["DefaultCacheBehavior"]]


def from_edge(name: str) -> dict[str, Any]:
    return {"Fn::GetStackOutput": {"StackName": "milepost-dev-edge", "OutputName": name, "Region": "us-east-1"}}


def policies(stage: Stage, kind: str) -> dict[str, Mapping[str, Any]]:
    found = stage.find(f"AWS::CloudFront::{kind}")
    return {name: each["Properties"][f"{kind}Config"] for name, each in found.items()}


def test_callers_come_by_tls_1_2_or_later_and_may_come_by_http_3(fronted: Stage) -> None:
    found = distribution(fronted)

    assert found["Aliases"] == ["api.example.com"]
    assert found["ViewerCertificate"]["MinimumProtocolVersion"] == "TLSv1.2_2021"
    assert found["ViewerCertificate"]["SslSupportMethod"] == "sni-only"
    assert found["ViewerCertificate"]["AcmCertificateArn"] == from_edge("FrontCertificateArn")
    assert found["HttpVersion"] == "http2and3"
    assert found["IPV6Enabled"] is True
    assert found["PriceClass"] == "PriceClass_100"


def test_the_web_acl_of_its_region_stands_before_it(fronted: Stage) -> None:
    (acl,) = [name for name in fronted.find("AWS::WAFv2::WebACL") if fronted.stack_of(name) == "edge"]

    assert distribution(fronted)["WebACLId"] == from_edge("FrontAclArn")
    assert fronted.templates["edge"]["Outputs"]["FrontAclArn"]["Value"] == {"Fn::GetAtt": [acl, "Arn"]}


@pytest.mark.parametrize("stage", ["fronted", "plain"])
def test_the_secret_is_a_reference_that_cloudformation_follows(stage: str, request: pytest.FixtureRequest) -> None:
    made: Stage = request.getfixturevalue(stage)
    (origin,) = distribution(made)["Origins"]
    (header,) = origin["OriginCustomHeaders"]
    (secret,) = [name for name in made.find("AWS::SecretsManager::Secret") if "Front" in name]
    parts = header["HeaderValue"]["Fn::Join"][1]

    assert header["HeaderName"].lower() == "x-front-secret"
    assert parts == ["{{resolve:secretsmanager:", {"Fn::GetAtt": [secret, "Id"]}, ":SecretString:current::}}"]


@pytest.mark.parametrize("stage", ["fronted", "plain"])
def test_the_api_is_asked_over_tls_1_2(stage: str, request: pytest.FixtureRequest) -> None:
    (origin,) = distribution(request.getfixturevalue(stage))["Origins"]

    assert origin["CustomOriginConfig"]["OriginProtocolPolicy"] == "https-only"
    assert origin["CustomOriginConfig"]["OriginSSLProtocols"] == ["TLSv1.2"]
    assert origin["CustomOriginConfig"]["OriginReadTimeout"] == 30


def test_an_origin_with_a_name_closes_the_address_that_aws_gave(fronted: Stage) -> None:
    (origin,) = distribution(fronted)["Origins"]
    (api,) = fronted.of_type("AWS::ApiGatewayV2::Api")
    (domain,) = fronted.of_type("AWS::ApiGatewayV2::DomainName")

    assert origin["DomainName"] == domain["DomainName"] == "origin.example.com"
    assert api["DisableExecuteApiEndpoint"] is True


def test_an_origin_without_one_is_the_address_that_aws_gave(plain: Stage) -> None:
    (origin,) = distribution(plain)["Origins"]
    (api,) = plain.find("AWS::ApiGatewayV2::Api")

    assert origin["DomainName"]["Fn::Join"][1][:2] == [{"Ref": api}, ".execute-api."]
    assert plain.of_type("AWS::ApiGatewayV2::Api")[0]["DisableExecuteApiEndpoint"] is False
    assert plain.of_type("AWS::ApiGatewayV2::DomainName") == []


@pytest.mark.parametrize("stage", ["fronted", "plain"])
def test_every_function_that_serves_rest_refuses_what_comes_past_it(stage: str, request: pytest.FixtureRequest) -> None:
    made: Stage = request.getfixturevalue(stage)
    told = {
        each["Handler"]: each["Environment"]["Variables"]["FRONT_ADDRESS_HEADER"]
        for each in made.of_type("AWS::Lambda::Function")
        if each["Environment"]["Variables"].get("FRONT_IS_THE_ONLY_WAY_IN") == "true"
    }

    assert told == dict.fromkeys(SERVING, "x-viewer-address")


def test_functions_close_once_the_front_is_there(fronted: Stage, stages: Stages) -> None:
    read = {name for name, template in fronted.templates.items() if "FRONT_IS_THE_ONLY_WAY_IN" in json.dumps(template)}

    assert read == CONTEXTS
    assert {name: {"edge", "front"} <= fronted.follows(name) for name in read} == dict.fromkeys(read, True)


def test_a_front_of_somebody_else_closes_nothing(stages: Stages) -> None:
    theirs = stages.stage("dev", front_address_header="CloudFront-Viewer-Address")

    assert "FRONT_IS_THE_ONLY_WAY_IN" not in json.dumps(theirs.templates)
    assert theirs.of_type("AWS::CloudFront::Distribution") == []


def test_what_needs_a_credential_is_never_kept(fronted: Stage) -> None:
    default = distribution(fronted)["DefaultCacheBehavior"]
    kept = [each["PathPattern"] for each in distribution(fronted)["CacheBehaviors"]]
    covered = {
        (method, operation["x-scope"])
        for path, item in OPERATIONS.items()
        for method, operation in item.items()
        if any(fnmatchcase(path, pattern) for pattern in kept)
    }

    assert default["CachePolicyId"] == CACHING_DISABLED
    assert default["OriginRequestPolicyId"] == ALL_BUT_HOST
    assert default["Compress"] is False
    assert covered == {("get", "public")}


def test_health_is_asked_anew_each_time(fronted: Stage) -> None:
    kept = [each["PathPattern"] for each in distribution(fronted)["CacheBehaviors"]]

    assert [path for path in OPERATIONS if "health" in path for each in kept if fnmatchcase(path, each)] == []


def test_what_is_kept_is_asked_for_without_credentials_and_as_long_as_it_says(fronted: Stage) -> None:
    (cache,) = policies(fronted, "CachePolicy").values()
    (asked,) = policies(fronted, "OriginRequestPolicy").values()
    key = cache["ParametersInCacheKeyAndForwardedToOrigin"]

    assert (cache["MinTTL"], cache["DefaultTTL"]) == (0, 0)
    assert key["HeadersConfig"] == {"HeaderBehavior": "whitelist", "Headers": ["Origin"]}
    assert key["QueryStringsConfig"] == {"QueryStringBehavior": "all"}
    assert key["CookiesConfig"] == asked["CookiesConfig"] == {"CookieBehavior": "none"}
    assert {key["EnableAcceptEncodingGzip"], key["EnableAcceptEncodingBrotli"]} == {True}
    assert asked["HeadersConfig"]["Headers"] == [
        "x-viewer-address",
        "Access-Control-Request-Method",
        "Access-Control-Request-Headers",
    ]


def test_no_refusal_to_one_is_given_to_another(fronted: Stage) -> None:
    errors = {each["ErrorCode"]: each["ErrorCachingMinTTL"] for each in distribution(fronted)["CustomErrorResponses"]}

    # https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/HTTPStatusCodes.html
    assert errors == dict.fromkeys((400, 403, 404, 405, 414, 416, 500, 501, 502, 503, 504), 0)


def test_no_credential_is_sent_on_without_tls(fronted: Stage) -> None:
    protocols = {each.get("PathPattern", "else"): each["ViewerProtocolPolicy"] for each in behaviors(fronted)}
    redirected = {path for path, protocol in protocols.items() if protocol == "redirect-to-https"}

    assert redirected == {"/", "/dashboard/*"}
    assert {protocol for path, protocol in protocols.items() if path not in redirected} == {"https-only"}


def test_what_the_front_answers_by_itself_says_that_there_is_tls_and_what_functions_say_stays(fronted: Stage) -> None:
    said = [each["SecurityHeadersConfig"] for each in policies(fronted, "ResponseHeadersPolicy").values()]
    hsts = security_headers.EVERYWHERE["Strict-Transport-Security"]

    assert len(said) == 2
    for each in said:
        transport = each["StrictTransportSecurity"]
        assert hsts == f"max-age={transport['AccessControlMaxAgeSec']}; includeSubDomains"
        assert transport["IncludeSubdomains"] is True
        assert {transport["Override"], each["ContentTypeOptions"]["Override"]} == {False}


def test_what_is_kept_tells_nobody_the_rate_of_somebody_else(fronted: Stage) -> None:
    removing = {
        name: [header["Header"] for header in each["RemoveHeadersConfig"]["Items"]]
        for name, each in policies(fronted, "ResponseHeadersPolicy").items()
        if "RemoveHeadersConfig" in each
    }
    (name,) = removing

    assert set(removing[name]) >= {"RateLimit", "RateLimit-Policy", "X-RateLimit-Remaining"}
    assert [each["ResponseHeadersPolicyId"] for each in distribution(fronted)["CacheBehaviors"]] == [{"Ref": name}] * 7


def test_every_request_gets_the_address_of_its_caller(fronted: Stage) -> None:
    (function,) = fronted.find("AWS::CloudFront::Function")
    associated = [each["FunctionAssociations"] for each in behaviors(fronted)]

    assert len(associated) == 8
    for association in associated:
        assert association == [
            {"EventType": "viewer-request", "FunctionARN": {"Fn::GetAtt": [function, "FunctionARN"]}}
        ]


@pytest.mark.parametrize("sent", [{}, {"x-viewer-address": {"value": "203.0.113.66"}}])
def test_the_address_is_that_of_the_caller_whatever_they_wrote(sent: dict[str, Any]) -> None:
    event = {"viewer": {"ip": "2001:db8::7"}, "request": {"uri": "/", "headers": {"host": {"value": "a.b"}, **sent}}}
    program = f"{VIEWER_ADDRESS.read_text()}\nconsole.log(JSON.stringify(handler(JSON.parse(process.argv[1]))))"
    node = shutil.which("node")
    assert node is not None

    done = subprocess.run([node, "-e", program, json.dumps(event)], capture_output=True, text=True, check=True)

    assert json.loads(done.stdout) == {
        "uri": "/",
        "headers": {"host": {"value": "a.b"}, "x-viewer-address": {"value": "2001:db8::7"}},
    }


def test_the_name_leads_to_the_front_and_that_of_the_origin_to_the_api(fronted: Stage) -> None:
    stacks = {
        each["Properties"]["Name"]: fronted.stack_of(name)
        for name, each in fronted.find("AWS::Route53::RecordSet").items()
    }

    assert stacks == {
        "api.example.com.": "front",
        "origin.example.com.": "stateless",
        "graphql.example.com.": "graphql",
    }


def test_without_a_zone_the_outputs_say_the_record_of_the_front(plain: Stage) -> None:
    record = plain.templates["front"]["Outputs"]["FrontRecord"]["Value"]

    assert record["Fn::Join"][1][0] == "api.example.com CNAME "
    assert plain.of_type("AWS::Route53::RecordSet") == []
    assert distribution(plain)["ViewerCertificate"]["AcmCertificateArn"] == CERTIFICATE


def test_tokens_and_outputs_know_the_name_of_the_front(plain: Stage) -> None:
    variables = [each["Environment"]["Variables"] for each in plain.of_type("AWS::Lambda::Function")]

    assert {each["TOKEN_ISSUER"] for each in variables} == {"https://api.example.com"}
    assert plain.templates["stateless"]["Outputs"]["ApiUrl"]["Value"] == "https://api.example.com"
