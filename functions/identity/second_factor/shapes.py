"""What callers may send of one-time codes."""

from typing import Annotated

from pydantic import BaseModel, Field

from functions.identity.shapes import sent

Code = Annotated[str, Field(pattern=r"^[0-9]{6}$", description="Six digits.")]
RecoveryCode = Annotated[
    str, Field(min_length=16, max_length=32, description="One of the ten, with or without dashes.")
]


class FirstCode(BaseModel):
    """The code that the authenticator shows."""

    model_config = sent({"code": "287082"})

    code: Code
