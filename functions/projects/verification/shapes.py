"""What callers send about the layers of a milestone. Unknown fields are refused."""

from typing import Annotated

from pydantic import BaseModel, Field, StringConstraints

from functions.projects.layers.layers import Choice
from functions.projects.layers.shapes import Score
from functions.projects.sent import ShortReason, UserId, Word, asked
from functions.projects.verification.deciding import Sent

DIGEST = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"

Digest = Annotated[
    str,
    StringConstraints(strict=True, pattern=r"^[0-9a-f]{64}$"),
    Field(description="That of the layer: what you have seen."),
]


class DecisionSent(BaseModel):
    """What is decided in a layer."""

    model_config = asked({"decision": "approve", "subject_digest": DIGEST})

    decision: Choice
    subject_digest: Digest
    reason: Annotated[ShortReason | None, Field(description="For a rejection.")] = None
    score: Annotated[Score | None, Field(description="Where the layer has a minimum.")] = None
    checklist: Annotated[list[Word], Field(max_length=20, description="The points that are checked.")] = []
    on_behalf_of: Annotated[
        UserId | None, Field(description="In whose place you decide, by a delegation that is in force.")
    ] = None
    comment: Annotated[ShortReason | None, Field(description="What you say besides, for an approval too.")] = None

    def sent(self) -> Sent:
        """Return the decision."""
        asked = (self.score, self.checklist, self.on_behalf_of)
        return Sent(self.decision, self.subject_digest, self.reason, *asked, self.comment)


class ReassignedSent(BaseModel):
    """Who is to decide, and whose seat they get."""

    model_config = asked(
        {"user_id": "user_01KAEY3VJ0G3Q6M0R5T9W2X4Z8", "instead_of": "user_01KAEY5R7C2N8V4X6Z9B1D3F5H"}
    )

    user_id: UserId
    instead_of: Annotated[
        UserId | None, Field(description="Whose seat it was. Without it, a layer that lacks people gets a seat more.")
    ] = None
