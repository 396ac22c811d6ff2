"""What payments keep in the stateful stack: what Stripe knows the stage by."""

from aws_cdk import aws_kms as kms
from constructs import Construct

from infra.constructs.values import Values
from infra.contexts.payments.stripe import Stripe
from infra.settings import Settings


def make(stack: Construct, *, settings: Settings, values: Values, key: kms.IKey | None) -> None:
    """Make it, and publish where it is."""
    values.publish(stack, "StripeSecretArn", Stripe(stack, "Stripe", settings=settings, key=key).account_arn)
