"""What callers send about types and elements. Unknown fields are refused."""

from typing import Annotated, Self

from pydantic import BaseModel, Field, model_validator

from functions.sequences import imports
from functions.sequences.creation import MOST, New
from functions.sequences.element_types import Order
from functions.sequences.imports import Row
from functions.sequences.sent import ElementId, SequenceNumber, TypeName, asked, distinct
from functions.sequences.versions import versions
from functions.sequences.versions.shapes import VersionDraft
from shared.api.whole_numbers import WHOLE

VersionNumber = Annotated[int, Field(strict=True, ge=1, le=versions.HIGHEST), WHOLE]


class ElementTypeDraft(BaseModel):
    """A type of elements, and how those of it are ordered, for ever."""

    model_config = asked({"element_type": "scene", "order": "number"})

    element_type: TypeName
    order: Order


class ElementDraft(VersionDraft):
    """A new element, and what its first version holds."""

    model_config = asked({"element_id": "scene-1", "comment": "The beginning", "data": {"text": "Once upon a time"}})

    element_id: ElementId

    def new(self) -> New:
        """Return the element that is to be. Raises DataTooLarge, InvalidInput."""
        return New(self.element_id, self.draft())


class ElementsDraft(BaseModel):
    """New elements, in the order in which they get their numbers."""

    model_config = asked({"elements": [{"element_id": "scene-1"}, {"element_id": "scene-2"}]})

    elements: Annotated[list[ElementDraft], Field(min_length=1, max_length=MOST)]

    @model_validator(mode="after")
    def _each_once(self) -> Self:
        distinct([each.element_id for each in self.elements])
        return self


class RowDraft(VersionDraft):
    """A row of a sequence service that was in use before: a version of an element."""

    model_config = asked({"element_id": 7, "sequence_number": 3, "version_number": 1})

    element_id: ElementId
    sequence_number: SequenceNumber
    version_number: VersionNumber

    def row(self) -> Row:
        """Return the row as it is imported. Raises DataTooLarge, InvalidInput."""
        return Row(self.element_id, self.sequence_number, self.version_number, self.draft())


class Rows(BaseModel):
    """Rows to be imported; those of one element come together."""

    model_config = asked(
        {
            "rows": [
                {"element_id": 7, "sequence_number": 3, "version_number": 1},
                {"element_id": 7, "sequence_number": 3, "version_number": 2},
            ]
        }
    )

    rows: Annotated[list[RowDraft], Field(min_length=1, max_length=imports.MOST)]
