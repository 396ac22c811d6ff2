"""What one-time codes need of a stage: a secret that seals what is stored of them, and ways to send them."""

from aws_cdk import Acknowledgment, Stack, Validations
from aws_cdk import aws_iam as iam
from aws_cdk import aws_secretsmanager as secretsmanager
from constructs import Construct

from infra.constructs.function import allow
from infra.constructs.generated_secret import arn_of
from infra.settings import Settings

_ROTATION = (
    "A version seals the secrets of authenticators until their owners enrol again, so no schedule may take it away; "
    "docs/deploying.md says how it is changed by hand."
)


class OneTimeCodes(Construct):
    """The secret, generated once. The address that codes come from belongs to the account (`infra/sender.py`)."""

    def __init__(self, scope: Construct, id_: str, *, settings: Settings) -> None:
        super().__init__(scope, id_)
        self.secret = secretsmanager.Secret(
            self,
            "Secret",
            description=f"Seals second factors of Milepost and derives its refresh tokens, stage {settings.stage}",
            generate_secret_string=secretsmanager.SecretStringGenerator(password_length=64, exclude_punctuation=True),
            removal_policy=settings.removal_policy,
        )
        Validations.of(self.secret).acknowledge(Acknowledgment(id="AwsSolutions-SMG4", reason=_ROTATION))

    @property
    def secret_arn(self) -> str:
        """Return the ARN of the secret."""
        return arn_of(self.secret)


def sending(stack: Stack, settings: Settings) -> list[iam.PolicyStatement]:
    """Return what lets a function send codes: e-mail from the identity, SMS to numbers, if the stage does."""
    statements = []
    if settings.mail_sender:
        sender = stack.format_arn(service="ses", resource="identity", resource_name=settings.mail_sender)
        statements.append(allow("ses:SendEmail", resources=[sender]))
    if settings.sms_countries:
        # A number has no ARN. What has one are topics and endpoints, and to those nothing may be published.
        named = stack.format_arn(service="sns", region="*", account="*", resource="*")
        statements.append(iam.PolicyStatement(actions=["sns:Publish"], not_resources=[named]))
    return statements


def environment(settings: Settings, *, secret_arn: str) -> dict[str, str]:
    """Return what the function that sends and checks codes must be told."""
    return {
        "OTP_SECRET_ID": secret_arn,
        "MAIL_SENDER": settings.mail_sender or "",
        "SMS_COUNTRIES": ",".join(settings.sms_countries),
        "SMS_SENDER_ID": settings.sms_sender_id or "",
    }
