"""What follows a deleted goal or an import given up: a queue from which the rest is removed, part by part."""

from aws_cdk import Duration
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from infra.constructs.bus import Subscriptions
from infra.constructs.every_shard import EveryShard
from infra.constructs.function import Function, allow
from shared.messaging.timers import SHARDS

# The fewest that Lambda takes. A partition takes 1,000 write units a second, a removal 500.
AT_ONCE = 2
# What is deleted is out of sight at once. A tenant who removes many large goals keeps the queue busy for hours.
LATE = Duration.hours(6)
# Nobody waits for what an import left.
SWEEP = Duration.minutes(15)


class Removals(Construct):
    """A message removes one part of a goal, and puts the next one on the queue. A sweep finds imports given up."""

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        bus: Subscriptions,
        remover: Function,
        timeout: Duration,
        dead_letters: sqs.IQueue,
    ) -> None:
        super().__init__(scope, id_)
        removals = bus.subscribe(
            "GoalRemovals", remover, "goals.goal.deleted", timeout=timeout, at_once=AT_ONCE, batch_size=1, late=LATE
        )
        remover.role.add_to_policy(allow("sqs:SendMessage", resources=[removals.queue.queue_arn]))
        remover.function.add_environment("REMOVALS_QUEUE_URL", removals.queue.queue_url)
        sweep = {"action": "sweep"}
        EveryShard(self, "Sweeps", function=remover, event=sweep, shards=SHARDS, every=SWEEP, dead_letters=dead_letters)
