"""What is sent about links that answer a probe. Unknown fields are refused."""

from typing import Annotated

from pydantic import BaseModel, Field, StringConstraints

from functions.projects.link_tokens import LONGEST
from functions.projects.probes.shapes import ProbeAnswerSent
from functions.projects.sent import asked

_TOKEN = "pbl_01KAEY5R7C2N8V4X6Z9B1D3F5H.mZ3xq0h5kq1P8n6bS2rV7tY4wU9aC1eF3gH5jK7lM0o"  # noqa: S105 - an example

Token = Annotated[
    str,
    StringConstraints(strict=True, max_length=LONGEST),
    Field(description="What follows the # in the address of the link."),
]


class ProbeLinkShown(BaseModel):
    """Which link is opened."""

    model_config = asked({"token": _TOKEN})

    token: Token


class LinkedAnswerSent(ProbeAnswerSent):
    """What is answered by a link."""

    model_config = asked({"token": _TOKEN, "answer": "at_risk", "comment": "The supplier is late."})

    token: Token
