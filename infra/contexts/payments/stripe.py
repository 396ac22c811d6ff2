"""The secrets about Stripe: the key that moves money, and what its webhooks are known by.

They are two, so that the function that everybody may send webhooks to cannot read the key.
"""

import json

from aws_cdk import aws_kms as kms
from aws_cdk import aws_secretsmanager as secretsmanager
from constructs import Construct

from infra.constructs.generated_secret import arn_of, changed_by_hand
from infra.settings import Settings

_ROTATION = (
    "Keys and webhook secrets of Stripe are made there, so only there can they be changed; docs/deploying.md says how "
    "they are filled in here, and how the one before stays good."
)


class Stripe(Construct):
    """The secrets, made without a key, which leaves Stripe out until an operator fills them in."""

    def __init__(self, scope: Construct, id_: str, *, settings: Settings, key: kms.IKey | None) -> None:
        super().__init__(scope, id_)
        self._account = secretsmanager.Secret(
            self,
            "Account",
            description=f"The account of Milepost at Stripe, stage {settings.stage}",
            generate_secret_string=secretsmanager.SecretStringGenerator(
                secret_string_template=json.dumps({"secret_key": "", "address": ""}),
                # Nothing reads it: a secret of the stage has no value in the template, and this is how one is made.
                generate_string_key="unused",
            ),
            encryption_key=key,
            removal_policy=settings.removal_policy,
        )
        self._webhooks = secretsmanager.Secret(
            self,
            "Webhooks",
            description=f"What webhooks of Stripe are known by, stage {settings.stage}",
            generate_secret_string=secretsmanager.SecretStringGenerator(
                secret_string_template=json.dumps({"webhook_secret_before": ""}),
                generate_string_key="webhook_secret",
                password_length=44,
                exclude_punctuation=True,
            ),
            encryption_key=key,
            removal_policy=settings.removal_policy,
        )
        for each in (self._account, self._webhooks):
            changed_by_hand(each, _ROTATION, key)

    @property
    def account_arn(self) -> str:
        """Return the ARN of the secret with the key."""
        return arn_of(self._account)

    @property
    def webhooks_arn(self) -> str:
        """Return the ARN of the secret with what webhooks are known by."""
        return arn_of(self._webhooks)
