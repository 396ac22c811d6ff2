"""What tracked milestones keep in the stateful stack: what the evaluator is known by."""

from constructs import Construct

from infra.constructs.values import Values
from infra.contexts.milestones.evaluator import Evaluator
from infra.settings import Settings


def make(stack: Construct, *, settings: Settings, values: Values) -> None:
    """Make it, and publish where it is."""
    values.publish(stack, "EvaluatorSecretArn", Evaluator(stack, "Evaluator", settings=settings).secret_arn)
