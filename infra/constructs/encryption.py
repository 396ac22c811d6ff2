"""The key of a stage: what its owner has AWS encrypt with it, instead of with a key of AWS.

It is for logs, secrets, the topic of the alarms, files and discarded records. The table, the queues and the bus are
encrypted with keys of AWS on every stage.
"""

from aws_cdk import Duration, Stack
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_logs as logs
from constructs import Construct

from infra.constructs.acknowledged import NIST, acknowledge
from infra.constructs.values import Values
from infra.settings import Settings

PUBLISHED = "StageKeyArn"
_USES = ("kms:Encrypt", "kms:Decrypt", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:DescribeKey")


class StageKey(Construct):
    """The key. It stays when its stack goes, for what was encrypted with it stays too. AWS rotates it each year."""

    def __init__(self, scope: Construct, id_: str, *, settings: Settings) -> None:
        super().__init__(scope, id_)
        self.key = kms.Key(
            self,
            "Key",
            description=f"Encrypts logs, secrets and alarms of Milepost, stage {settings.stage}",
            enable_key_rotation=True,
            removal_policy=settings.removal_policy,
            pending_window=Duration.days(30),
        )
        stack = Stack.of(self)
        publishers = ["cloudwatch", "ses"] if settings.mail_sender else ["cloudwatch"]
        published = [_publishing(stack, each) for each in publishers]
        for statement in (_through_services(stack), _logs(stack, settings), *published, _rules()):
            self.key.add_to_resource_policy(statement)


def key_of(scope: Construct, *, settings: Settings, values: Values) -> kms.IKey | None:
    """Return the key of the stage as other stacks know it, None where keys of AWS are used."""
    if not settings.customer_managed_key:
        return None
    return kms.Key.from_key_arn(scope, "StageKey", values.read(scope, PUBLISHED))


def log_group(
    scope: Construct, id_: str, *, settings: Settings, key: kms.IKey | None, name: str | None = None
) -> logs.LogGroup:
    """Return a log group that ends, and stays where data is kept. `name` is one that somebody else dictates."""
    made = logs.LogGroup(
        scope,
        id_,
        log_group_name=name,
        retention=settings.log_retention,
        removal_policy=settings.removal_policy,
        encryption_key=key,
    )
    if key is None:
        reason = (
            "CloudWatch Logs encrypts with a key of its own, and the log has no bodies and no credentials. An owner "
            "who wants a key of the account sets customer_managed_key (docs/deploying.md)."
        )
        acknowledge(made, reason, f"{NIST}-CloudWatchLogGroupEncrypted")
    return made


def _through_services(stack: Stack) -> iam.PolicyStatement:
    """Let whoever may read a secret or write an object do so: as the keys of AWS for these services do.

    https://docs.aws.amazon.com/secretsmanager/latest/userguide/security-encryption.html
    """
    return iam.PolicyStatement(
        principals=[iam.AnyPrincipal()],
        actions=[*_USES, "kms:CreateGrant"],
        resources=["*"],
        conditions={
            "StringEquals": {
                "kms:CallerAccount": stack.account,
                "kms:ViaService": [f"{service}.{stack.region}.amazonaws.com" for service in ("secretsmanager", "s3")],
            }
        },
    )


def _logs(stack: Stack, settings: Settings) -> iam.PolicyStatement:
    """Let CloudWatch Logs use it for the log groups of the stage.

    https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html
    """
    groups = [
        stack.format_arn(service="logs", resource=f"log-group:{name}")
        for name in (f"milepost-{settings.stage}-*", "/aws/appsync/apis/*", f"aws-waf-logs-milepost-{settings.stage}-*")
    ]
    return iam.PolicyStatement(
        principals=[iam.ServicePrincipal(f"logs.{stack.region}.amazonaws.com")],
        actions=[*_USES],
        resources=["*"],
        conditions={"ArnLike": {"kms:EncryptionContext:aws:logs:arn": groups}},
    )


def _publishing(stack: Stack, service: str) -> iam.PolicyStatement:
    """Let a service publish to topics for the account: alarms, feedback. With the key of AWS for SNS it could not.

    https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html
    """
    return iam.PolicyStatement(
        principals=[iam.ServicePrincipal(f"{service}.amazonaws.com")],
        actions=["kms:Decrypt", "kms:GenerateDataKey*"],
        resources=["*"],
        conditions={"StringEquals": {"aws:SourceAccount": stack.account}},
    )


def _rules() -> iam.PolicyStatement:
    """Let EventBridge tell the topic of what has failed. The topic says itself which rule may.

    https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-troubleshooting.html
    """
    return iam.PolicyStatement(
        principals=[iam.ServicePrincipal("events.amazonaws.com")],
        actions=["kms:Decrypt", "kms:GenerateDataKey*"],
        resources=["*"],
    )
