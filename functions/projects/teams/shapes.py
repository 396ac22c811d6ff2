"""What callers send about teams of a project. Unknown fields are refused."""

from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, Field

from functions.projects.people.teams import MOST_PEOPLE
from functions.projects.sent import Name, UserId, asked, changed

_EXAMPLE = {"name": "Millwrights", "people": ["user_01KAEY3VJ0G3Q6M0R5T9W2X4Z8"]}


def _distinct(values: list[str]) -> list[str]:
    if len(set(values)) < len(values):
        raise ValueError("must name each once")
    return values


People = Annotated[
    list[UserId],
    Field(max_length=MOST_PEOPLE, description="Ids of users who are members of the project."),
    AfterValidator(_distinct),
]


class ProjectTeamDraft(BaseModel):
    """A new team of a project."""

    model_config = asked(_EXAMPLE)

    name: Name
    people: People = []


class ProjectTeamPatch(BaseModel):
    """What of a team is to change; `people` are then all of them."""

    model_config = changed({"name": "Wrights"})

    name: Name = ""
    people: People = []

    def fields(self) -> dict[str, Any]:
        """Return what was sent."""
        return self.model_dump(include=self.model_fields_set)
