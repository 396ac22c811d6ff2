"""What webhooks keep in the stateful stack: what seals the secrets of their endpoints."""

from aws_cdk import aws_kms as kms
from constructs import Construct

from infra.constructs.generated_secret import GeneratedSecret
from infra.constructs.values import Values
from infra.settings import Settings


def make(stack: Construct, *, settings: Settings, values: Values, key: kms.IKey | None) -> None:
    """Make it, and publish where it is."""
    secret = GeneratedSecret(
        stack,
        "WebhookSecret",
        settings=settings,
        key=key,
        purpose="Seals the secrets of the webhook endpoints of Milepost",
        lasting="A version seals the secrets of webhook endpoints until they are rotated",
    )
    values.publish(stack, "WebhookSecretArn", secret.arn)
