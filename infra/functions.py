"""The functions of the platform and what each may do. A new function is one more attribute here."""

from dataclasses import dataclass
from pathlib import Path

from aws_cdk import Duration
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from constructs import Construct

from infra.constructs.bus import Bus
from infra.constructs.function import Function, allow
from infra.constructs.generated_secret import GeneratedSecret
from infra.constructs.table import Table
from infra.contexts.identity import key_rotation
from infra.contexts.identity.oidc import Oidc
from infra.contexts.identity.one_time_codes import OneTimeCodes
from infra.contexts.identity.signing_key import SigningKey
from infra.contexts.milestones.evaluator import Evaluator
from infra.contexts.webhooks.webhooks import SENDER_TIMEOUT
from infra.settings import Settings

# A transaction asks for the actions in it.
WRITES = ("dynamodb:PutItem", "dynamodb:DeleteItem", "dynamodb:ConditionCheckItem")
# Lambda gives processor time by memory, and a whole processor for this much.
WHOLE_PROCESSOR_MB = 1769
# A full batch of ten, with as long a try at the evaluator for each as functions/milestones/consumers.py allows.
MILESTONES_TIMEOUT = Duration.minutes(1)
EVENTS_TIMEOUT = Duration.minutes(1)


@dataclass(frozen=True, kw_only=True)
class Surroundings:
    """What every function is given: its code, the data it reaches, who issues the tokens it reads.

    `packages` is the folder of the packages when they are not part of the code.
    """

    settings: Settings
    code: lambda_.Code
    packages: Path | None
    table: Table
    signing_key: SigningKey
    pepper: GeneratedSecret
    one_time_codes: OneTimeCodes
    evaluator: Evaluator
    oidc: Oidc
    webhook_secret: GeneratedSecret
    token_issuer: str
    bus: Bus


class Functions(Construct):
    """The functions, by the name of their context and their part in it."""

    def __init__(self, scope: Construct, id_: str, *, surroundings: Surroundings) -> None:
        super().__init__(scope, id_)
        self._given = surroundings
        self._table = surroundings.table.arn
        self._queried = [surroundings.table.arn, surroundings.table.index_arn]
        self._key = surroundings.signing_key.arn
        self._pepper = surroundings.pepper.arn
        self.goals_api, self.goals_consumers, self.goal_removals = self._goals()
        self.goal_schedules, self.goal_progress = self._goals_events()
        self.identity_api, self.authorizer = self._identity()
        self.notifications_api, self.notifications_consumers, self.notifications_sender = self._notifications()
        self.key_rotation = self._key_rotation()
        self.milestones_api, self.milestones_consumers = self._milestones()
        self.milestone_schedules, self.project_history = self._milestones_events()
        self.audit_consumers = self._function(
            "AuditConsumers",
            "functions.identity.audit.consumers.handler",
            allow("dynamodb:BatchGetItem", "dynamodb:PutItem", resources=[self._table]),
            timeout=Duration.minutes(1),
        )
        key_rotation.acknowledge(self.identity_api, self.key_rotation)
        self.outbox = self._function(
            "Outbox",
            "functions.outbox.consumers.handler",
            environment={"EVENT_BUS_NAME": surroundings.bus.bus.event_bus_name},
            timeout=Duration.minutes(1),
        )
        self.portal = self._function(
            "Portal",
            "functions.portal.api.handler",
            allow("dynamodb:DescribeTable", resources=[self._table]),
            allow("kms:DescribeKey", resources=[self._key]),
            _on_partitions("RATE#", "dynamodb:UpdateItem", table=self._table),
            environment={"SIGNING_KEY_ID": self._key},
        )

    def all(self) -> list[Function]:
        """Return every function, for what is done to all of them alike."""
        return [child for child in self.node.children if isinstance(child, Function)]

    def _goals(self) -> tuple[Function, Function, Function]:
        api = self._function(
            "GoalsApi",
            "functions.goals.api.handler",
            allow("dynamodb:GetItem", "dynamodb:BatchGetItem", *WRITES, "dynamodb:UpdateItem", resources=[self._table]),
            allow("dynamodb:BatchWriteItem", resources=[self._table]),
            allow("dynamodb:Query", resources=self._queried),
            allow("secretsmanager:GetSecretValue", resources=[self._pepper]),
            environment={"PEPPER_SECRET_ID": self._pepper},
            memory_mb=WHOLE_PROCESSOR_MB,
        )
        consumers = self._function(
            "GoalsConsumers", "functions.goals.removal.stream_consumers.handler", timeout=EVENTS_TIMEOUT
        )
        removals = self._function(
            "GoalRemovals",
            "functions.goals.removal.consumers.handler",
            allow("dynamodb:GetItem", "dynamodb:BatchWriteItem", resources=[self._table]),
            allow("dynamodb:Query", resources=self._queried),
            timeout=EVENTS_TIMEOUT,
        )
        return api, consumers, removals

    def _goals_events(self) -> tuple[Function, Function]:
        schedules = self._function(
            "GoalSchedules",
            "functions.goals.schedules.consumers.handler",
            allow("dynamodb:GetItem", "dynamodb:PutItem", resources=[self._table]),
            allow("dynamodb:Query", resources=[self._given.table.index_arn]),
            timeout=EVENTS_TIMEOUT,
        )
        progress = self._function(
            "GoalProgress",
            "functions.goals.progress_consumers.handler",
            allow("dynamodb:GetItem", resources=[self._table]),
            timeout=EVENTS_TIMEOUT,
        )
        return schedules, progress

    def _identity(self) -> tuple[Function, Function]:
        codes, oidc = self._given.one_time_codes, self._given.oidc
        api = self._function(
            "IdentityApi",
            "functions.identity.api.handler",
            allow("dynamodb:GetItem", "dynamodb:BatchGetItem", *WRITES, "dynamodb:UpdateItem", resources=[self._table]),
            allow("dynamodb:Query", resources=self._queried),
            allow("kms:Sign", "kms:GetPublicKey", resources=[self._key]),
            key_rotation.allow_on_made_keys(self, self._given.settings, "kms:Sign"),
            allow("secretsmanager:GetSecretValue", resources=[codes.secret_arn, oidc.secret_arn]),
            *codes.sending,
            allow("secretsmanager:GetSecretValue", resources=[self._pepper]),
            environment={"SIGNING_KEY_ID": self._key, "PEPPER_SECRET_ID": self._pepper}
            | self._page()
            | codes.environment
            | oidc.environment,
            # argon2id is meant to be slow, but not slower than it is meant to be.
            memory_mb=WHOLE_PROCESSOR_MB,
        )
        authorizer = self._function(
            "Authorizer",
            "functions.identity.authorizer.handler",
            allow("dynamodb:BatchGetItem", "dynamodb:Query", resources=[self._table]),
            _on_partitions("APIKEY#", "dynamodb:PutItem", table=self._table),
            allow("secretsmanager:GetSecretValue", resources=[self._pepper]),
            environment={"PEPPER_SECRET_ID": self._pepper},
        )
        return api, authorizer

    def _page(self) -> dict[str, str]:
        """Return where the dashboard is: at the address of the API, which the emulator serves from somewhere else."""
        return {"PAGE_URL": self._given.token_issuer} if self._given.settings.serves_api_at_its_address else {}

    def _milestones(self) -> tuple[Function, Function]:
        evaluator = self._given.evaluator
        api = self._function(
            "MilestonesApi",
            "functions.milestones.api.handler",
            allow("dynamodb:GetItem", "dynamodb:BatchGetItem", *WRITES, "dynamodb:UpdateItem", resources=[self._table]),
            allow("dynamodb:Query", resources=self._queried),
            allow("secretsmanager:GetSecretValue", resources=[self._pepper, evaluator.secret_arn]),
            environment={"PEPPER_SECRET_ID": self._pepper} | evaluator.environment,
            memory_mb=WHOLE_PROCESSOR_MB,
        )
        consumers = self._function(
            "MilestonesConsumers",
            "functions.milestones.consumers.handler",
            allow("dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:DeleteItem", resources=[self._table]),
            allow("dynamodb:Query", resources=self._queried),
            allow("secretsmanager:GetSecretValue", resources=[evaluator.secret_arn]),
            environment=evaluator.environment,
            timeout=MILESTONES_TIMEOUT,
        )
        return api, consumers

    def _milestones_events(self) -> tuple[Function, Function]:
        one_by_one = allow("dynamodb:GetItem", "dynamodb:PutItem", resources=[self._table])
        schedules = self._function(
            "MilestoneSchedules",
            "functions.milestones.schedule_consumers.handler",
            one_by_one,
            timeout=EVENTS_TIMEOUT,
        )
        history = self._function(
            "ProjectHistory",
            "functions.milestones.projects.consumers.handler",
            one_by_one,
            allow("dynamodb:Query", resources=[self._given.table.index_arn]),
            timeout=EVENTS_TIMEOUT,
        )
        return schedules, history

    def _notifications(self) -> tuple[Function, Function, Function]:
        settings, secret = self._given.settings, self._given.webhook_secret.arn
        environment = {
            "WEBHOOK_SECRET_ID": secret,
            "ALLOW_LOOPBACK_WEBHOOKS": "true" if settings.allow_loopback_webhooks else "false",
        }
        writes = ("dynamodb:PutItem", "dynamodb:DeleteItem")
        api = self._function(
            "NotificationsApi",
            "functions.webhooks.api.handler",
            allow("dynamodb:GetItem", "dynamodb:BatchGetItem", *writes, "dynamodb:UpdateItem", resources=[self._table]),
            allow("dynamodb:Query", resources=self._queried),
            allow("secretsmanager:GetSecretValue", resources=[self._pepper, secret]),
            environment=environment | {"PEPPER_SECRET_ID": self._pepper},
            memory_mb=WHOLE_PROCESSOR_MB,
        )
        consumers = self._function(
            "NotificationsConsumers",
            "functions.webhooks.consumers.handler",
            allow("dynamodb:BatchGetItem", "dynamodb:PutItem", resources=[self._table]),
            allow("dynamodb:Query", resources=self._queried),
            timeout=EVENTS_TIMEOUT,
        )
        sender = self._function(
            "NotificationsSender",
            "functions.webhooks.delivery_consumers.handler",
            allow("dynamodb:BatchGetItem", *writes, resources=[self._table]),
            allow("secretsmanager:GetSecretValue", resources=[secret]),
            environment=environment,
            timeout=SENDER_TIMEOUT,
        )
        return api, consumers, sender

    def _key_rotation(self) -> Function:
        settings = self._given.settings
        return self._function(
            "KeyRotation",
            "functions.identity.access_tokens.consumers.handler",
            allow("dynamodb:Query", "dynamodb:PutItem", "dynamodb:DeleteItem", resources=[self._table]),
            allow("kms:GetPublicKey", resources=[self._key]),
            key_rotation.allow_on_made_keys(self, settings, "kms:GetPublicKey", "kms:ScheduleKeyDeletion"),
            key_rotation.allow_making_keys(settings),
            environment={"SIGNING_KEY_ID": self._key},
        )

    def _function(
        self,
        id_: str,
        handler: str,
        *statements: iam.PolicyStatement,
        environment: dict[str, str] | None = None,
        memory_mb: int = 1024,
        timeout: Duration | None = None,
    ) -> Function:
        given = self._given
        context = handler.split(".")[1]
        variables = {
            "TABLE_NAME": given.table.table.table_name,
            "STAGE": given.settings.stage,
            "TOKEN_ISSUER": given.token_issuer,
            "TOKEN_AUDIENCE": given.settings.token_audience,
            "RATE_LIMIT": str(given.settings.rate_limit),
            "CREDENTIAL_RATE_LIMIT": str(given.settings.credential_rate_limit),
            "LOG_LEVEL": given.settings.log_level,
            "POWERTOOLS_SERVICE_NAME": context,
            "POWERTOOLS_METRICS_NAMESPACE": "Milepost",
        }
        if given.packages:
            variables["PYTHONPATH"] = str(given.packages)
        if given.settings.table_timeout_seconds:
            variables["TABLE_TIMEOUT_SECONDS"] = str(given.settings.table_timeout_seconds)
        return Function(
            self,
            id_,
            settings=given.settings,
            code=given.code,
            handler=handler,
            environment=variables | (environment or {}),
            statements=statements,
            memory_mb=memory_mb,
            # Both fronts wait 30 seconds. What still hopes for the table by then has been answered 503 long before.
            timeout=timeout or Duration.seconds(29),
        )


def _on_partitions(prefix: str, action: str, *, table: str) -> iam.PolicyStatement:
    """Return a statement that allows the action on what has a partition key that begins so, on nothing else there."""
    only = {"ForAllValues:StringLike": {"dynamodb:LeadingKeys": [f"{prefix}*"]}}
    return iam.PolicyStatement(actions=[action], resources=[table], conditions=only)
