"""What callers send about collections. Unknown fields are refused."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from functions.search.collections.collections import NAME_PATTERN
from functions.search.collections.fields import MAX_FIELDS

_FIELDS = [
    {"name": "title", "type": "string"},
    {"name": "tags", "type": "string[]", "facet": True, "optional": True},
    {"name": "pages", "type": "int64", "optional": True},
]


Name = Annotated[str, StringConstraints(pattern=NAME_PATTERN)]
FieldName = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_$][A-Za-z0-9_$.-]{0,99}$")]
Flag = Annotated[bool, Field(strict=True)]
Language = Literal[
    "ar", "da", "de", "el", "en", "es", "fi", "fr", "hu", "it", "nl", "no", "pt", "ro", "ru", "sv", "ta", "tr"
]


def asked(example: dict[str, Any]) -> ConfigDict:
    """Return what makes a model refuse unknown fields, and show an example."""
    return ConfigDict(extra="forbid", json_schema_extra={"examples": [example]})


class CollectionField(BaseModel):
    """A field of the documents of a collection."""

    model_config = ConfigDict(extra="forbid")

    name: FieldName
    type: Literal["string", "string[]", "int64", "float", "bool", "datetime"]
    facet: Annotated[Flag, Field(description="Whether its values are counted.")] = False
    optional: Annotated[Flag, Field(description="Whether it may be missing.")] = False
    index: Annotated[Flag, Field(description="Whether it is searched; without, it is stored and answered only.")] = True
    sort: Annotated[
        Flag | None, Field(description="Whether it can be sorted by; numbers, truth values and instants can.")
    ] = None


class CollectionDraft(BaseModel):
    """A collection that is to be made."""

    model_config = asked({"name": "books", "fields": _FIELDS, "default_sorting_field": None, "language": "en"})

    name: Name
    fields: Annotated[list[CollectionField], Field(min_length=1, max_length=MAX_FIELDS)]
    default_sorting_field: Annotated[
        FieldName | None, Field(description="By which hits are sorted that match equally well, the greatest first.")
    ] = None
    language: Annotated[
        Language | None, Field(description="In which language words have stems; `null`: words are found as they are.")
    ] = None


class AliasDraft(BaseModel):
    """Where an alias leads."""

    model_config = asked({"collection_name": "books"})

    collection_name: Name
