"""E-mail, through Amazon SES, one attempt at a time."""

import functools
from typing import TYPE_CHECKING, Final, cast

from shared.sending import addresses, attempts, labels
from shared.sending.answers import Answer, Outcome
from shared.sending.attempts import Limits
from shared.sending.labels import Label

if TYPE_CHECKING:
    from mypy_boto3_ses import SESClient

    from shared.sending.mime import Mail

# https://docs.aws.amazon.com/ses/latest/APIReference/API_SendRawEmail.html#API_SendRawEmail_Errors
_ACCOUNT: Final = frozenset(
    {
        "AccountSendingPausedException",
        "ConfigurationSetDoesNotExist",
        "ConfigurationSetSendingPausedException",
        "MailFromDomainNotVerifiedException",
        "ProductionAccessNotGranted",
    }
)


@functools.cache
def client(limits: Limits | None = None) -> "SESClient":
    """Return the client of this process with these limits."""
    from botocore import session  # noqa: PLC0415 - for a cold start: few requests send something

    return cast("SESClient", session.get_session().create_client("ses", config=attempts.once(limits)))


def send(mail: "Mail", *, sender: str, label: Label, limits: Limits | None = None) -> Answer:
    """Send an e-mail once. `sender` is an address that SES knows; feedback comes back to the label's context."""
    from shared.sending import mime  # noqa: PLC0415 - for a cold start: few requests send one

    source = labels.envelope_sender(sender, label)
    try:
        message, to = mime.write(mail, sender=sender), addresses.to_ascii(mail.to)
    except addresses.NotMailable as error:
        return Answer("refused", type(error).__name__)
    request = {"Source": source, "Destinations": [to], "RawMessage": {"Data": message}}

    def judge(code: str, said: str) -> Outcome | None:
        return _judged(code, said, (sender, source))

    return attempts.make((client(limits) if limits else client()).send_raw_email, request, judge)


def _judged(code: str, said: str, senders: tuple[str, ...]) -> Outcome | None:
    """Return what an answer of SES means that others do not give.

    One code is for recipients and for senders that are not verified, and its message names which: in the sandbox of
    SES both have to be.
    https://docs.aws.amazon.com/ses/latest/dg/manage-sending-quotas-errors.html
    """
    if code in _ACCOUNT or "daily message quota" in said.lower():
        return "account"
    return "account" if code == "MessageRejected" and any(each in said for each in senders) else None
