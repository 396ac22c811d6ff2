"""What callers are answered about comments."""

from typing import Any

from pydantic import BaseModel, Field

from functions.projects.replies import MOMENT, USER_ID, answered
from functions.projects.verification.replies import VERIFICATION_ID

_COMMENT: dict[str, Any] = {
    "comment_id": "cmt_01KAEY5R7C2N8V4X6Z9B1D3F5H",
    "subject_id": VERIFICATION_ID,
    "author_id": USER_ID,
    "text": "The third wheel has other teeth than on the drawing.",
    "created_at": MOMENT,
    "edited_at": None,
    "version": 1,
}


class Comment(BaseModel):
    """What a member has said on evidence or on a layer."""

    model_config = answered(_COMMENT)

    comment_id: str
    subject_id: str = Field(description="The `verification_id` or the `evidence_id`.")
    author_id: str
    text: str
    created_at: str
    edited_at: str | None = Field(description="Since when it reads as it does, if it was edited.")
    version: int = Field(description="How often it was changed, for `If-Match`.")


class Comments(BaseModel):
    """A page of comments, the oldest first."""

    model_config = answered({"items": [_COMMENT], "next_cursor": None})

    items: list[Comment]
    next_cursor: str | None
