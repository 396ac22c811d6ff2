"""What callers send to make a link, and what may be asked of one."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from functions.goals.shapes import LinkName, Moment


class LinkDraft(BaseModel):
    """A new link, and what it shows."""

    model_config = ConfigDict(
        extra="forbid", defer_build=True, json_schema_extra={"examples": [{"name": "In my calendar"}]}
    )

    goal_id: Annotated[
        str | None, Field(max_length=64, description="A goal of yours; without one, the calendar of all your goals.")
    ] = None
    name: Annotated[LinkName | None, Field(description="What you know it by; nobody else sees it.")] = None
    expires_at: Annotated[Moment | None, Field(description="Until when it is good; by default until deleted.")] = None
