"""What callers send of an account: a new e-mail address, and a password that is to be set.

The reference says how long a password may be; the other rules are in `passwords.py`.
"""

from typing import Annotated

from pydantic import AfterValidator, Field

from functions.identity.accounts import emails, passwords

Email = Annotated[
    str, Field(max_length=emails.MAX_CHARACTERS, examples=["ada@example.com"]), AfterValidator(emails.checked)
]
NewPassword = Annotated[
    str,
    Field(
        min_length=passwords.MIN_CHARACTERS,
        max_length=passwords.MAX_CHARACTERS,
        description="Not a common password, and without the part of the e-mail address before the @.",
    ),
]
