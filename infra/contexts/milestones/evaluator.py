"""The secret about the outside evaluator: where it is, our key for it, and by what its webhooks are known."""

import json

from aws_cdk import aws_kms as kms
from aws_cdk import aws_secretsmanager as secretsmanager
from constructs import Construct

from infra.constructs.generated_secret import arn_of, changed_by_hand
from infra.contexts.milestones.evaluator_secret import DESCRIPTION
from infra.settings import Settings

_ROTATION = (
    "The evaluator signs its webhooks with this secret, so it is changed together with the evaluator: the one before "
    "stays good beside it as `webhook_secret_before`. docs/evaluator.md says how."
)


class Evaluator(Construct):
    """The secret, made without an address, which leaves the evaluator out until an operator fills it in."""

    def __init__(self, scope: Construct, id_: str, *, settings: Settings, key: kms.IKey | None) -> None:
        super().__init__(scope, id_)
        self.secret = secretsmanager.Secret(
            self,
            "Secret",
            description=DESCRIPTION.format(stage=settings.stage),
            generate_secret_string=secretsmanager.SecretStringGenerator(
                secret_string_template=json.dumps({"url": "", "api_key": "", "webhook_api_key": ""}),
                generate_string_key="webhook_secret",
                # Letters and digits, in a multiple of four, are base64 too: 33 bytes (Standard Webhooks asks for 24).
                password_length=44,
                exclude_punctuation=True,
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
    """Return what functions that know the evaluator must be told."""
    allowed = "true" if settings.allow_unsigned_webhooks else "false"
    return {"EVALUATOR_SECRET_ID": secret_arn, "ALLOW_UNSIGNED_WEBHOOKS": allowed}
