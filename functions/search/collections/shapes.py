"""What callers send about collections. Unknown fields are refused."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from functions.search.collections.collections import NAME_PATTERN
from functions.search.collections.fields import MAX_FIELDS
from functions.search.collections.wording import MAX_CHARACTERS, MAX_SETS, MAX_STOP_WORDS, MAX_SYNONYMS

_FIELDS = [
    {"name": "title", "type": "string"},
    {"name": "tags", "type": "string[]", "facet": True, "optional": True},
    {"name": "pages", "type": "int64", "optional": True},
]
_SYNONYMS = [
    {"root": None, "synonyms": ["whale", "leviathan"]},
    {"root": "ship", "synonyms": ["frigate", "man of war"]},
]


Name = Annotated[str, StringConstraints(pattern=NAME_PATTERN)]
FieldName = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_$][A-Za-z0-9_$.-]{0,99}$")]
Synonym = Annotated[str, StringConstraints(min_length=1, max_length=MAX_CHARACTERS)]
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
    infix: Annotated[Flag, Field(description="Whether parts within its words are found, of three letters or more.")] = (
        False
    )


class SynonymSet(BaseModel):
    """Words and phrases that are found for each other, or one way for a root."""

    model_config = ConfigDict(extra="forbid")

    root: Annotated[
        Synonym | None,
        Field(description="With it, the synonyms are found for the root alone, and the root is not found for them."),
    ] = None
    synonyms: Annotated[list[Synonym], Field(min_length=1, max_length=MAX_SYNONYMS)]


Synonyms = Annotated[list[SynonymSet], Field(max_length=MAX_SETS)]
StopWords = Annotated[
    list[Synonym], Field(max_length=MAX_STOP_WORDS, description="Words that a search does not look for.")
]
OfLanguage = Annotated[Flag, Field(description="Whether the stop words of the language are left out too.")]


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
    synonyms: Synonyms = []
    stop_words: StopWords = []
    language_stop_words: OfLanguage = False


class SynonymsDraft(BaseModel):
    """The synonyms of a collection."""

    model_config = asked({"synonyms": _SYNONYMS})

    synonyms: Synonyms


class StopWordsDraft(BaseModel):
    """The stop words of a collection."""

    model_config = asked({"stop_words": ["edition"], "language_stop_words": True})

    stop_words: StopWords = []
    language_stop_words: OfLanguage = False


class AddedField(CollectionField):
    """A field that is to be added, which must be optional."""

    drop: Annotated[
        Flag,
        Field(description="No field can be removed: 409 if a key that is bound to the collection names it, else 422."),
    ] = False

    @model_validator(mode="before")
    @classmethod
    def _needs_no_type(cls, sent: Any) -> Any:
        return {"type": "string", **sent} if isinstance(sent, dict) and sent.get("drop") is True else sent


class FieldsAdded(BaseModel):
    """The fields that a collection is to get."""

    model_config = asked({"fields": [{"name": "publisher", "type": "string", "facet": True, "optional": True}]})

    fields: Annotated[list[AddedField], Field(min_length=1, max_length=MAX_FIELDS)]


class AliasDraft(BaseModel):
    """Where an alias leads."""

    model_config = asked({"collection_name": "books"})

    collection_name: Name
