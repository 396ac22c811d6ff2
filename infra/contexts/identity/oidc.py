"""What the sign-in with Google needs of a stage: a secret with the client, and which issuer is asked."""

import json

from aws_cdk import aws_kms as kms
from aws_cdk import aws_secretsmanager as secretsmanager
from constructs import Construct

from infra.constructs.generated_secret import arn_of, changed_by_hand
from infra.settings import Settings

_ROTATION = (
    "The client is made at the provider, so only there can its secret be changed; docs/deploying.md says how it is "
    "filled in here."
)


class Oidc(Construct):
    """The secret. It is made without a client id, which leaves the sign-in off until an operator fills it in."""

    def __init__(self, scope: Construct, id_: str, *, settings: Settings, key: kms.IKey | None) -> None:
        super().__init__(scope, id_)
        self.secret = secretsmanager.Secret(
            self,
            "Secret",
            description=f"The client of Milepost at its sign-in provider, stage {settings.stage}",
            generate_secret_string=secretsmanager.SecretStringGenerator(
                secret_string_template=json.dumps({"client_id": ""}), generate_string_key="client_secret"
            ),
            encryption_key=key,
            removal_policy=settings.removal_policy,
        )
        changed_by_hand(self.secret, _ROTATION, key)

    @property
    def secret_arn(self) -> str:
        """Return the ARN of the secret."""
        return arn_of(self.secret)


def environment(settings: Settings, *, secret_arn: str) -> dict[str, str]:
    """Return what the function that signs people in must be told."""
    return {"OIDC_SECRET_ID": secret_arn, "OIDC_ISSUER": settings.oidc_issuer}
