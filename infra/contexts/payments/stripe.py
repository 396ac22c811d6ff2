"""The secret about Stripe: the key that moves money, read by the process of payments alone."""

from aws_cdk import SecretValue
from aws_cdk import aws_kms as kms
from aws_cdk import aws_secretsmanager as secretsmanager
from constructs import Construct

from infra.constructs.generated_secret import arn_of, changed_by_hand
from infra.settings import Settings

_ROTATION = "Keys of Stripe are made and changed there; docs/deploying.md says how one is filled in here."


class Stripe(Construct):
    """The secret, made without a key, which leaves Stripe out until an operator fills it in."""

    def __init__(self, scope: Construct, id_: str, *, settings: Settings, key: kms.IKey | None) -> None:
        super().__init__(scope, id_)
        nothing = SecretValue.unsafe_plain_text("")
        self._account = secretsmanager.Secret(
            self,
            "Account",
            description=f"The account of Milepost at Stripe, stage {settings.stage}",
            secret_object_value={"secret_key": nothing, "address": nothing},
            encryption_key=key,
            removal_policy=settings.removal_policy,
        )
        changed_by_hand(self._account, _ROTATION, key)

    @property
    def account_arn(self) -> str:
        """Return the ARN of the secret with the key."""
        return arn_of(self._account)
