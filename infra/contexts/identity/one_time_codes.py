"""What one-time codes need of a stage: a secret that seals what is stored of them, and ways to send them."""

from aws_cdk import Acknowledgment, Stack, Validations
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_secretsmanager as secretsmanager
from constructs import Construct

from infra import sender
from infra.constructs.function import Function, allow, finding
from infra.constructs.generated_secret import arn_of, changed_by_hand
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


def sending(stack: Stack, settings: Settings) -> list[iam.PolicyStatement]:
    """Return what lets a function send codes: e-mail from the identity, SMS to numbers, if the stage does."""
    statements = []
    if settings.mail_sender:
        statements.append(allow("ses:SendRawEmail", resources=[_identity(stack, settings.mail_sender)]))
        # The identity may be the domain of the sender. In the sandbox of SES a recipient is one too, and IAM is asked
        # about that as well. https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonses.html
        to_any = allow("ses:SendRawEmail", resources=[_identity(stack, "*")])
        to_any.add_condition("StringLike", {"ses:FromAddress": sender.with_any_label(settings.mail_sender)})
        statements.append(to_any)
    if settings.sms_countries:
        # A number has no ARN. What has one are topics and endpoints, and to those nothing may be published.
        named = stack.format_arn(service="sns", region="*", account="*", resource="*")
        statements.append(iam.PolicyStatement(actions=["sns:Publish"], not_resources=[named]))
    return statements


def acknowledge(function: Function, settings: Settings) -> None:
    """Say why a function may send e-mail to identities that cannot be named."""
    if settings.mail_sender:
        stack = Stack.of(function)
        region, account = finding(stack.region, "AWS::Region"), finding(stack.account, "AWS::AccountId")
        Validations.of(function).acknowledge(
            Acknowledgment(
                id=f"AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:ses:{region}:{account}:identity/*]",
                reason="Nobody knows at deployment who will be sent a code; the condition on the sender leaves no "
                "e-mail but that of this stage (tests/infra/contexts/identity/test_one_time_codes.py).",
            )
        )


def environment(settings: Settings, *, secret_arn: str) -> dict[str, str]:
    """Return what the function that sends and checks codes must be told."""
    return {
        "OTP_SECRET_ID": secret_arn,
        "MAIL_SENDER": settings.mail_sender or "",
        "SMS_COUNTRIES": ",".join(settings.sms_countries),
        "SMS_SENDER_ID": settings.sms_sender_id or "",
    }


def _identity(stack: Stack, name: str) -> str:
    return stack.format_arn(service="ses", resource="identity", resource_name=name)
