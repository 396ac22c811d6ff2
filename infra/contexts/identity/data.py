"""What identity keeps in the stateful stack: the signing key, and the secrets of one-time codes and of the provider."""

from aws_cdk import aws_kms as kms
from constructs import Construct

from infra.constructs.values import Values
from infra.contexts.identity.oidc import Oidc
from infra.contexts.identity.one_time_codes import OneTimeCodes
from infra.contexts.identity.signing_key import SigningKey
from infra.settings import Settings


def make(stack: Construct, *, settings: Settings, values: Values, key: kms.IKey | None) -> None:
    """Make it, and publish where it is."""
    values.publish(stack, "SigningKeyArn", SigningKey(stack, "SigningKey", settings=settings).arn)
    values.publish(stack, "OtpSecretArn", OneTimeCodes(stack, "OneTimeCodes", settings=settings, key=key).secret_arn)
    values.publish(stack, "OidcSecretArn", Oidc(stack, "Oidc", settings=settings, key=key).secret_arn)
