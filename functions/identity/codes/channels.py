"""Channels: where a user's one-time codes go. By SMS to the number they have confirmed, else by e-mail."""

from typing import Literal

from functions.identity.accounts.users import User
from functions.identity.codes import bounces, mail, sms
from shared.clock import Instant

Channel = Literal["email", "sms"]


def of(user: User) -> Channel:
    """Return the channel of a user: SMS when they have confirmed a number that the stage still sends to."""
    number = user.phone_number
    return "sms" if number is not None and sms.reaches(number) else "email"


def require(user: User, *, now: Instant) -> Channel:
    """Return the channel of a user to whom codes can be sent. Raises mail.NoMailSent."""
    channel = of(user)
    if channel == "email":
        mail.require_sender()
        if bounces.is_kept(user.email, now=now):
            raise mail.NoMailSent(
                "E-mail to your address has come back. Enrol an authenticator and take the codes from there, or ask "
                "again tomorrow."
            )
    return channel


def send(code: str, *, to: User, channel: Channel, minutes: int, challenge_id: str) -> None:
    """Send the code of a challenge to a user. Raises mail.NoMailSent, sms.NoTextSent, Unavailable."""
    if channel == "sms" and to.phone_number is not None:
        sms.send_code(code, to=to.phone_number, minutes=minutes)
    else:
        mail.send_code(code, to=to.email, minutes=minutes, challenge_id=challenge_id)
