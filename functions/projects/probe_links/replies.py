"""What is answered about links that answer a probe."""

from typing import Any

from pydantic import BaseModel, Field

from functions.projects.replies import MOMENT, answered

_QUESTION: dict[str, Any] = {
    "name": "Mary Somerville",
    "project": "Engine No. 2",
    "title": "Mill assembled",
    "question": "Will the third wheel be there on Friday?",
    "asked_at": MOMENT,
    "expires_at": MOMENT,
    "progress": None,
    "moves_milestone": False,
    "language": "en",
}
_ANSWER = {"answer": "at_risk", "answered_at": MOMENT}


class LinkedQuestion(BaseModel):
    """What a probe asks, for whoever has the link."""

    model_config = answered(_QUESTION)

    name: str | None = Field(description="Of somebody from outside who is asked.")
    project: str | None
    title: str
    question: str
    asked_at: str
    expires_at: str = Field(description="When the link ends.")
    progress: int | None = Field(description="Of the milestone in percent, for those who move it by their answer.")
    moves_milestone: bool = Field(description="Whether the answer moves the milestone; otherwise it is only kept.")
    language: str = Field(
        description="What the page of the link speaks: `en`, `de`, `fr`, `es`, by the tenant's `locale`."
    )


class LinkedAnswer(BaseModel):
    """What was answered by the link."""

    model_config = answered(_ANSWER)

    answer: str = Field(description="`on_track`, `at_risk`, `blocked`, `done`.")
    answered_at: str
