"""What callers are answered by the search of Milepost."""

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

_FOUND = {
    "type": "goal",
    "id": "goal_01KAFX3V5N8T2J6Q4W9Y7ZC0DE",
    "title": "Run a marathon",
    "url": "#/goals/goal_01KAFX3V5N8T2J6Q4W9Y7ZC0DE",
    "parent": None,
    "highlights": [{"field": "title", "snippet": "Run a <mark>marathon</mark>"}],
}


def _answered(example: dict[str, Any]) -> ConfigDict:
    return ConfigDict(json_schema_extra={"examples": [example]})


class FoundParent(BaseModel):
    """What an item is part of."""

    type: str
    id: str


class FoundText(BaseModel):
    """A piece of a title or a text, escaped for HTML, with words that match marked by `<mark>`."""

    field: str
    snippet: str


class FoundItem(BaseModel):
    """Something that was found, as it is now."""

    model_config = _answered(_FOUND)

    type: Annotated[str, Field(description="`goal`, `task`, `lead`, `invoice`, or another that `types` takes.")]
    id: str
    title: str
    url: Annotated[str | None, Field(description="Its place in the dashboard, from the address of the dashboard on.")]
    parent: FoundParent | None
    highlights: list[FoundText]


class FoundItems(BaseModel):
    """A page of what was found, the best first."""

    model_config = _answered({"items": [_FOUND], "next_cursor": None})

    items: list[FoundItem]
    next_cursor: str | None
