"""What projects keep in the stateful stack: what seals the secrets that probes call addresses with."""

from aws_cdk import aws_kms as kms
from constructs import Construct

from infra.constructs.generated_secret import GeneratedSecret
from infra.constructs.values import Values
from infra.settings import Settings


def make(stack: Construct, *, settings: Settings, values: Values, key: kms.IKey | None) -> None:
    """Make it, and publish where it is."""
    secret = GeneratedSecret(
        stack,
        "ProbeSecret",
        settings=settings,
        key=key,
        purpose="Seals the secrets that probes of Milepost call addresses with",
        lasting="A version seals the secrets of probes until their calls are set again",
    )
    values.publish(stack, "ProbeSecretArn", secret.arn)
