"""What callers send about their own account."""

from typing import Annotated, Self

from pydantic import BaseModel, Field, model_validator

from functions.identity.accounts import passwords
from functions.identity.accounts.shapes import NewPassword
from functions.identity.second_factor.shapes import Code
from functions.identity.shapes import Name, sent

# Networks have numbers of no fewer digits than these, country code included.
PhoneNumber = Annotated[
    str,
    Field(
        pattern=r"^\+[1-9][0-9]{6,14}$", description="E.164: a plus, the country's code and the number, digits only."
    ),
]


class PhoneChange(BaseModel):
    """The number that your codes are to be sent to."""

    model_config = sent({"phone_number": "+4915112345678"})

    phone_number: PhoneNumber


class SentCode(BaseModel):
    """The code that was sent to the number."""

    model_config = sent({"code": "287082"})

    code: Code


class ProfileChange(BaseModel):
    """What to change of one's own profile; whoever changes the password proves that they know it."""

    model_config = sent({"display_name": "Ada King, Countess of Lovelace"})

    display_name: Name | None = None
    password: NewPassword | None = None
    current_password: Annotated[str | None, Field(max_length=passwords.MAX_CHARACTERS)] = None

    @model_validator(mode="after")
    def _proved(self) -> Self:
        if (self.password is None) != (self.current_password is None):
            raise ValueError("password and current_password go together")
        return self
