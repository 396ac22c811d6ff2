"""One Lambda function with what every one has: its own role, a log group that ends, tracing, memory and a time-out."""

from collections.abc import Mapping, Sequence
from typing import Any

from aws_cdk import Acknowledgment, Duration, Size, Token, Validations
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_lambda as lambda_
from constructs import Construct

from infra.constructs import encryption
from infra.constructs.acknowledged import NIST, acknowledge, own_policy
from infra.settings import Settings

ACKNOWLEDGED = {
    f"{NIST}-LambdaInsideVPC": "A function calls services of AWS, as its role allows, and addresses of the internet, "
    "over TLS; nothing that it calls is in a VPC. Private addresses are refused (functions/webhooks/egress.py), and a "
    "VPC would put them within reach.",
    "AwsSolutions-IAM5[Resource::*]": "The X-Ray actions that CDK adds for active tracing (PutTraceSegments, "
    "PutTelemetryRecords) and dynamodb:ListStreams, which a stream mapping asks for, know no narrower resource; a key "
    "that is being made has none yet, and kms:CreateKey is allowed with the tags of this stage's signing keys only.",
}
# What Lambda lets through of what a function writes. It takes a line without a level, as a metric is, for INFO.
_LEVELS = {
    "DEBUG": lambda_.ApplicationLogLevel.DEBUG,
    "INFO": lambda_.ApplicationLogLevel.INFO,
    "WARNING": lambda_.ApplicationLogLevel.INFO,
}


class Function(Construct):
    """A function of a context. It may do what `statements` say, write its own log and its own traces; nothing else.

    `key` encrypts its log, without one a key of AWS does. `reserved` of the account's concurrency are its own: nobody
    else gets them, and it gets no more. `called` is what callers call: the function, or its alias on a stage with a
    canary (`infra/constructs/releases.py`).
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        settings: Settings,
        key: kms.IKey | None,
        code: lambda_.Code,
        handler: str,
        environment: Mapping[str, str],
        statements: Sequence[iam.PolicyStatement],
        memory_mb: int,
        timeout: Duration,
        reserved: int | None = None,
        disk_mb: int | None = None,
    ) -> None:
        super().__init__(scope, id_)
        self.log_group = encryption.log_group(self, "Log", settings=settings, key=key)
        self.role = self._role(statements)
        self.function = lambda_.Function(
            self,
            "Function",
            runtime=settings.runtime,
            architecture=settings.architecture,
            code=code,
            handler=handler,
            role=self.role,
            environment=dict(environment),
            log_group=self.log_group,
            **_logging(settings),
            memory_size=memory_mb,
            ephemeral_storage_size=None if disk_mb is None else Size.mebibytes(disk_mb),
            timeout=timeout,
            reserved_concurrent_executions=reserved,
            tracing=lambda_.Tracing.ACTIVE,
        )
        self.called: lambda_.IFunction = self.function
        Validations.of(self).acknowledge(
            *(Acknowledgment(id=rule, reason=reason) for rule, reason in ACKNOWLEDGED.items())
        )

    def bounded(self, why: str) -> None:
        """Say why no concurrency is reserved for it, which would be taken from all other functions of the account."""
        acknowledge(self.function, why, f"{NIST}-LambdaConcurrency")

    def caught(self, where: str) -> None:
        """Say where a call ends that fails, since not in a dead-letter queue of the function."""
        acknowledge(self.function, where, f"{NIST}-LambdaDLQ", "Serverless-LambdaDLQ")

    def _role(self, statements: Sequence[iam.PolicyStatement]) -> iam.Role:
        role = iam.Role(self, "Role", assumed_by=iam.ServicePrincipal("lambda.amazonaws.com"))
        role.add_to_policy(allow("logs:CreateLogStream", "logs:PutLogEvents", resources=[self.log_group.log_group_arn]))
        for statement in statements:
            role.add_to_policy(statement)
        own_policy(role)
        return role


def _logging(settings: Settings) -> dict[str, Any]:
    """Return what is logged. What Lambda itself says of each call is paid by the line, and its metrics say the same."""
    return {
        "logging_format": lambda_.LoggingFormat.JSON,
        "application_log_level_v2": _LEVELS[settings.log_level],
        "system_log_level_v2": lambda_.SystemLogLevel.WARN,
    }


def allow(*actions: str, resources: Sequence[str]) -> iam.PolicyStatement:
    """Return a statement that allows these actions on these resources."""
    return iam.PolicyStatement(actions=list(actions), resources=list(resources))


def finding(value: str, name: str) -> str:
    """Return what cdk-nag calls a value in its findings: itself, or by name until the deployment knows it."""
    return f"<{name}>" if Token.is_unresolved(value) else value
