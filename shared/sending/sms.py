"""SMS, through Amazon SNS, one attempt at a time."""

import functools
from typing import TYPE_CHECKING, Final, Literal, cast

from shared.sending import attempts
from shared.sending.answers import Answer, Outcome

if TYPE_CHECKING:
    from mypy_boto3_sns import SNSClient

Kind = Literal["Transactional", "Promotional"]
"""What goes out first, whatever it costs, and what may wait for a cheaper way."""

_ACCOUNT: Final = frozenset({"KMSAccessDenied", "KMSDisabled", "KMSOptInRequired", "PlatformApplicationDisabled"})


@functools.cache
def client() -> "SNSClient":
    """Return the one client of this process."""
    from botocore import session  # noqa: PLC0415 - for a cold start: few requests send something

    return cast("SNSClient", session.get_session().create_client("sns", config=attempts.once()))


def send(text: str, *, to: str, kind: Kind, sender_id: str | None) -> Answer:
    """Send a text to a number in E.164 once. `sender_id` is the name it comes in, where countries show one.

    SNS takes texts that it will not deliver too, as when the account's spending limit is reached.
    """
    # https://docs.aws.amazon.com/sns/latest/dg/sms_publish-to-phone.html
    values = {"AWS.SNS.SMS.SMSType": kind} | ({"AWS.SNS.SMS.SenderID": sender_id} if sender_id else {})
    attributes = {name: {"DataType": "String", "StringValue": value} for name, value in values.items()}
    request = {"PhoneNumber": to, "Message": text, "MessageAttributes": attributes}
    return attempts.make(client().publish, request, judged)


def judged(code: str, _: str) -> Outcome | None:
    """Return what an answer of SNS means that others do not give."""
    return "account" if code in _ACCOUNT else None
