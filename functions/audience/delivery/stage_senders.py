"""What the stage itself sends: e-mail through SES, SMS and push through SNS, one attempt at a time.

They take the same message twice, so nothing that may be taken is repeated. Feedback on an e-mail finds its recipient by
the label of the envelope sender, which is the `send_id`.
"""

import re
from typing import Final

from functions.audience.delivery.messages import Message
from functions.audience.delivery.providers import Provider
from shared import config
from shared.sending import mail, push, sms
from shared.sending.answers import Answer
from shared.sending.attempts import PATIENT
from shared.sending.labels import Label
from shared.sending.push import Notice

CONTEXT: Final = "audience"
"""What the label of these e-mails begins with; the queue of what bounced is filled by it."""

_ENDPOINT: Final = re.compile(r"arn:aws[a-z-]*:sns:[a-z0-9-]+:\d{12}:endpoint/[\w./-]{1,200}", re.ASCII)


def send_mail(_: Provider, message: Message) -> Answer:
    """Send an e-mail once, from the address of the stage."""
    from shared.sending.mime import Mail  # noqa: PLC0415 - for a cold start: few requests send one

    sender = config.mail_sender()
    if sender is None:
        return Answer("account", "no_mail_sender")
    letter = Mail(message.to, message.subject or "", message.text, message.html, headers=message.headers)
    return mail.send(letter, sender=sender, label=Label(CONTEXT, message.send_id), limits=PATIENT)


def send_sms(provider: Provider, message: Message) -> Answer:
    """Send a text once, to the countries that the stage sends to."""
    countries = config.sms_countries()
    if not countries:
        return Answer("account", "no_sms")
    if not message.to.startswith(countries):
        return Answer("refused", "country_not_allowed")
    kind, name = provider.settings.get("sms_type", "Promotional"), config.sms_sender_id()
    return sms.send(message.text, to=message.to, kind=kind, sender_id=name, limits=PATIENT)


def send_push(_: Provider, message: Message) -> Answer:
    """Send a notice once, to a platform endpoint of SNS."""
    if not _ENDPOINT.fullmatch(message.to):
        return Answer("refused", "no_endpoint")
    return push.send(Notice(message.subject or "", message.text), endpoint_arn=message.to, limits=PATIENT)
