"""What callers may send and are answered about keys that are bound to a collection."""

from typing import Annotated, Any, Final

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints

from functions.search.collections.shapes import FieldName, asked
from functions.search.filters import filters
from shared import clock

MAX_EXCLUDED: Final = 100
_KEY: Final[dict[str, Any]] = {
    "key_id": "4kQzT0bX9aLm",
    "collection_name": "books",
    "name": "readers of the shop",
    "last_four": "0Rz1",
    "filter_by": "in_print:=true",
    "exclude_fields": ["notes"],
    "expires_at": None,
    "created_by": "user_01KAEY3VJ0G3Q6M0R5T9W2X4Z8",
    "created_at": "2026-11-20T09:30:00.000Z",
}


def _instant(text: str | None) -> str | None:
    if text is not None:
        clock.from_rfc3339(text)
    return text


class SearchKeyDraft(BaseModel):
    """What a new key is bound to: the documents of the collection that fit the filter, without some fields."""

    model_config = asked({"name": "readers of the shop", "exclude_fields": ["notes"]})

    name: Annotated[
        Annotated[str, StringConstraints(min_length=1, max_length=100)] | None,
        Field(description="What you know it by; its holder does not see it."),
    ] = None
    filter_by: Annotated[
        Annotated[str, StringConstraints(min_length=1, max_length=filters.MAX_BYTES)] | None,
        Field(description="What holds of each document that it finds and shows; its holder does not see it."),
    ] = None
    exclude_fields: Annotated[
        list[FieldName],
        Field(max_length=MAX_EXCLUDED, description="What it neither shows nor searches, counts, sorts or filters by."),
    ] = []
    expires_at: Annotated[str | None, AfterValidator(_instant), Field(description="RFC 3339; never without.")] = None


class SearchKey(BaseModel):
    """A key, without what it takes to use it."""

    model_config = ConfigDict(json_schema_extra={"examples": [_KEY]})

    key_id: str
    collection_name: str
    name: str | None
    last_four: str
    filter_by: str | None
    exclude_fields: list[str]
    expires_at: str | None
    created_by: str
    created_at: str


class SearchKeyGiven(SearchKey):
    """A new key, which is shown once: a repeated request answers it without its text."""

    # Cut short, or every scanner for secrets would find one here.
    model_config = ConfigDict(json_schema_extra={"examples": [{**_KEY, "key": "mlp_prod_4kQzT0bX9aLm_Jd8…"}]})

    key: str | None


class SearchKeys(BaseModel):
    """A page of the keys of a collection."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"items": [_KEY], "next_cursor": None}]})

    items: list[SearchKey]
    next_cursor: str | None
