"""A list that is spread over shards, looked after at a rate: each shard has calls of its own."""

from collections.abc import Mapping

from aws_cdk import Acknowledgment, Duration, Validations
from aws_cdk import aws_events as events
from aws_cdk import aws_events_targets as targets
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from infra.constructs.function import Function

# EventBridge takes five: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-quota.html
_TARGETS_OF_A_RULE = 4


class EveryShard(Construct):
    """Calls a function for each of the shards, so that none waits for another and each has the whole time-out."""

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        function: Function,
        event: Mapping[str, str],
        shards: int,
        every: Duration,
        dead_letters: sqs.IQueue,
    ) -> None:
        """Send the event with the number of the `shard`. What fails is for the next call, and is not repeated."""
        super().__init__(scope, id_)
        for first in range(0, shards, _TARGETS_OF_A_RULE):
            rule = events.Rule(self, f"From{first}", schedule=events.Schedule.rate(every))
            for shard in range(first, min(first + _TARGETS_OF_A_RULE, shards)):
                rule.add_target(
                    targets.LambdaFunction(
                        function.function,
                        event=events.RuleTargetInput.from_object({**event, "shard": shard}),
                        dead_letter_queue=dead_letters,
                        retry_attempts=2,
                        max_event_age=every,
                    )
                )
        # Lambda would repeat a call that has failed, beside the next one for the same shard.
        function.function.configure_async_invoke(retry_attempts=0, max_event_age=every)
        function.bounded(f"It has {shards} calls every {every.to_minutes()} minutes, one for each shard.")
        reason = "What a call leaves undone is due in the next one, minutes later; errors of functions ring an alarm."
        function.caught(reason)
        rule_id = "Serverless-LambdaAsyncFailureDestination"
        Validations.of(function).acknowledge(Acknowledgment(id=rule_id, reason=reason))
