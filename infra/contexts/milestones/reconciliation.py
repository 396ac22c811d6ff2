"""The hourly look at tracked milestones that nobody has heard of for a day, or whose time is over."""

from aws_cdk import Duration
from aws_cdk import aws_events as events
from aws_cdk import aws_events_targets as targets
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from infra.constructs.function import Function


class Reconciliation(Construct):
    """One call an hour; what is due is for the function to say."""

    def __init__(self, scope: Construct, id_: str, *, function: Function, dead_letters: sqs.IQueue) -> None:
        super().__init__(scope, id_)
        target = targets.LambdaFunction(
            function.function,
            event=events.RuleTargetInput.from_object({"task": "reconcile"}),
            dead_letter_queue=dead_letters,
            retry_attempts=2,
            # What the next hour does anyway need not come later.
            max_event_age=Duration.hours(1),
        )
        events.Rule(self, "Hourly", schedule=events.Schedule.rate(Duration.hours(1)), targets=[target])
