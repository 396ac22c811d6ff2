"""What callers send about comments. Unknown fields are refused."""

from typing import Any

from pydantic import BaseModel

from functions.projects.sent import Remark, asked

_TEXT: dict[str, Any] = {"text": "The third wheel has other teeth than on the drawing."}


class CommentSent(BaseModel):
    """What there is to say."""

    model_config = asked(_TEXT)

    text: Remark
