"""Campaigns: a function that prepares and starts them, one that sends their chunks, and their queues.

The queue of chunks is a standard one that is fair by tenant, because each message names its tenant as its group:
https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-fair-queues.html
"""

from aws_cdk import Duration

from functions.audience.campaigns.metrics import PAUSED
from infra.constructs.every_shard import EveryShard
from infra.constructs.files import CAMPAIGNS
from infra.constructs.function import Function, allow
from infra.contexts import sending
from infra.contexts.surroundings import WORKING_MB, Surroundings
from infra.monitoring import Limit

# 200 calls to a provider of a second each; a worker ends 30 seconds before, and another message goes on.
SENDER_TIMEOUT = Duration.minutes(5)
# The audience of a campaign is read and written once; each hundred leads take a few milliseconds.
PREPARER_TIMEOUT = Duration.minutes(10)
# What 20 workers send in a second is more than providers take of a new account.
SENDERS_AT_ONCE = 20
# The fewest that Lambda takes.
PREPARERS_AT_ONCE = 2
# A chunk that waits for its turn is looked at every quarter of an hour at least.
LATE = Duration.minutes(30)
SWEEP = Duration.minutes(1)
CAMPAIGNS_PAUSED = Limit(
    "CampaignsPaused",
    PAUSED,
    1,
    says="A campaign was paused by itself, and sends nothing until somebody resumes it.",
    see="campaigns-pause-by-themselves",
)


def build(given: Surroundings, *, bundle: str, environment: dict[str, str]) -> None:
    """Make the functions and their queues; `environment` is what sending takes."""
    preparer, sender = _preparer(given, bundle), _sender(given, bundle, environment)
    chunks = given.bus.queue(
        "CampaignChunks", sender, timeout=SENDER_TIMEOUT, at_once=SENDERS_AT_ONCE, late=LATE, batch_size=1
    ).queue
    campaigns = given.bus.subscribe(
        "Campaigns",
        preparer,
        "audience.campaign.started",
        "audience.campaign.resumed",
        "audience.campaign.cancelled",
        timeout=PREPARER_TIMEOUT,
        at_once=PREPARERS_AT_ONCE,
        late=LATE,
        batch_size=1,
    ).queue
    for function in (preparer, sender):
        function.role.add_to_policy(allow("sqs:SendMessage", resources=[chunks.queue_arn]))
        function.function.add_environment("CAMPAIGN_CHUNKS_QUEUE_URL", chunks.queue_url)
    preparer.role.add_to_policy(allow("sqs:SendMessage", resources=[campaigns.queue_arn]))
    preparer.function.add_environment("CAMPAIGNS_QUEUE_URL", campaigns.queue_url)
    EveryShard(
        given.stack,
        "CampaignSweeps",
        function=preparer,
        event={"action": "sweep"},
        shards=1,
        every=SWEEP,
        dead_letters=given.dead_letters,
    )
    # What the schedule asks of it, no queue brings again.
    given.watch(preparer)
    given.watch_limit(CAMPAIGNS_PAUSED)


def _preparer(given: Surroundings, bundle: str) -> Function:
    table = given.table.arn
    preparer = given.function(
        "CampaignPreparer",
        "functions.audience.campaigns.consumers.handler",
        allow("dynamodb:GetItem", "dynamodb:BatchGetItem", "dynamodb:UpdateItem", resources=[table]),
        allow("dynamodb:PutItem", "dynamodb:DeleteItem", "dynamodb:BatchWriteItem", resources=[table]),
        allow("dynamodb:Query", resources=[table, given.table.index_arn]),
        allow("secretsmanager:GetSecretValue", resources=[given.pepper_arn]),
        bundle=bundle,
        environment={"PEPPER_SECRET_ID": given.pepper_arn},
        memory_mb=WORKING_MB,
        timeout=PREPARER_TIMEOUT,
    )
    given.files.open(preparer, CAMPAIGNS, "s3:GetObject", "s3:PutObject")
    # Whether an earlier try has written the audience, it learns from the bucket.
    given.files.let_look(preparer)
    return preparer


def _sender(given: Surroundings, bundle: str, environment: dict[str, str]) -> Function:
    table = given.table.arn
    sender = given.function(
        "CampaignSender",
        "functions.audience.campaigns.sending.consumers.handler",
        allow("dynamodb:GetItem", "dynamodb:BatchGetItem", "dynamodb:UpdateItem", resources=[table]),
        allow("dynamodb:PutItem", "dynamodb:BatchWriteItem", "dynamodb:Query", resources=[table]),
        allow("secretsmanager:GetSecretValue", resources=[given.pepper_arn]),
        *sending.statements(given.stack, given.settings),
        bundle=bundle,
        environment={"PEPPER_SECRET_ID": given.pepper_arn, **environment},
        memory_mb=WORKING_MB,
        timeout=SENDER_TIMEOUT,
    )
    sending.acknowledge(sender, given.settings)
    given.files.open(sender, CAMPAIGNS, "s3:GetObject")
    return sender
