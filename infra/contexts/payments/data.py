"""What payments keep in the stateful stack: what Stripe and the stage know each other by."""

from aws_cdk import aws_kms as kms
from constructs import Construct

from infra.constructs.values import Values
from infra.contexts.payments.stripe import Stripe
from infra.settings import Settings


def make(stack: Construct, *, settings: Settings, values: Values, key: kms.IKey | None) -> None:
    """Make it, and publish where it is."""
    secrets = Stripe(stack, "Stripe", settings=settings, key=key)
    values.publish(stack, "StripeSecretArn", secrets.account_arn)
    values.publish(stack, "StripeWebhooksSecretArn", secrets.webhooks_arn)
