"""What one-time codes need of a stage: a secret that seals what is stored of them."""

from aws_cdk import aws_kms as kms
from aws_cdk import aws_secretsmanager as secretsmanager
from constructs import Construct

from infra.constructs.generated_secret import arn_of, changed_by_hand
from infra.contexts import sending
from infra.settings import Settings

_ROTATION = (
    "A version seals the secrets of authenticators until their owners enrol again, so no schedule may take it away; "
    "docs/deploying.md says how it is changed by hand."
)


class OneTimeCodes(Construct):
    """The secret, generated once. The address that codes come from belongs to the account (`infra/sender.py`)."""

    def __init__(self, scope: Construct, id_: str, *, settings: Settings, key: kms.IKey | None) -> None:
        super().__init__(scope, id_)
        self.secret = secretsmanager.Secret(
            self,
            "Secret",
            description=f"Seals second factors of Milepost and derives its refresh tokens, stage {settings.stage}",
            generate_secret_string=secretsmanager.SecretStringGenerator(password_length=64, exclude_punctuation=True),
            encryption_key=key,
            removal_policy=settings.removal_policy,
        )
        changed_by_hand(self.secret, _ROTATION, key)

    @property
    def secret_arn(self) -> str:
        """Return the ARN of the secret."""
        return arn_of(self.secret)


def environment(settings: Settings, *, secret_arn: str) -> dict[str, str]:
    """Return what the function that sends and checks codes must be told."""
    return {"OTP_SECRET_ID": secret_arn, **sending.environment(settings)}
