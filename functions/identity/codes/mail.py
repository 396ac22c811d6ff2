"""Messages to people: e-mail, through Amazon SES."""

import functools
from typing import TYPE_CHECKING, cast

from shared import config
from shared.errors import NotAllowed, Unavailable
from shared.observability import logger

if TYPE_CHECKING:
    from mypy_boto3_ses import SESClient

_CODE = """\
Your code is {code}. It is good once, for {minutes} minutes.

Somebody who is signed in to Milepost with this address has asked for it. If it was not you, tell nobody the code, and
change your password.
"""


class NoMailSent(NotAllowed):
    """422: this stage of Milepost sends no e-mail; enrol an authenticator and take the codes from there."""


@functools.cache
def client() -> "SESClient":
    """Return the one client of this process."""
    from botocore import session  # noqa: PLC0415 - for a cold start: few requests send one
    from botocore.config import Config  # noqa: PLC0415

    # Sent again after a time-out, the same code would come twice, which does no harm.
    retries = Config(connect_timeout=1, read_timeout=3, retries={"mode": "standard", "total_max_attempts": 3})
    return cast("SESClient", session.get_session().create_client("ses", config=retries))


def require_sender() -> str:
    """Return the address to send from. Raises NoMailSent."""
    sender = config.mail_sender()
    if sender is None:
        raise NoMailSent("No e-mail is sent here; enrol an authenticator and take the codes from there.")
    return sender


def send_code(code: str, *, to: str, minutes: int) -> None:
    """Send a one-time code. Raises NoMailSent, Unavailable when it could not be sent."""
    from botocore.exceptions import BotoCoreError, ClientError  # noqa: PLC0415 - for a cold start: few requests send one

    sender = require_sender()
    try:
        client().send_email(
            Source=sender,
            Destination={"ToAddresses": [to]},
            Message={
                # The subject stands on locked screens, so the code does not stand in the subject.
                "Subject": {"Data": "Your Milepost code", "Charset": "UTF-8"},
                "Body": {"Text": {"Data": _CODE.format(code=code, minutes=minutes), "Charset": "UTF-8"}},
            },
        )
    except (BotoCoreError, ClientError) as error:
        # Neither the code nor the address: a sender that is not verified is told by the type of the error.
        logger.error("code not sent", error=type(error).__name__)
        raise Unavailable("The code could not be sent; repeat the request.") from error
