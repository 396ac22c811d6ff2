"""Text messages: SMS through Amazon SNS, to the countries that the stage allows and to nobody else."""

import functools
from typing import TYPE_CHECKING, cast

from shared import config
from shared.errors import NotAllowed, Unavailable
from shared.observability import logger

if TYPE_CHECKING:
    from mypy_boto3_sns import SNSClient
    from mypy_boto3_sns.type_defs import MessageAttributeValueTypeDef

# Of the characters of GSM 03.38 and shorter than 160 of them: anything else is sent, and paid, as several messages.
_CODE = "{code} is your Milepost code. It is good once, for {minutes} minutes. Tell it to nobody, whoever asks."


class NoTextSent(NotAllowed):
    """422: this stage of Milepost sends no SMS to this number."""


@functools.cache
def client() -> "SNSClient":
    """Return the one client of this process."""
    from botocore import session  # noqa: PLC0415 - for a cold start: few requests send one
    from botocore.config import Config  # noqa: PLC0415

    # Sent again after a time-out, the same code may come twice, and each is paid for: once more is enough.
    retries = Config(connect_timeout=1, read_timeout=3, retries={"mode": "standard", "total_max_attempts": 2})
    return cast("SNSClient", session.get_session().create_client("sns", config=retries))


def reaches(number: str) -> bool:
    """Tell whether the stage sends SMS to this number."""
    return number.startswith(config.sms_countries())


def require_reach(number: str) -> None:
    """Return when the stage sends SMS to this number. Raises NoTextSent."""
    if not reaches(number):
        raise NoTextSent("No SMS is sent to this number here.")


def send_code(code: str, *, to: str, minutes: int) -> None:
    """Send a one-time code. Raises NoTextSent, Unavailable when it could not be sent."""
    from botocore.exceptions import BotoCoreError, ClientError  # noqa: PLC0415 - for a cold start, as above

    require_reach(to)
    try:
        client().publish(
            PhoneNumber=to, Message=_CODE.format(code=code, minutes=minutes), MessageAttributes=_attributes()
        )
    except client().exceptions.InvalidParameterException as error:
        raise NoTextSent("The network takes no SMS for this number.") from error
    except (BotoCoreError, ClientError) as error:
        # Neither the code nor the number.
        logger.error("code not sent", error=type(error).__name__)
        raise Unavailable("The code could not be sent; repeat the request.") from error


def _attributes() -> "dict[str, MessageAttributeValueTypeDef]":
    """Return how it is to be sent: before what can wait, and in the name of the stage, where countries show one."""
    # https://docs.aws.amazon.com/sns/latest/dg/sms_publish-to-phone.html
    texts = {"AWS.SNS.SMS.SMSType": "Transactional"}
    if (sender := config.sms_sender_id()) is not None:
        texts["AWS.SNS.SMS.SenderID"] = sender
    return {name: {"DataType": "String", "StringValue": text} for name, text in texts.items()}
