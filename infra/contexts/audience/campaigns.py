"""Campaigns: a function that starts and ends them, one that prepares them, one that sends chunks, and their queues.

The queue of chunks is a standard one that is fair by tenant, because each message names its tenant as its group:
https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-fair-queues.html
"""

from aws_cdk import Duration

from functions.audience.campaigns.freezing.audiences import PURPOSE
from functions.audience.campaigns.metrics import PAUSED
from functions.audience.files import folders
from infra.constructs.every_shard import EveryShard
from infra.constructs.function import Function, allow
from infra.contexts import sending
from infra.contexts.audience.athena import Athena
from infra.contexts.audience.queries import BUNDLE
from infra.contexts.surroundings import WHOLE_PROCESSOR_MB, WORKING_MB, Surroundings
from infra.monitoring import Limit

# 200 calls to a provider of a second each; a worker ends 30 seconds before, and another message goes on.
SENDER_TIMEOUT = Duration.minutes(5)
# A million leads take a minute from files; where there are none, the table is read lead by lead.
PREPARER_TIMEOUT = Duration.minutes(15)
PATIENCE_OF_PREPARER = Duration.minutes(5)
# Ending a campaign skips those who wait, part by part.
STARTER_TIMEOUT = Duration.minutes(10)
# What 16 workers send in a second is more than providers take of a new account.
SENDERS_AT_ONCE = 16
# The fewest that Lambda takes.
PREPARERS_AT_ONCE = 2
STARTERS_AT_ONCE = 2
# A chunk that waits for its turn is looked at every quarter of an hour at least.
LATE = Duration.minutes(30)
SWEEP = Duration.minutes(1)
LOOKED_AT_WHEN = ("resumed", "decided", "cancelled", "completed", "failed")
CAMPAIGNS_PAUSED = Limit(
    "CampaignsPaused",
    PAUSED,
    1,
    says="A campaign was paused by itself, and sends nothing until somebody resumes it.",
    see="campaigns-pause-by-themselves",
)


def build(given: Surroundings, *, bundle: str, environment: dict[str, str], athena: Athena | None) -> None:
    """Make the functions and their queues; `environment` is what sending takes."""
    starter, preparer, sender = _starter(given, bundle), _preparer(given), _sender(given, bundle, environment)
    if athena is not None:
        athena.let_ask(preparer, patience=PATIENCE_OF_PREPARER)
    chunks = given.bus.queue(
        "CampaignChunks", sender, timeout=SENDER_TIMEOUT, at_once=SENDERS_AT_ONCE, late=LATE, batch_size=1
    ).queue
    campaigns = given.bus.subscribe(
        "Campaigns",
        starter,
        *(f"audience.campaign.{each}" for each in LOOKED_AT_WHEN),
        "audience.lead.erased",
        timeout=STARTER_TIMEOUT,
        at_once=STARTERS_AT_ONCE,
        late=LATE,
        batch_size=1,
    ).queue
    given.bus.subscribe(
        "CampaignPreparations",
        preparer,
        "audience.campaign.started",
        timeout=PREPARER_TIMEOUT,
        at_once=PREPARERS_AT_ONCE,
        late=LATE,
        batch_size=1,
    )
    for function in (starter, preparer, sender):
        function.role.add_to_policy(allow("sqs:SendMessage", resources=[chunks.queue_arn]))
        function.function.add_environment("CAMPAIGN_CHUNKS_QUEUE_URL", chunks.queue_url)
    starter.role.add_to_policy(allow("sqs:SendMessage", resources=[campaigns.queue_arn]))
    starter.function.add_environment("CAMPAIGNS_QUEUE_URL", campaigns.queue_url)
    _sweep(given, starter)
    given.watch_limit(CAMPAIGNS_PAUSED)


def _sweep(given: Surroundings, starter: Function) -> None:
    """Have timers that are due looked for, and once a day files that campaigns have left."""
    EveryShard(
        given.stack,
        "CampaignSweeps",
        function=starter,
        event={"action": "sweep"},
        shards=1,
        every=SWEEP,
        dead_letters=given.dead_letters,
    )
    # What the schedule asks of it, no queue brings again.
    given.watch(starter)


def _starter(given: Surroundings, bundle: str) -> Function:
    table = given.table.arn
    starter = given.function(
        "CampaignStarter",
        "functions.audience.campaigns.consumers.handler",
        allow("dynamodb:GetItem", "dynamodb:BatchGetItem", "dynamodb:UpdateItem", resources=[table]),
        # A campaign begins with a provider that is still there.
        allow("dynamodb:ConditionCheckItem", resources=[table]),
        allow("dynamodb:PutItem", "dynamodb:DeleteItem", "dynamodb:BatchWriteItem", resources=[table]),
        allow("dynamodb:Query", resources=[table, given.table.index_arn]),
        allow("secretsmanager:GetSecretValue", resources=[given.pepper_arn]),
        bundle=bundle,
        environment={"PEPPER_SECRET_ID": given.pepper_arn},
        memory_mb=WORKING_MB,
        timeout=STARTER_TIMEOUT,
    )
    given.files.open(starter, PURPOSE, "s3:GetObject", "s3:PutObject", "s3:DeleteObject")
    # An erasure learns that a file has ended with its campaign, and the sweep lists files.
    given.files.let_look(starter)
    return starter


def _preparer(given: Surroundings) -> Function:
    table = given.table.arn
    preparer = given.function(
        "CampaignPreparer",
        "functions.audience.campaigns.preparing.consumers.handler",
        allow("dynamodb:GetItem", "dynamodb:BatchGetItem", "dynamodb:Query", resources=[table]),
        allow("dynamodb:PutItem", "dynamodb:DeleteItem", "dynamodb:BatchWriteItem", resources=[table]),
        allow("secretsmanager:GetSecretValue", resources=[given.pepper_arn]),
        bundle=BUNDLE,
        environment={"PEPPER_SECRET_ID": given.pepper_arn},
        memory_mb=WHOLE_PROCESSOR_MB,
        timeout=PREPARER_TIMEOUT,
    )
    given.files.open(preparer, folders.PURPOSE, "s3:GetObject")
    given.files.open(preparer, PURPOSE, "s3:GetObject", "s3:PutObject", "s3:DeleteObject")
    # It lists deltas, and learns from the bucket whether an earlier try has written the audience.
    given.files.let_look(preparer)
    return preparer


def _sender(given: Surroundings, bundle: str, environment: dict[str, str]) -> Function:
    table = given.table.arn
    sender = given.function(
        "CampaignSender",
        "functions.audience.campaigns.sending.consumers.handler",
        allow("dynamodb:GetItem", "dynamodb:BatchGetItem", "dynamodb:UpdateItem", resources=[table]),
        allow("dynamodb:PutItem", "dynamodb:DeleteItem", "dynamodb:BatchWriteItem", resources=[table]),
        allow("dynamodb:Query", resources=[table]),
        allow("secretsmanager:GetSecretValue", resources=[given.pepper_arn]),
        *sending.statements(given.stack, given.settings),
        bundle=bundle,
        environment={"PEPPER_SECRET_ID": given.pepper_arn, **environment},
        memory_mb=WORKING_MB,
        timeout=SENDER_TIMEOUT,
    )
    sending.acknowledge(sender, given.settings)
    given.files.open(sender, PURPOSE, "s3:GetObject")
    # A campaign whose audience is lost pauses.
    given.files.let_look(sender)
    return sender
