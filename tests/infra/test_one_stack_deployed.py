"""Deploying one stack alone leaves a stage that works, and that the next deployment of all brings to the code."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from infra.stage import aws, deployment, handover, stack_names, stacks
from infra.stage.client import call
from infra.stage.deployment import DeploymentError
from infra.stage.ministack import MiniStack
from tests.aws import stack

PAGE = "https://milepost.example"
GOALS = stack_names.named("local", "goals")
GRAPHQL = stack_names.named("local", "graphql")
NEW = stack_names.named("local", "outbox")


@pytest.fixture(scope="module")
def endpoint(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with stack.server(tmp_path_factory.mktemp("state")) as address:
        yield address


@pytest.fixture
def ministack(endpoint: str, tmp_path: Path) -> MiniStack:
    """A stage of which nothing is deployed yet, with a state of its own."""
    cloudformation = aws.client("cloudformation", endpoint=endpoint)
    for name in stack_names.all_of("local"):
        cloudformation.delete_stack(StackName=name)
        cloudformation.get_waiter("stack_delete_complete").wait(StackName=name, WaiterConfig={"Delay": 1})
    return MiniStack(state=tmp_path, port=int(endpoint.rsplit(":", 1)[-1]))


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A checkout whose CDK finds nothing to change."""
    cdk(tmp_path, exit_code=0)
    return tmp_path


def cdk(root: Path, *, exit_code: int) -> None:
    command = root / "node_modules" / ".bin" / "cdk"
    command.parent.mkdir(parents=True, exist_ok=True)
    command.write_text(f"#!/bin/sh\ntest $1 = synth || exit {exit_code}\n")
    command.chmod(0o700)


def deploy_all(root: Path, ministack: MiniStack, *, but: str = "") -> None:
    """Make all stacks there are as CloudFormation makes them, and note that they are what the code says."""
    cloudformation = aws.client("cloudformation", endpoint=ministack.endpoint)
    for name in stack_names.all_of("local"):
        if name != but:
            cloudformation.create_stack(StackName=name, TemplateBody=json.dumps(template(name, ministack.endpoint)))
            cloudformation.get_waiter("stack_create_complete").wait(StackName=name, WaiterConfig={"Delay": 1})
    (api,) = aws.client("apigatewayv2", endpoint=ministack.endpoint).get_apis()["Items"]
    known = {deployment.SHARED: {"ApiId": api["ApiId"]}, GRAPHQL: {"GraphqlApiId": "graphql"}}
    (ministack.state / "outputs.json").write_text(json.dumps(known))
    (ministack.state / "deployed").write_text(deployment.fingerprint(root))


def template(name: str, endpoint: str) -> dict[str, Any]:
    """Return a stack like that of the stage: an API with a health check, outputs, or anything."""
    if name == deployment.SHARED:
        return with_api(endpoint)
    anything = {"Any": {"Type": "AWS::SQS::Queue"}}
    if name == GRAPHQL:
        return {"Resources": anything, "Outputs": {"GraphqlApiId": {"Value": "graphql"}}}
    return {"Resources": anything}


def with_api(endpoint: str) -> dict[str, Any]:
    of_api = {"ApiId": {"Ref": "Api"}}
    cors = {"AllowOrigins": [PAGE], "AllowMethods": ["GET"]}
    # The path of the request is put after the address of an integration; here it is not read.
    answered = {"IntegrationType": "HTTP_PROXY", "IntegrationUri": f"{endpoint}/_ministack/health?"}
    target = {"Fn::Join": ["/", ["integrations", {"Ref": "Integration"}]]}
    resources = {
        "Api": {"Name": "milepost", "ProtocolType": "HTTP", "CorsConfiguration": cors},
        "Stage": {**of_api, "StageName": "$default", "AutoDeploy": True},
        "Integration": {**of_api, **answered, "IntegrationMethod": "GET", "PayloadFormatVersion": "1.0"},
        "Route": {**of_api, "RouteKey": "GET /api/v1/health", "Target": target},
    }
    return {
        "Resources": {
            kind: {"Type": f"AWS::ApiGatewayV2::{kind}", "Properties": properties}
            for kind, properties in resources.items()
        },
        "Outputs": {"ApiId": {"Value": {"Ref": "Api"}}},
    }


def deploy_one(name: str, root: Path, ministack: MiniStack) -> deployment.Addresses:
    return deployment.deploy_one(name, root=root, ministack=ministack, report=lambda _: None)


def test_what_else_has_changed_is_left_to_the_next_deployment_of_all(root: Path, ministack: MiniStack) -> None:
    deploy_all(root, ministack)
    before = deployment.is_current(root=root, ministack=ministack)
    deploy_one(GOALS, root, ministack)
    after = deployment.is_current(root=root, ministack=ministack)
    deploy_one(GOALS, root, ministack)

    assert (before, after) == (True, False)


def test_a_failure_leaves_nothing_that_is_taken_for_deployed(root: Path, ministack: MiniStack) -> None:
    deploy_all(root, ministack)
    cdk(root, exit_code=1)
    with pytest.raises(DeploymentError, match="cdk deploy failed"):
        deploy_one(GOALS, root, ministack)
    current = deployment.is_current(root=root, ministack=ministack)
    cdk(root, exit_code=0)
    deploy_one(GOALS, root, ministack)

    assert not current


def test_pages_may_call_the_api_after_its_stack_was_deployed_alone(root: Path, ministack: MiniStack) -> None:
    deploy_all(root, ministack)
    api_url = deploy_one(deployment.SHARED, root, ministack).api_url
    asked = {"origin": PAGE, "access-control-request-method": "GET"}
    preflight = call("OPTIONS", f"{api_url}/api/v1/health", headers=asked)

    assert preflight.headers["access-control-allow-origin"] == PAGE


def test_the_addresses_are_those_of_what_was_deployed_alone(root: Path, ministack: MiniStack) -> None:
    deploy_all(root, ministack)
    expected = deployment.addresses(ministack)
    stale = {deployment.SHARED: {"ApiId": "replaced"}, GRAPHQL: {"GraphqlApiId": "replaced"}}
    (ministack.state / "outputs.json").write_text(json.dumps(stale))

    assert deploy_one(deployment.SHARED, root, ministack) == expected
    assert deployment.addresses(ministack) == expected


def test_a_stage_without_the_stack_of_a_context_is_to_be_deployed_whole(root: Path, ministack: MiniStack) -> None:
    deploy_all(root, ministack, but=NEW)
    with pytest.raises(DeploymentError, match=rf"has no stack {NEW}\. Run `make up` first"):
        deploy_one(deployment.SHARED, root, ministack)

    assert not deployment.is_current(root=root, ministack=ministack)


def test_the_stack_of_a_new_context_can_be_deployed_alone(root: Path, ministack: MiniStack) -> None:
    deploy_all(root, ministack, but=NEW)

    assert deploy_one(NEW, root, ministack) == deployment.addresses(ministack)


def test_schedules_of_a_stack_that_lets_go_of_their_group_are_kept(root: Path, ministack: MiniStack) -> None:
    deploy_all(root, ministack)
    older = with_api(ministack.endpoint)
    older["Resources"]["Group"] = {"Type": handover.MOVED, "Properties": {"Name": "milepost-local"}}
    cloudformation = aws.client("cloudformation", endpoint=ministack.endpoint)
    aws.client("s3", endpoint=ministack.endpoint).create_bucket(Bucket=handover.BUCKET)
    cloudformation.update_stack(StackName=deployment.SHARED, TemplateBody=json.dumps(older))
    cloudformation.get_waiter("stack_update_complete").wait(StackName=deployment.SHARED, WaiterConfig={"Delay": 1})
    deploy_one(deployment.SHARED, root, ministack)
    deployed = stacks.template(deployment.SHARED, endpoint=ministack.endpoint)

    assert deployed["Resources"]["Group"]["DeletionPolicy"] == "Retain"
