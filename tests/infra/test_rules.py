"""The packs of cdk-nag: what they find fails the synthesis, unless it was acknowledged at that resource."""

from collections.abc import Callable
from pathlib import Path

import pytest
from aws_cdk import App, Stack
from aws_cdk import aws_iam as iam
from aws_cdk import aws_logs as logs
from aws_cdk import aws_secretsmanager as secretsmanager
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from infra import milepost
from infra.constructs.acknowledged import NIST, acknowledge, own_policy

LOG = f"{NIST}-CloudWatchLogGroupEncrypted"


def of_logs(stack: Stack) -> Construct:
    return logs.LogGroup(stack, "Found")


def of_secrets(stack: Stack) -> Construct:
    return secretsmanager.Secret(stack, "Found")


def of_queues(stack: Stack) -> Construct:
    return sqs.Queue(stack, "Found", enforce_ssl=True)


def of_roles(stack: Stack) -> iam.Role:
    role = iam.Role(stack, "Role", assumed_by=iam.ServicePrincipal("lambda.amazonaws.com"))
    role.add_to_policy(iam.PolicyStatement(actions=["sqs:SendMessage"], resources=["arn:aws:sqs:::one"]))
    return role


@pytest.fixture
def app(tmp_path: Path) -> App:
    made = App(analytics_reporting=False, outdir=str(tmp_path))
    milepost.check(made)
    return made


def findings(app: App) -> str:
    with pytest.raises(RuntimeError) as failure:
        app.synth()
    return str(failure.value)


@pytest.mark.parametrize(
    ("rule", "make"),
    [
        (LOG, of_logs),
        (f"{NIST}-SecretsManagerUsingKMSKey", of_secrets),
        (f"{NIST}-SecretsManagerRotationEnabled", of_secrets),
        (f"{NIST}-IAMNoInlinePolicy", of_roles),
        ("AwsSolutions-SMG4", of_secrets),
        ("Serverless-SQSRedrivePolicy", of_queues),
    ],
)
def test_what_nobody_has_acknowledged_fails_the_synthesis(
    app: App, rule: str, make: Callable[[Stack], Construct]
) -> None:
    make(Stack(app, "Stack"))

    assert rule in findings(app)


def test_what_is_acknowledged_at_a_resource_is_found_at_the_others(app: App) -> None:
    stack = Stack(app, "Stack")
    acknowledge(of_logs(stack), "It is the one that is looked at.", LOG)
    logs.LogGroup(stack, "Other")

    found = findings(app)

    assert "Stack/Other" in found
    assert "Stack/Found" not in found


def test_what_is_acknowledged_everywhere_passes(app: App) -> None:
    stack = Stack(app, "Stack")
    acknowledge(of_logs(stack), "It is the one that is looked at.", LOG)
    own_policy(of_roles(stack))

    assert [each.stack_name for each in app.synth().stacks] == ["Stack"]
