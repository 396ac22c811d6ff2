"""Where a stage sends SMS, and in whose name: countries named one by one, or none."""

import re
from typing import Final

EVERYWHERE: Final = ("+",)
"""What every number begins with; for a laptop, where the emulator sends nothing."""

# E.164: the country's code, and as much of the number as narrows it, such as +1202 where a code has several countries.
_PREFIX = re.compile(r"\+[1-9][0-9]{0,6}", re.ASCII)
# https://docs.aws.amazon.com/sns/latest/dg/sms_publish-to-phone.html: 3 to 11 letters and digits, one letter at least.
_SENDER_ID = re.compile(r"(?=.*[A-Za-z])[A-Za-z0-9]{3,11}", re.ASCII)


def require_countries(found: tuple[str, ...]) -> tuple[str, ...]:
    """Return what the allowed numbers begin with. Raises ValueError for what is no country."""
    wrong = [each for each in found if not _PREFIX.fullmatch(each)]
    if wrong:
        raise ValueError(f"not a country, such as +49: {', '.join(map(repr, wrong))}")
    return found


def require_sender_id(text: str) -> str:
    """Return the name that SMS is sent in. Raises ValueError when networks would not take it."""
    if not _SENDER_ID.fullmatch(text):
        raise ValueError(f"not a sender, 3 to 11 letters and digits: {text!r}")
    return text
