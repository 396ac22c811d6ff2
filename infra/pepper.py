"""The pepper that digests of API keys are made with: without it, nobody who reads or writes the table has a key."""

from aws_cdk import Acknowledgment, Validations
from aws_cdk import aws_secretsmanager as secretsmanager
from constructs import Construct

from infra.settings import Settings

_ROTATION = (
    "A version proves the API keys that were made with it until they are rotated, so no schedule may take it away; "
    "docs/deploying.md says how it is changed by hand."
)


class Pepper(Construct):
    """The secret. It is generated where it lies and is never in a template, an environment variable or a log."""

    def __init__(self, scope: Construct, id_: str, *, settings: Settings) -> None:
        super().__init__(scope, id_)
        self.secret = secretsmanager.Secret(
            self,
            "Secret",
            description=f"Peppers the API keys of Milepost, stage {settings.stage}",
            generate_secret_string=secretsmanager.SecretStringGenerator(password_length=64, exclude_punctuation=True),
            removal_policy=settings.removal_policy,
        )
        Validations.of(self.secret).acknowledge(Acknowledgment(id="AwsSolutions-SMG4", reason=_ROTATION))

    @property
    def arn(self) -> str:
        """Return the ARN of the secret."""
        return self.secret.secret_arn
