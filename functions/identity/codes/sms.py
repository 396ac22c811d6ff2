"""One-time codes by SMS, to the countries that the stage allows and to nobody else."""

from functions.identity.codes import attempts
from shared import config
from shared.errors import NotAllowed
from shared.sending import sms

# Of the characters of GSM 03.38 and shorter than 160 of them: anything else is sent, and paid, as several messages.
_CODE = "{code} is your Milepost code. It is good once, for {minutes} minutes. Tell it to nobody, whoever asks."


class NoTextSent(NotAllowed):
    """422: this stage of Milepost sends no SMS to this number."""


def reaches(number: str) -> bool:
    """Tell whether the stage sends SMS to this number."""
    return number.startswith(config.sms_countries())


def require_reach(number: str) -> None:
    """Return when the stage sends SMS to this number. Raises NoTextSent."""
    if not reaches(number):
        raise NoTextSent("No SMS is sent to this number here.")


def send_code(code: str, *, to: str, minutes: int) -> None:
    """Send a one-time code. Raises NoTextSent, Unavailable when it could not be sent."""
    require_reach(to)
    text, name = _CODE.format(code=code, minutes=minutes), config.sms_sender_id()
    if not attempts.is_taken(lambda: sms.send(text, to=to, kind="Transactional", sender_id=name)):
        raise NoTextSent("The network takes no SMS for this number.")
