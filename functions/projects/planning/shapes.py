"""What callers send about the plan of a project. Unknown fields are refused."""

from typing import Annotated

from pydantic import BaseModel, Field, StringConstraints

from functions.projects.dependencies.dependencies import LONGEST_LAG, Dependency, Type
from functions.projects.sent import UserId, asked
from shared.api.whole_numbers import WHOLE
from shared.conditions.syntax import LONGEST

Lag = Annotated[
    int,
    Field(strict=True, ge=-LONGEST_LAG, le=LONGEST_LAG, description="Working days; a negative one is for plans only."),
    WHOLE,
]
Text = Annotated[
    str,
    StringConstraints(strict=True, min_length=1, max_length=LONGEST),
    Field(description="When it counts, in the language of docs/conditions.md; always without one."),
]


class MilestoneDependencyDraft(BaseModel):
    """What a milestone is to depend on."""

    model_config = asked({"from_id": "pms_01KAEY5R7C2N8V4X6Z9B1D3F5J", "type": "finish_to_start", "lag_days": 2})

    from_id: Annotated[UserId, Field(description="A milestone of the same project.")]
    type: Type = "finish_to_start"
    lag_days: Lag = 0
    is_optional: Annotated[bool, Field(strict=True, description="Whether it is for plans only.")] = False
    condition: Text | None = None

    def dependency(self) -> Dependency:
        """Return the dependency that was sent."""
        return Dependency(self.from_id, self.type, self.lag_days, self.is_optional, self.condition)
