"""The sweeps of search: every minute for documents whose wake-up was lost, every hour for objects of no index and for
indexes that hold words of what was deleted.
"""

from collections.abc import Mapping
from typing import Final

from aws_cdk import Acknowledgment, Duration, Validations
from aws_cdk import aws_events as events
from aws_cdk import aws_events_targets as targets
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from infra.constructs.function import Function

EVERY: Final[Mapping[str, Duration]] = {
    "wake": Duration.minutes(1),
    "remove_orphans": Duration.hours(1),
    "erase": Duration.hours(1),
}


class Sweeps(Construct):
    """Calls a function for each of the sweeps at its rate."""

    def __init__(self, scope: Construct, id_: str, *, function: Function, dead_letters: sqs.IQueue) -> None:
        super().__init__(scope, id_)
        for action, every in EVERY.items():
            target = targets.LambdaFunction(
                function.function,
                event=events.RuleTargetInput.from_object({"action": action}),
                dead_letter_queue=dead_letters,
                retry_attempts=0,
                max_event_age=Duration.minutes(1),
            )
            events.Rule(self, action, schedule=events.Schedule.rate(every), targets=[target])
        # Lambda would repeat a call that has failed, beside the next one.
        function.function.configure_async_invoke(retry_attempts=0, max_event_age=Duration.minutes(1))
        function.bounded("It has 62 calls an hour.")
        reason = "What a call leaves undone is done by the next one; errors of functions ring an alarm."
        function.caught(reason)
        rule_id = "Serverless-LambdaAsyncFailureDestination"
        Validations.of(function).acknowledge(Acknowledgment(id=rule_id, reason=reason))
