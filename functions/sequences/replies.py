"""What callers are answered about sequences."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from shared.api.reference import Problem
from shared.jobs.replies import Job

__all__ = ["Job"]

MOMENT = "2026-11-20T09:30:00.000Z"
USER_ID = "user_01KAEY3VJ0G3Q6M0R5T9W2X4Z8"

_TYPE = {"element_type": "scene", "order": "number", "created_by": USER_ID, "created_at": MOMENT}
_SEQUENCE = {"scope": "global", "element_type": "scene", "order": "number", "created_at": MOMENT}
_ELEMENT = {
    "scope": "global",
    "element_type": "scene",
    "element_id": "scene-1",
    "sequence_number": 1,
    "version_number": 1,
    "rank": None,
    "comment": "The beginning",
    "created_by": USER_ID,
    "created_at": MOMENT,
    "updated_at": MOMENT,
    "version": 1,
}
_VERSION = {
    "version_number": 2,
    "created_by": USER_ID,
    "created_at": MOMENT,
    "comment": "The second draft",
    "label": "draft 2",
    "restored_from": None,
    "data_bytes": 27,
}
_CHANGE = {"element_id": "scene-1", "old_sequence_number": 1, "new_sequence_number": 2}


def answered(example: dict[str, Any]) -> ConfigDict:
    """Return the configuration of a model with an example."""
    return ConfigDict(json_schema_extra={"examples": [example]})


class ElementProblem(Problem):
    """What every refusal answers (RFC 9457); `ElementExists` with the number of the element that is there."""

    sequence_number: Annotated[int | None, Field(description="Of the element that is there already.")] = None


class ElementType(BaseModel):
    """A type of elements that the tenant has added."""

    model_config = answered(_TYPE)

    element_type: str
    order: Literal["number", "rank"]
    created_by: str
    created_at: str


class ElementTypes(BaseModel):
    """A page of the types that the tenant has added; `built_in` are those that every tenant has, ordered by number."""

    model_config = answered({"items": [_TYPE], "next_cursor": None, "built_in": ["script", "section"]})

    items: list[ElementType]
    next_cursor: str | None
    built_in: list[str]


class Sequence(BaseModel):
    """A sequence that has given a number."""

    model_config = answered(_SEQUENCE)

    scope: str
    element_type: str
    order: Literal["number", "rank"]
    created_at: str


class Sequences(BaseModel):
    """A page of the sequences of the tenant, by scope and type."""

    model_config = answered({"items": [_SEQUENCE], "next_cursor": None})

    items: list[Sequence]
    next_cursor: str | None


class Element(BaseModel):
    """An element: its number, where it stands, and how many versions it has."""

    model_config = answered(_ELEMENT)

    scope: str
    element_type: str
    element_id: str
    sequence_number: int
    version_number: int = Field(description="The number of its latest version.")
    rank: str | None = Field(description="Where it stands, for types that are ordered by rank.")
    comment: str | None = Field(description="That of its latest version.")
    created_by: str
    created_at: str
    updated_at: str
    version: int = Field(description="How often it was changed, for `If-Match`.")


class Elements(BaseModel):
    """A page of a sequence, in its order."""

    model_config = answered({"items": [_ELEMENT], "next_cursor": None})

    items: list[Element]
    next_cursor: str | None


class ElementCreated(BaseModel):
    """What became of an element that was sent with others."""

    element_id: str
    status: Literal["created", "exists", "deleted"] = Field(
        description="`exists`: it was there already, with this number; `deleted`: its id is not given again."
    )
    sequence_number: int


class ElementsCreated(BaseModel):
    """What became of each element, in the order in which they were sent."""

    model_config = answered({"results": [{"element_id": "scene-1", "status": "created", "sequence_number": 1}]})

    results: list[ElementCreated]


class RowImported(BaseModel):
    """What became of a row."""

    element_id: str
    sequence_number: int
    version_number: int
    status: Literal[
        "imported",
        "imported_before",
        "duplicate_element",
        "duplicate_number",
        "duplicate_version",
        "other_number",
    ] = Field(description="Only `imported` and `imported_before` are stored.")
    held_by: str | None = Field(description="The element that has the number, for `duplicate_number`.")


class RowsImported(BaseModel):
    """What became of each row, in the order in which they were sent."""

    model_config = answered(
        {
            "results": [
                {
                    "element_id": "7",
                    "sequence_number": 3,
                    "version_number": 1,
                    "status": "imported",
                    "held_by": None,
                }
            ]
        }
    )

    results: list[RowImported]


class NumberChanged(BaseModel):
    """An element that has another number than before."""

    element_id: str
    old_sequence_number: int
    new_sequence_number: int


class OrderChanges(BaseModel):
    """What has changed; nothing, if the order is as it was."""

    model_config = answered({"changes": [_CHANGE]})

    changes: list[NumberChanged]


class ElementVersion(BaseModel):
    """A version without its data."""

    model_config = answered(_VERSION)

    version_number: int
    created_by: str
    created_at: str
    comment: str | None
    label: str | None
    restored_from: int | None
    data_bytes: int


class ElementVersions(BaseModel):
    """A page of the versions of an element, newest first."""

    model_config = answered({"items": [_VERSION], "next_cursor": None})

    items: list[ElementVersion]
    next_cursor: str | None


class ElementVersionShown(ElementVersion):
    """A version with its data."""

    model_config = answered({**_VERSION, "data": {"text": "Once upon a time"}})

    data: dict[str, Any] | None


class PatchOperation(BaseModel):
    """An operation of a JSON Patch; a `remove` has no value."""

    op: Literal["add", "remove", "replace"]
    path: str
    value: Any = None


class Difference(BaseModel):
    """A JSON Patch (RFC 6902) that makes the data of the newer version of those of the older one."""

    model_config = answered(
        {"older": 1, "newer": 2, "operations": [{"op": "replace", "path": "/text", "value": "Once upon a time"}]}
    )

    older: int
    newer: int
    operations: list[PatchOperation]
