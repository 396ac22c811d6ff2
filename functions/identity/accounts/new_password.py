"""A password that is to be set: its length in the API reference; the rules are in `passwords.py`."""

from typing import Annotated

from pydantic import Field

from functions.identity.accounts import passwords

NewPassword = Annotated[
    str,
    Field(
        min_length=passwords.MIN_CHARACTERS,
        max_length=passwords.MAX_CHARACTERS,
        description="Not a common password, and without the part of the e-mail address before the @.",
    ),
]
