"""Telephone numbers, as E.164 writes them: a plus, the country's code and the number, at most 15 digits."""

from typing import Annotated

from pydantic import Field

_SHOWN = 3

# Networks have numbers of no fewer digits than these, country code included.
PhoneNumber = Annotated[
    str,
    Field(
        pattern=r"^\+[1-9][0-9]{6,14}$", description="E.164: a plus, the country's code and the number, digits only."
    ),
]


def masked(number: str) -> str:
    """Return the number with all but its last three digits hidden, enough to know one's own by."""
    return f"+{'*' * (len(number) - 1 - _SHOWN)}{number[-_SHOWN:]}"
