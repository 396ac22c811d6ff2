"""The functions of webhooks: what each may do, what starts it, and which paths it answers."""

from infra.constructs.function import allow
from infra.contexts.surroundings import EVENTS_TIMEOUT, WAITING_MB, WHOLE_PROCESSOR_MB, WORKING_MB, Surroundings
from infra.contexts.webhooks.webhooks import SENDER_TIMEOUT, Webhooks

BUNDLE = "webhooks"
WRITES = ("dynamodb:PutItem", "dynamodb:DeleteItem")


def build(given: Surroundings) -> None:
    """Make the functions of webhooks."""
    secret_arn = given.read("WebhookSecretArn")
    environment = {
        "WEBHOOK_SECRET_ID": secret_arn,
        "ALLOW_LOOPBACK_WEBHOOKS": "true" if given.settings.allow_loopback_webhooks else "false",
    }
    _api(given, secret_arn, environment)
    consumers = given.function(
        "NotificationsConsumers",
        "functions.webhooks.consumers.handler",
        allow("dynamodb:BatchGetItem", "dynamodb:PutItem", resources=[given.table.arn]),
        allow("dynamodb:Query", resources=[given.table.arn, given.table.index_arn]),
        bundle=BUNDLE,
        memory_mb=WORKING_MB,
        timeout=EVENTS_TIMEOUT,
    )
    given.watch(consumers)
    sender = given.function(
        "NotificationsSender",
        "functions.webhooks.delivery_consumers.handler",
        allow("dynamodb:BatchGetItem", *WRITES, "dynamodb:UpdateItem", resources=[given.table.arn]),
        allow("secretsmanager:GetSecretValue", resources=[secret_arn]),
        bundle=BUNDLE,
        memory_mb=WAITING_MB,
        environment=environment,
        timeout=SENDER_TIMEOUT,
    )
    Webhooks(
        given.stack,
        "Webhooks",
        bus=given.bus,
        consumers=consumers,
        sender=sender,
        timeout=EVENTS_TIMEOUT,
        dead_letters=given.dead_letters,
    )


def _api(given: Surroundings, secret_arn: str, environment: dict[str, str]) -> None:
    api = given.function(
        "NotificationsApi",
        "functions.webhooks.api.handler",
        allow("dynamodb:GetItem", "dynamodb:BatchGetItem", *WRITES, "dynamodb:UpdateItem", resources=[given.table.arn]),
        allow("dynamodb:Query", resources=[given.table.arn, given.table.index_arn]),
        allow("secretsmanager:GetSecretValue", resources=[given.pepper_arn, secret_arn]),
        bundle=BUNDLE,
        environment=environment | {"PEPPER_SECRET_ID": given.pepper_arn},
        memory_mb=WHOLE_PROCESSOR_MB,
    )
    given.release(api)
    given.routes.add(api, "/api/v1/webhook-endpoints", "/api/v1/webhook-endpoints/{proxy+}")
