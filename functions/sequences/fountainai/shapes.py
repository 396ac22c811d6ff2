"""What callers of the earlier service send: its field names, in camelCase. Unknown fields are refused."""

from typing import Annotated, Any, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator
from pydantic.alias_generators import to_camel

from functions.sequences import names, sent
from functions.sequences.creation import New
from functions.sequences.order import permutation
from functions.sequences.order.shapes import ElementIds
from functions.sequences.sent import Comment, Data, ElementId, ScopeName, SequenceNumber, TypeName
from functions.sequences.versions import versions
from functions.sequences.versions.versions import Draft


def _asked(example: dict[str, Any]) -> ConfigDict:
    return ConfigDict(alias_generator=to_camel, **sent.asked(example))


class SequenceRequest(BaseModel):
    """A new element; without a scope it is in `global`."""

    model_config = _asked({"elementType": "script", "elementId": 1, "comment": "The beginning"})

    element_type: TypeName
    element_id: ElementId
    scope: ScopeName = names.GLOBAL
    comment: Comment | None = None
    data: Data | None = None

    def new(self) -> New:
        """Return the element that is to be. Raises DataTooLarge, InvalidInput."""
        return New(self.element_id, Draft(self.comment, None, versions.packed(self.data)))


class SequenceVersionRequest(BaseModel):
    """What a new version holds."""

    model_config = _asked({"elementType": "script", "elementId": 1, "newVersionData": {"text": "Once upon a time"}})

    element_type: TypeName
    element_id: ElementId
    scope: ScopeName = names.GLOBAL
    comment: Comment | None = None
    new_version_data: Data | None = None

    def draft(self) -> Draft:
        """Return it as it is kept. Raises DataTooLarge, InvalidInput."""
        return Draft(self.comment, None, versions.packed(self.new_version_data))


class SequenceReorderRequest(BaseModel):
    """Elements, and the order in which they are to stand among the numbers that they hold."""

    model_config = _asked({"elementType": "script", "elementIds": [1, 2], "newOrder": [2, 1]})

    element_type: TypeName
    element_ids: ElementIds
    new_order: Annotated[list[ElementId], Field(min_length=1, max_length=permutation.MOST)]
    scope: ScopeName = names.GLOBAL


class NewSequence(BaseModel):
    """An element and the number it is to have."""

    model_config = ConfigDict(alias_generator=to_camel, extra="forbid")

    element_id: ElementId
    new_sequence: SequenceNumber


class SequenceRenumberRequest(BaseModel):
    """Elements, each with one of the numbers that they hold."""

    model_config = _asked({"elementType": "script", "elements": [{"elementId": 1, "newSequence": 2}]})

    element_type: TypeName
    elements: Annotated[list[NewSequence], Field(min_length=1, max_length=permutation.MOST)]
    scope: ScopeName = names.GLOBAL

    @model_validator(mode="after")
    def _each_once(self) -> Self:
        sent.distinct([each.element_id for each in self.elements])
        return self
