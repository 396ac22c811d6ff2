"""What lets a function send to people for a stage: e-mail from its address, SMS to numbers, and nothing else."""

from aws_cdk import Acknowledgment, Stack, Validations
from aws_cdk import aws_iam as iam

from infra import sender
from infra.constructs.function import Function, allow, finding
from infra.settings import Settings


def statements(stack: Stack, settings: Settings) -> list[iam.PolicyStatement]:
    """Return what lets a function send: e-mail from the identity, SMS to numbers, if the stage does."""
    found = mailing(stack, settings)
    if settings.sms_countries:
        # A number has no ARN. What has one are topics and endpoints, and to those nothing may be published.
        named = stack.format_arn(service="sns", region="*", account="*", resource="*")
        found.append(iam.PolicyStatement(actions=["sns:Publish"], not_resources=[named]))
    return found


def mailing(stack: Stack, settings: Settings) -> list[iam.PolicyStatement]:
    """Return what lets a function send e-mail from the identity and nothing else, if the stage does."""
    found = []
    if settings.mail_sender:
        found.append(allow("ses:SendRawEmail", resources=[_identity(stack, settings.mail_sender)]))
        # The identity may be the domain of the sender. In the sandbox of SES a recipient is one too, and IAM is asked
        # about that as well. https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonses.html
        to_any = allow("ses:SendRawEmail", resources=[_identity(stack, "*")])
        to_any.add_condition("StringLike", {"ses:FromAddress": sender.with_any_label(settings.mail_sender)})
        found.append(to_any)
    return found


def acknowledge(function: Function, settings: Settings) -> None:
    """Say why a function may send e-mail to identities that cannot be named."""
    if settings.mail_sender:
        stack = Stack.of(function)
        region, account = finding(stack.region, "AWS::Region"), finding(stack.account, "AWS::AccountId")
        Validations.of(function).acknowledge(
            Acknowledgment(
                id=f"AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:ses:{region}:{account}:identity/*]",
                reason="Nobody knows at deployment who will be sent something; the condition on the sender leaves no "
                "e-mail but that of this stage (tests/infra/contexts/test_sending.py).",
            )
        )


def environment(settings: Settings) -> dict[str, str]:
    """Return what the function that sends must be told."""
    return {
        "MAIL_SENDER": settings.mail_sender or "",
        "SMS_COUNTRIES": ",".join(settings.sms_countries),
        "SMS_SENDER_ID": settings.sms_sender_id or "",
    }


def _identity(stack: Stack, name: str) -> str:
    return stack.format_arn(service="ses", resource="identity", resource_name=name)
