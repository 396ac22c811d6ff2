"""Receipts: the function that applies them and sends notices, its queue, and what SES tells of mail of campaigns."""

from aws_cdk import Duration

from infra import sender
from infra.constructs.function import Function, allow
from infra.contexts import sending
from infra.contexts.surroundings import EVENTS_TIMEOUT, WAITING_MB, Surroundings

# Each batch is a few transactions; three at a time apply some hundred receipts a second.
AT_ONCE = 3
FEEDBACK_AT_ONCE = 2
# Who looks at a campaign sees what became of it, and an address that takes no mail is written to no longer.
LATE = Duration.minutes(15)


def build(given: Surroundings, *, api: Function, bundle: str, environment: dict[str, str]) -> None:
    """Make the functions and the queue that `api` puts receipts on; `environment` is what sending takes."""
    table = given.table.arn
    applier = given.function(
        "Receipts",
        "functions.audience.receipts.consumers.handler",
        allow("dynamodb:GetItem", "dynamodb:BatchGetItem", "dynamodb:UpdateItem", resources=[table]),
        allow("dynamodb:PutItem", "dynamodb:BatchWriteItem", "dynamodb:Query", resources=[table]),
        allow("secretsmanager:GetSecretValue", resources=[given.pepper_arn]),
        *sending.statements(given.stack, given.settings),
        bundle=bundle,
        environment={"PEPPER_SECRET_ID": given.pepper_arn, **environment},
        memory_mb=WAITING_MB,
        timeout=EVENTS_TIMEOUT,
    )
    sending.acknowledge(applier, given.settings)
    queue = given.bus.subscribe(
        "Receipts", applier, "audience.lead.asked", timeout=EVENTS_TIMEOUT, at_once=AT_ONCE, late=LATE
    ).queue
    api.role.add_to_policy(allow("sqs:SendMessage", resources=[queue.queue_arn]))
    api.function.add_environment("RECEIPTS_QUEUE_URL", queue.queue_url)
    if given.settings.mail_sender:
        _feedback(given, bundle)


def _feedback(given: Surroundings, bundle: str) -> None:
    table = given.table.arn
    heard = given.function(
        "CampaignFeedback",
        "functions.audience.receipts.feedback_consumers.handler",
        allow("dynamodb:GetItem", "dynamodb:BatchGetItem", "dynamodb:UpdateItem", resources=[table]),
        allow("dynamodb:PutItem", "dynamodb:BatchWriteItem", resources=[table]),
        bundle=bundle,
        memory_mb=WAITING_MB,
        timeout=EVENTS_TIMEOUT,
    )
    given.hear_feedback(
        "CampaignFeedback",
        heard,
        timeout=EVENTS_TIMEOUT,
        at_once=FEEDBACK_AT_ONCE,
        late=LATE,
        kinds=sender.FEEDBACK,
    )
