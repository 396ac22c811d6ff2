"""A secret that nobody chooses: generated where it lies, and never in a template, an environment variable or a log."""

from typing import cast

from aws_cdk import aws_kms as kms
from aws_cdk import aws_secretsmanager as secretsmanager
from constructs import Construct

from infra.constructs.acknowledged import NIST, acknowledge
from infra.settings import Settings


class GeneratedSecret(Construct):
    """The secret. `purpose` says what it is for, `lasting` what is good only as long as its version is kept."""

    def __init__(
        self, scope: Construct, id_: str, *, settings: Settings, key: kms.IKey | None, purpose: str, lasting: str
    ) -> None:
        super().__init__(scope, id_)
        self.secret = secretsmanager.Secret(
            self,
            "Secret",
            description=f"{purpose}, stage {settings.stage}",
            generate_secret_string=secretsmanager.SecretStringGenerator(password_length=64, exclude_punctuation=True),
            encryption_key=key,
            removal_policy=settings.removal_policy,
        )
        reason = f"{lasting}, so no schedule may take a version away; docs/deploying.md says how it is changed by hand."
        changed_by_hand(self.secret, reason, key)

    @property
    def arn(self) -> str:
        """Return the ARN of the secret."""
        return arn_of(self.secret)


def changed_by_hand(secret: secretsmanager.Secret, why: str, key: kms.IKey | None) -> None:
    """Say why a secret has no rotation, and why a key of AWS encrypts it when no other does."""
    acknowledge(secret, why, "AwsSolutions-SMG4", f"{NIST}-SecretsManagerRotationEnabled")
    if key is None:
        reason = (
            "Secrets Manager encrypts it with the key that AWS has for that in the account, which only readers of the "
            "secret may use. An owner who wants another sets customer_managed_key (docs/deploying.md)."
        )
        acknowledge(secret, reason, f"{NIST}-SecretsManagerUsingKMSKey")


def arn_of(secret: secretsmanager.Secret) -> str:
    """Return the ARN of a secret: by an attribute, since for the emulator what `Ref` stands for is the name."""
    resource = cast("secretsmanager.CfnSecret", secret.node.default_child)
    return resource.attr_id
