"""Channels: where a user's one-time codes go. By SMS to the number they have confirmed, else by e-mail."""

from typing import Literal

from functions.identity.accounts.users import User
from functions.identity.codes import mail, sms

Channel = Literal["email", "sms"]


def of(user: User) -> Channel:
    """Return the channel of a user: SMS when they have confirmed a number that the stage still sends to."""
    number = user.phone_number
    return "sms" if number is not None and sms.reaches(number) else "email"


def require(user: User) -> Channel:
    """Return the channel of a user to whom codes can be sent. Raises mail.NoMailSent."""
    channel = of(user)
    if channel == "email":
        mail.require_sender()
    return channel


def send(code: str, *, to: User, channel: Channel, minutes: int, challenge_id: str) -> None:
    """Send the code of a challenge to a user. Raises mail.NoMailSent, sms.NoTextSent, Unavailable."""
    if channel == "sms" and to.phone_number is not None:
        sms.send_code(code, to=to.phone_number, minutes=minutes)
    else:
        mail.send_code(code, to=to.email, minutes=minutes, challenge_id=challenge_id)
