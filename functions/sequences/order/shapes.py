"""What callers send about the order of a sequence. Unknown fields are refused."""

from typing import Annotated, Any, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from functions.sequences.order import permutation
from functions.sequences.sent import ElementId, SequenceNumber, asked, distinct

ElementIds = Annotated[
    list[ElementId],
    AfterValidator(distinct),
    Field(min_length=1, max_length=permutation.MOST, json_schema_extra={"uniqueItems": True}),
]


class Reorder(BaseModel):
    """Elements, and the order in which they are to stand among the numbers that they hold."""

    model_config = asked({"element_ids": ["scene-1", "scene-2"], "new_order": ["scene-2", "scene-1"]})

    element_ids: ElementIds
    new_order: Annotated[list[ElementId], Field(min_length=1, max_length=permutation.MOST)]


class Numbered(BaseModel):
    """An element and the number it is to have."""

    model_config = ConfigDict(extra="forbid")

    element_id: ElementId
    new_sequence_number: SequenceNumber


class Renumbering(BaseModel):
    """Elements, each with one of the numbers that they hold."""

    model_config = asked({"elements": [{"element_id": "scene-1", "new_sequence_number": 2}]})

    elements: Annotated[list[Numbered], Field(min_length=1, max_length=permutation.MOST)]

    @model_validator(mode="after")
    def _each_once(self) -> Self:
        distinct([each.element_id for each in self.elements])
        return self


def _one_property(schema: dict[str, Any]) -> None:
    """Let the JSON Schema of a move say that it has one of its properties, without a default."""
    for field in schema["properties"].values():
        field.pop("default", None)
    schema |= {"examples": [{"after": "scene-1"}], "minProperties": 1, "maxProperties": 1}


class Move(BaseModel):
    """Next to which element an element is to stand: one of the two."""

    model_config = ConfigDict(extra="forbid", json_schema_extra=_one_property)

    before: ElementId = ""
    after: ElementId = ""

    @model_validator(mode="after")
    def _one_of_them(self) -> Self:
        if bool(self.before) == bool(self.after):
            raise ValueError("must name either the element before which, or the one after which it is to stand")
        return self
