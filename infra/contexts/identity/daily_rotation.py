"""The rotation of the signing key: a schedule that asks daily, and what may be done with keys made after deployment."""

from aws_cdk import Acknowledgment, Duration, Stack, Validations
from aws_cdk import aws_events as events
from aws_cdk import aws_events_targets as targets
from aws_cdk import aws_iam as iam
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from infra.constructs.function import Function, finding
from infra.settings import Settings

# The tags that functions/identity/access_tokens/kms.py gives a key it makes; a role knows its own keys by them.
PURPOSE = "milepost-access-tokens"


class KeyRotation(Construct):
    """One call a day; whether a key is due is for the function to say."""

    def __init__(self, scope: Construct, id_: str, *, function: Function, dead_letters: sqs.IQueue) -> None:
        super().__init__(scope, id_)
        target = targets.LambdaFunction(
            function.function,
            event=events.RuleTargetInput.from_object({"action": "keep"}),
            dead_letter_queue=dead_letters,
            retry_attempts=5,
            max_event_age=Duration.hours(6),
        )
        function.bounded("It has one call a day.")
        function.caught(
            "Lambda tries a call that failed twice more, errors ring an alarm, and what is due is due on the next day: "
            "the key before signs until then."
        )
        events.Rule(self, "Daily", schedule=events.Schedule.rate(Duration.days(1)), targets=[target])


def allow_on_made_keys(scope: Construct, settings: Settings, *actions: str) -> iam.PolicyStatement:
    """Return a statement that allows actions on the signing keys that the rotation has made in this stage."""
    return iam.PolicyStatement(
        actions=list(actions),
        resources=[Stack.of(scope).format_arn(service="kms", resource="key", resource_name="*")],
        conditions={"StringEquals": _tags("aws:ResourceTag", settings)},
    )


def allow_making_keys(settings: Settings) -> iam.PolicyStatement:
    """Return a statement that allows making a key, if it is tagged as one of this stage's signing keys."""
    return iam.PolicyStatement(
        actions=["kms:CreateKey", "kms:TagResource"],
        # A key that is not there yet has no ARN to name.
        resources=["*"],
        conditions={"StringEquals": _tags("aws:RequestTag", settings)},
    )


def acknowledge(*functions: Function) -> None:
    """Say why functions may do something with keys that cannot be named."""
    for function in functions:
        stack = Stack.of(function)
        region, account = finding(stack.region, "AWS::Region"), finding(stack.account, "AWS::AccountId")
        Validations.of(function).acknowledge(
            Acknowledgment(
                id=f"AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:kms:{region}:{account}:key/*]",
                reason="A rotation makes keys whose ids nobody knows at deployment; a condition on their tags leaves "
                "no others than the signing keys of this stage (tests/infra/contexts/identity/test_functions.py).",
            )
        )


def _tags(prefix: str, settings: Settings) -> dict[str, str]:
    return {f"{prefix}/purpose": PURPOSE, f"{prefix}/stage": settings.stage}
