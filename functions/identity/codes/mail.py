"""One-time codes by e-mail."""

from functions.identity.codes import attempts
from shared import config
from shared.errors import NotAllowed
from shared.sending import mail
from shared.sending.labels import Label

CONTEXT = "identity"
"""What the label of a code begins with; the queue of what bounced is filled by it."""

_SUBJECT = "Your Milepost code"
_CODE = """\
Your code is {code}. It is good once, for {minutes} minutes.

Somebody who is signed in to Milepost with this address has asked for it. If it was not you, tell nobody the code, and
change your password.
"""


class NoMailSent(NotAllowed):
    """422: no code is sent to you by e-mail; enrol an authenticator and take the codes from there."""


def require_sender() -> str:
    """Return the address to send from. Raises NoMailSent."""
    sender = config.mail_sender()
    if sender is None:
        raise NoMailSent("No e-mail is sent here; enrol an authenticator and take the codes from there.")
    return sender


def send_code(code: str, *, to: str, minutes: int, challenge_id: str) -> None:
    """Send the code of a challenge. Raises NoMailSent, Unavailable when it could not be sent."""
    from shared.sending.mime import Mail  # noqa: PLC0415 - for a cold start: few requests send one

    sender, label = require_sender(), Label(CONTEXT, challenge_id)
    # The subject stands on locked screens, so the code does not stand in the subject.
    message = Mail(to, _SUBJECT, _CODE.format(code=code, minutes=minutes))
    if not attempts.is_taken(lambda: mail.send(message, sender=sender, label=label)):
        raise NoMailSent("No e-mail can be sent to your address; enrol an authenticator and take the codes from there.")
