"""What callers may send and are answered about saved searches."""

from typing import Annotated, Any, Final, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from functions.search.collections.shapes import Name, asked
from functions.search.queries.shapes import SearchParameters

_PARAMETERS: Final[dict[str, Any]] = {"q": "whale", "query_by": "title", "filter_by": "pages:>100"}
_DRAFT: Final[dict[str, Any]] = {"name": "long books", "collection_name": "books", "parameters": _PARAMETERS}
_SAVED: Final[dict[str, Any]] = {
    "saved_search_id": "saved_01KAEY3VJ0R8S4T0V6W2X9Y5Z1",
    **_DRAFT,
    "created_at": "2026-11-20T09:30:00.000Z",
    "updated_at": "2026-11-20T09:30:00.000Z",
    "version": 1,
}

SearchName = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100)]


class SavedSearchDraft(BaseModel):
    """A search that is to be kept."""

    model_config = asked(_DRAFT)

    name: SearchName
    collection_name: Name
    parameters: SearchParameters


class SavedSearchChange(BaseModel):
    """What becomes another; what is not sent stays as it is."""

    model_config = asked({"name": "books of more than 100 pages"})

    name: SearchName | None = None
    collection_name: Name | None = None
    parameters: Annotated[SearchParameters | None, Field(description="All of them, as they are from now on.")] = None

    @model_validator(mode="after")
    def _changes_something(self) -> Self:
        if self.name is None and self.collection_name is None and self.parameters is None:
            raise ValueError("say what to change: name, collection_name, parameters")
        return self


class SavedSearch(BaseModel):
    """A saved search."""

    model_config = ConfigDict(json_schema_extra={"examples": [_SAVED]})

    saved_search_id: str
    name: str
    collection_name: str
    parameters: SearchParameters
    created_at: str
    updated_at: str
    version: int


class SavedSearches(BaseModel):
    """A page of saved searches."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"items": [_SAVED], "next_cursor": None}]})

    items: list[SavedSearch]
    next_cursor: str | None
