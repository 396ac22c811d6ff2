"""What tracked milestones keep in the stateful stack: what the evaluator is known by."""

from aws_cdk import aws_kms as kms
from constructs import Construct

from infra.constructs.values import Values
from infra.contexts.milestones.evaluator import Evaluator
from infra.settings import Settings


def make(stack: Construct, *, settings: Settings, values: Values, key: kms.IKey | None) -> None:
    """Make it, and publish where it is."""
    values.publish(stack, "EvaluatorSecretArn", Evaluator(stack, "Evaluator", settings=settings, key=key).secret_arn)
