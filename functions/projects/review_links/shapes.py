"""What is sent about links for people from outside. Unknown fields are refused."""

from typing import Annotated

from pydantic import BaseModel, Field, StringConstraints

from functions.projects.layers.shapes import Address
from functions.projects.link_tokens import LONGEST, MOST_DAYS
from functions.projects.sent import asked
from functions.projects.verification.shapes import DIGEST, DecisionSent
from shared.api.whole_numbers import WHOLE

_TOKEN = "rvl_01KAEY5R7C2N8V4X6Z9B1D3F5H.mZ3xq0h5kq1P8n6bS2rV7tY4wU9aC1eF3gH5jK7lM0o"  # noqa: S105 - an example

Token = Annotated[
    str,
    StringConstraints(strict=True, max_length=LONGEST),
    Field(description="What follows the # in the address of the link."),
]


class ReviewLinkSent(BaseModel):
    """Whom a link is for, and how long it is good."""

    model_config = asked({"address": "mary@example.com", "valid_days": 7})

    address: Annotated[Address, Field(description="That of a seat of the layer.")]
    valid_days: Annotated[int, Field(strict=True, ge=1, le=MOST_DAYS), WHOLE] = MOST_DAYS


class ReviewLinkShown(BaseModel):
    """Which link is opened."""

    model_config = asked({"token": _TOKEN})

    token: Token


class LinkedDecisionSent(DecisionSent):
    """What is decided by a link."""

    model_config = asked({"token": _TOKEN, "decision": "approve", "subject_digest": DIGEST})

    token: Token
