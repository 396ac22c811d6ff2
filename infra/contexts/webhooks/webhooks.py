"""What webhooks need of a stage: two queues of deliveries, and a look after what waits."""

from aws_cdk import Duration
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from functions.webhooks.published import DISABLED, FORMER_TYPES, TYPES
from infra.constructs.bus import Subscription, Subscriptions
from infra.constructs.every_shard import EveryShard
from infra.constructs.function import Function, allow

# As often, and over as many shards, as functions/webhooks/sweeps.py and deliveries.py say.
SWEEP = Duration.minutes(5)
SHARDS = 8
# An attempt takes 15 seconds at most; the rest is for the table.
SENDER_TIMEOUT = Duration.seconds(40)
# An event takes about 50 ms where endpoints listen: 500 events a second, more than one shard of the stream brings.
EVENTS_AT_ONCE = 17
# Endpoints that answer within a fifth of a second are told of 170 events a second.
DELIVERIES_AT_ONCE = 24
# Beside new messages, those to endpoints that fail or are slow take no more than this of the account's concurrency.
RETRIES_AT_ONCE = 8
# Who listens expects to hear within seconds.
LATE = Duration.minutes(5)
# Endpoints that fail wait for each other, and for a quarter of an hour before a next try.
RETRIES_LATE = Duration.hours(1)

# Everything of which something is published: to name each type would take more than the 2,048 characters of a pattern.
PUBLISHED = tuple(sorted({f"{each.rpartition('.')[0]}.*" for each in TYPES if each != DISABLED}))
# What somebody asked to be sent, besides what happens in the contexts; also under the names of before, for what is on
# its way while the stage is deployed, or is sent again later.
TOLD = (
    *PUBLISHED,
    "webhooks.delivery.requested",
    "webhooks.replay.requested",
    DISABLED,
    *sorted(FORMER_TYPES),
)


class Webhooks(Construct):
    """Events become deliveries, deliveries are sent one by one, and every five minutes somebody sees what waits.

    Who fails or is slow has a queue of its own with an end to its concurrency: the others do not wait behind it.
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        bus: Subscriptions,
        consumers: Function,
        sender: Function,
        timeout: Duration,
        dead_letters: sqs.IQueue,
    ) -> None:
        super().__init__(scope, id_)
        bus.subscribe("Webhooks", consumers, *TOLD, timeout=timeout, at_once=EVENTS_AT_ONCE, late=LATE)
        deliveries = bus.queue(
            "Deliveries", sender, timeout=SENDER_TIMEOUT, at_once=DELIVERIES_AT_ONCE, batch_size=1, late=LATE
        )
        retries = bus.queue(
            "Retries", sender, timeout=SENDER_TIMEOUT, at_once=RETRIES_AT_ONCE, batch_size=1, late=RETRIES_LATE
        )
        _tell(consumers, DELIVERIES_QUEUE_URL=deliveries, RETRIES_QUEUE_URL=retries)
        _tell(sender, RETRIES_QUEUE_URL=retries)
        sweep = {"action": "sweep"}
        EveryShard(
            self, "Sweeps", function=consumers, event=sweep, shards=SHARDS, every=SWEEP, dead_letters=dead_letters
        )


def _tell(function: Function, **subscriptions: Subscription) -> None:
    """Let a function send to queues, and tell it where they are."""
    for name, subscription in subscriptions.items():
        function.role.add_to_policy(allow("sqs:SendMessage", resources=[subscription.queue.queue_arn]))
        function.function.add_environment(name, subscription.queue.queue_url)
