"""What callers get when they have rows checked."""

from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from shared.api.reference import FieldProblem

_EXAMPLE: dict[str, Any] = {
    "results": [
        {"row": 0, "errors": []},
        {"row": 1, "errors": [{"field": "goal.deadline", "reason": "must not be before the day the goal starts"}]},
    ]
}


class RowResult(BaseModel):
    """What the writes would answer to a row."""

    model_config = ConfigDict(extra="forbid", defer_build=True)

    row: int = Field(ge=0, description="The place of the row in the request, from 0.")
    errors: list[FieldProblem] = Field(description="Empty when the row would be accepted.")


class RowsChecked(BaseModel):
    """The result of each row, in the order of the request."""

    model_config = ConfigDict(extra="forbid", defer_build=True, json_schema_extra={"examples": [_EXAMPLE]})

    results: list[RowResult]
