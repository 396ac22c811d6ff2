"""What follows the deletion of a goal: a queue from which the rest of it is removed, part by part."""

from aws_cdk import Duration
from constructs import Construct

from infra.constructs.bus import Subscriptions
from infra.constructs.function import Function, allow

# The fewest that Lambda takes. A partition takes 1,000 write units a second, a removal 500.
AT_ONCE = 2
# What is deleted is out of sight at once. A tenant who removes many large goals keeps the queue busy for hours.
LATE = Duration.hours(6)


class Removals(Construct):
    """A message removes one part of a goal, and puts the next one on the queue."""

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        bus: Subscriptions,
        remover: Function,
        importing: Function,
        timeout: Duration,
    ) -> None:
        super().__init__(scope, id_)
        removals = bus.subscribe(
            "GoalRemovals", remover, "goals.goal.deleted", timeout=timeout, at_once=AT_ONCE, batch_size=1, late=LATE
        )
        for function in (remover, importing):
            function.role.add_to_policy(allow("sqs:SendMessage", resources=[removals.queue.queue_arn]))
            function.function.add_environment("REMOVALS_QUEUE_URL", removals.queue.queue_url)
