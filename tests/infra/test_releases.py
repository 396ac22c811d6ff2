"""A new version of what answers requests takes over by and by, and is taken back when it fails or is slow."""

import json
import re
from collections.abc import Mapping
from typing import Any

import pytest

from functions.goals import api as goals_api
from functions.goals.resolver import api as goals_routes
from infra import stage_files
from infra.constructs.releases import ALIAS
from infra.stage_files import StageFile
from shared.observability import logger
from tests.aws.entries import http_event
from tests.infra.permissions import statements_in
from tests.infra.stages import FILES, VALUE, Stage, Stages

Resource = Mapping[str, Any]
AUTHORIZER = "functions.identity.authorizer.handler"
# It is where the stage is, which is the same for all templates.
PLACE = {"account", "region"}
# A stage with a hosted zone makes them.
CERTIFICATES = {"certificate_arn", "graphql_certificate_arn", "front_certificate_arn"}


def by_function(stage: Stage, resource_type: str) -> dict[str, tuple[str, Resource]]:
    """Return what belongs to each function, by its logical id: logical id and whole resource."""
    return {each["Properties"]["FunctionName"]["Ref"]: (name, each) for name, each in stage.find(resource_type).items()}


def handlers(stage: Stage) -> dict[str, str]:
    return {name: each["Properties"]["Handler"] for name, each in stage.find("AWS::Lambda::Function").items()}


def groups(stage: Stage) -> dict[str, Resource]:
    return {name: each["Properties"] for name, each in stage.find("AWS::CodeDeploy::DeploymentGroup").items()}


def alarms_of(stage: Stage, function: str) -> list[Resource]:
    """Return the alarms that decide about a function's new version."""
    _, alias = by_function(stage, "AWS::Lambda::Alias")[function]
    group = groups(stage)[alias["UpdatePolicy"]["CodeDeployLambdaAliasUpdate"]["DeploymentGroupName"]["Ref"]]
    return [stage.resources[each["Name"]["Ref"]]["Properties"] for each in group["AlarmConfiguration"]["Alarms"]]


def metrics_in(alarm: Resource) -> list[Resource]:
    """Return the metrics that an alarm looks at, with their dimensions by name."""
    asked = [each["MetricStat"]["Metric"] for each in alarm.get("Metrics", []) if "MetricStat" in each] or [alarm]
    return [{"name": each["MetricName"], **{its["Name"]: its["Value"] for its in each["Dimensions"]}} for each in asked]


def refs(part: Any) -> set[str]:
    """Return what a part of a template refers to by `Ref`."""
    return set(re.findall(r'"Ref": "([^"]+)"', json.dumps(part)))


def test_the_checks_have_every_setting_in_one_of_two_stages() -> None:
    # A front of Milepost's own and one of the owner's exclude each other.
    full, front = (stage_files.read(name, folder=FILES).settings.given().keys() for name in ("full", "front"))

    assert (full | front) - PLACE == StageFile.model_fields.keys() - PLACE - CERTIFICATES


def test_without_a_canary_nothing_has_versions(prod: Stage, local: Stage) -> None:
    kinds = {each["Type"] for stage in (prod, local) for each in stage.resources.values()}

    assert kinds & {"AWS::Lambda::Version", "AWS::Lambda::Alias", "AWS::CodeDeploy::DeploymentGroup"} == set()


def test_every_function_that_answers_requests_has_an_alias_and_no_consumer_has_one(full: Stage) -> None:
    with_alias = {handlers(full)[function] for function in by_function(full, "AWS::Lambda::Alias")}

    assert with_alias == {each for each in handlers(full).values() if each.endswith("api.handler")} | {AUTHORIZER}


def test_an_alias_leads_to_the_published_version_and_is_moved_by_codedeploy(full: Stage) -> None:
    versions = by_function(full, "AWS::Lambda::Version")

    for function, (_, alias) in by_function(full, "AWS::Lambda::Alias").items():
        moved = alias["UpdatePolicy"]["CodeDeployLambdaAliasUpdate"]
        group = moved["DeploymentGroupName"]["Ref"]

        assert alias["Properties"]["Name"] == ALIAS
        assert alias["Properties"]["FunctionVersion"] == {"Fn::GetAtt": [versions[function][0], "Version"]}
        assert moved["ApplicationName"] == groups(full)[group]["ApplicationName"]
        # The alarms know the new version before the alias leads anybody to it.
        assert group in alias["DependsOn"]


def test_everybody_who_waits_for_an_answer_calls_the_alias(full: Stage) -> None:
    aliases = set(full.find("AWS::Lambda::Alias"))
    (graphql,) = full.of_type("AWS::AppSync::GraphQLApi")
    called = [
        *(each["IntegrationUri"] for each in full.of_type("AWS::ApiGatewayV2::Integration")),
        *(
            each["LambdaConfig"]["LambdaFunctionArn"]
            for each in full.of_type("AWS::AppSync::DataSource")
            if "LambdaConfig" in each
        ),
        graphql["LambdaAuthorizerConfig"]["AuthorizerUri"],
    ]
    permissions = [
        each["FunctionName"]
        for each in full.of_type("AWS::Lambda::Permission")
        if each["Principal"] in {"apigateway.amazonaws.com", "appsync.amazonaws.com"}
    ]
    sources = [
        statement["Resource"]
        for policy in full.of_type("AWS::IAM::Policy")
        for statement in statements_in(policy)
        if statement["Action"] == "lambda:InvokeFunction"
    ]

    assert {each["Ref"] for each in called} == aliases
    assert {each["Ref"] for each in permissions} == aliases
    assert sources != []
    assert {each["Ref"] for each in sources} <= aliases


def test_old_versions_go_when_the_new_one_has_taken_over(full: Stage) -> None:
    versions = full.find("AWS::Lambda::Version").values()

    # CloudFormation removes what it has replaced, unless it is told not to.
    assert [each for each in versions if {"DeletionPolicy", "UpdateReplacePolicy"} & each.keys()] == []


def test_a_change_of_a_setting_that_the_function_is_told_is_a_new_version(full: Stage, stages: Stages) -> None:
    other = stages.stage("full", rate_limit="31/60")

    assert full.find("AWS::Lambda::Version").keys() & other.find("AWS::Lambda::Version").keys() == set()


def test_a_version_names_the_values_of_other_stacks_that_may_change_beneath_it(stages: Stages) -> None:
    # The template of the stack is the same when another stack has a new table or another address of the API.
    own, named = (stages.stage("prod", canary="10% for 5 minutes"), stages.stage("full"))
    told = {
        json.dumps(each["Properties"]["Description"])
        for stage in (own, named)
        for name in stage.templates
        for each in stage.templates[name]["Resources"].values()
        if each["Type"] == "AWS::Lambda::Version"
    }

    both = {"Fn::Join": ["", [{"Ref": "TableName"}, " ", {"Ref": "ApiUrl"}]]}
    assert told == {json.dumps(both), json.dumps({"Ref": "TableName"})}


def test_what_else_a_released_function_is_told_by_other_stacks_stays_as_long_as_the_data(stages: Stages) -> None:
    stage = stages.stage("prod", canary="10% for 5 minutes")
    kept = {
        each["Properties"]["Name"]
        for each in stage.templates["stateful"]["Resources"].values()
        if each["Type"] == VALUE
    }
    told = set()
    for template in stage.templates.values():
        resources = template["Resources"].values()
        versions = [each["Properties"] for each in resources if each["Type"] == "AWS::Lambda::Version"]
        for version in versions:
            function = template["Resources"][version["FunctionName"]["Ref"]]["Properties"]
            named = refs(function["Environment"]) - refs(version["Description"])
            told |= {template["Parameters"][name]["Default"] for name in named & template["Parameters"].keys()}

    assert told != set()
    assert told - kept == set()


def test_a_part_of_the_requests_is_first_as_the_file_says(full: Stage) -> None:
    configs = full.of_type("AWS::CodeDeploy::DeploymentConfig")

    for config in configs:
        assert config["ComputePlatform"] == "Lambda"
        assert config["TrafficRoutingConfig"] == {
            "Type": "TimeBasedCanary",
            "TimeBasedCanary": {"CanaryPercentage": 20, "CanaryInterval": 10},
        }
    assert len(configs) == 11


def test_a_version_that_fails_is_taken_back(full: Stage) -> None:
    for group in groups(full).values():
        assert group["AutoRollbackConfiguration"]["Enabled"] is True
        assert "DEPLOYMENT_STOP_ON_ALARM" in group["AutoRollbackConfiguration"]["Events"]
        assert group["AlarmConfiguration"]["Enabled"] is True
        assert "IgnorePollAlarmFailure" not in group["AlarmConfiguration"]


def test_the_alarms_look_at_what_the_new_version_answers_by_the_alias_and_at_nothing_else(full: Stage) -> None:
    for function, (version, _) in by_function(full, "AWS::Lambda::Version").items():
        alarms = alarms_of(full, function)
        metrics = [metric for alarm in alarms for metric in metrics_in(alarm)]
        number = {"Fn::GetAtt": [version, "Version"]}
        of_lambda = {
            "FunctionName": {"Ref": function},
            "Resource": {"Fn::Join": ["", [{"Ref": function}, f":{ALIAS}"]]},
            "ExecutedVersion": number,
        }

        assert [each["Threshold"] for each in alarms] == [1, 1, 3000]
        assert [metric for metric in metrics if metric == {"name": metric["name"], **of_lambda}] != []
        assert {metric["name"] for metric in metrics if "ExecutedVersion" in metric} == {
            "Errors",
            "Invocations",
            "Duration",
        }
        assert [
            metric
            for metric in metrics
            if metric not in ({"name": metric["name"], **of_lambda}, {"name": metric["name"], "Version": number})
        ] == []
        assert alarms[2]["ExtendedStatistic"] == "p99"
        assert [each for each in alarms if each["TreatMissingData"] != "notBreaching"] == []
        assert [each for each in alarms if not each["AlarmActions"]] == []


def test_one_failure_among_a_few_calls_takes_no_version_back(full: Stage) -> None:
    for function in by_function(full, "AWS::Lambda::Version"):
        expressions = [
            metric["Expression"]
            for alarm in alarms_of(full, function)
            for metric in alarm.get("Metrics", [])
            if "Expression" in metric
        ]

        assert expressions == ["IF(failed >= 3, 100 * failed / invocations, 0)"] * 2


def test_an_answer_500_counts_although_lambda_counts_no_error(
    full: Stage, aws: None, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Nothing is declared that would do so.
    monkeypatch.setattr(goals_routes.routes, "find", lambda *_: 1 / 0)
    answer = goals_api.handler(http_event("GET", "/api/v1/goals"), None)
    (record,) = caplog.records
    line = json.loads(logger.registered_formatter.format(record))
    filters = full.of_type("AWS::Logs::MetricFilter")

    assert answer["statusCode"] == 500
    assert {each["FilterPattern"] for each in filters} == {f'{{ $.message = "{line["message"]}" }}'}
    assert {json.dumps(each["MetricTransformations"][0]["Dimensions"]) for each in filters} == {
        json.dumps([{"Key": "Version", "Value": "$.version"}])
    }
    assert line["version"] == "$LATEST"


def test_codedeploy_may_move_the_alias_of_one_function_and_read_alarms(full: Stage) -> None:
    roles = {
        group["ServiceRoleArn"]["Fn::GetAtt"][0]: alias["Properties"]["FunctionName"]["Ref"]
        for name, group in groups(full).items()
        for alias in full.find("AWS::Lambda::Alias").values()
        if alias["UpdatePolicy"]["CodeDeployLambdaAliasUpdate"]["DeploymentGroupName"] == {"Ref": name}
    }

    assert len(roles) == len(groups(full))
    for role, function in roles.items():
        (policy,) = [each for each in full.of_type("AWS::IAM::Policy") if each["Roles"] == [{"Ref": role}]]
        arn = {"Fn::GetAtt": [function, "Arn"]}
        (trust,) = full.resources[role]["Properties"]["AssumeRolePolicyDocument"]["Statement"]

        assert [(each["Action"], each["Resource"]) for each in statements_in(policy)] == [
            (["lambda:GetAlias", "lambda:UpdateAlias"], [arn, {"Fn::Join": ["", [arn, f":{ALIAS}"]]}]),
            ("lambda:GetProvisionedConcurrencyConfig", {"Fn::Join": ["", [arn, ":*"]]}),
            ("cloudwatch:DescribeAlarms", "*"),
        ]
        assert "ManagedPolicyArns" not in full.resources[role]["Properties"]
        assert trust["Principal"] == {"Service": "codedeploy.amazonaws.com"}
        assert trust["Condition"]["StringEquals"] == {"aws:SourceAccount": {"Ref": "AWS::AccountId"}}
        assert ":deploymentgroup:" in json.dumps(trust["Condition"]["ArnLike"]["aws:SourceArn"])


def test_instances_are_kept_warm_of_versions_when_the_stage_asks_for_it(full: Stage, stages: Stages) -> None:
    without = stages.stage("prod", canary="10% for 5 minutes")
    warm = {json.dumps(each.get("ProvisionedConcurrencyConfig")) for each in full.of_type("AWS::Lambda::Version")}

    assert warm == {json.dumps({"ProvisionedConcurrentExecutions": 2})}
    assert [each for each in full.of_type("AWS::Lambda::Alias") if "ProvisionedConcurrencyConfig" in each] == []
    assert [each for each in without.of_type("AWS::Lambda::Version") if "ProvisionedConcurrencyConfig" in each] == []


def test_another_number_of_warm_instances_is_another_version_of_another_function(full: Stage, stages: Stages) -> None:
    # CloudFormation cannot change the number of a version, and Lambda publishes none of a function that is the same.
    more = stages.stage("full", provisioned_concurrency=3)
    described = {each["Description"] for each in more.of_type("AWS::Lambda::Function") if "Description" in each}

    assert full.find("AWS::Lambda::Version").keys() & more.find("AWS::Lambda::Version").keys() == set()
    assert described == {"3 instances of each version are kept warm"}
