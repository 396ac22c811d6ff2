"""What callers send about members of a project. Unknown fields are refused."""

from typing import Annotated

from pydantic import AfterValidator, BaseModel, Field

from functions.projects.people.members import Role
from functions.projects.sent import Word, asked


def _distinct(values: list[str]) -> list[str]:
    if len(set(values)) < len(values):
        raise ValueError("must name each once")
    return values


class ProjectMemberDraft(BaseModel):
    """What a user is in a project."""

    model_config = asked({"roles": ["verifier"], "skills": ["mechanics"]})

    roles: Annotated[list[Role], Field(min_length=1, max_length=6), AfterValidator(_distinct)]
    skills: Annotated[list[Word], Field(max_length=50), AfterValidator(_distinct)] = []
