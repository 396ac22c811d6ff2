"""SMS, through Amazon SNS, one attempt at a time."""

from typing import Literal

from shared.sending import attempts, sns
from shared.sending.answers import Answer
from shared.sending.attempts import Limits

Kind = Literal["Transactional", "Promotional"]
"""What goes out first, whatever it costs, and what may wait for a cheaper way."""


def send(text: str, *, to: str, kind: Kind, sender_id: str | None, limits: Limits | None = None) -> Answer:
    """Send a text to a number in E.164 once. `sender_id` is the name it comes in, where countries show one.

    SNS takes texts that it will not deliver too, as when the account's spending limit is reached.
    """
    # https://docs.aws.amazon.com/sns/latest/dg/sms_publish-to-phone.html
    values = {"AWS.SNS.SMS.SMSType": kind} | ({"AWS.SNS.SMS.SenderID": sender_id} if sender_id else {})
    attributes = {name: {"DataType": "String", "StringValue": value} for name, value in values.items()}
    request = {"PhoneNumber": to, "Message": text, "MessageAttributes": attributes}
    return attempts.make((sns.client(limits) if limits else sns.client()).publish, request, sns.judged)
