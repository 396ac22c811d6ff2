"""What bodies of requests about sequences are made of."""

from typing import Annotated, Any

from pydantic import BeforeValidator, ConfigDict, Field, StringConstraints

from functions.sequences import elements, names
from shared.api.whole_numbers import WHOLE


def asked(example: dict[str, Any]) -> ConfigDict:
    """Return how a model takes what callers send: what it names and no more, with an example."""
    return ConfigDict(extra="forbid", json_schema_extra={"examples": [example]})


def distinct(element_ids: list[str]) -> list[str]:
    """Return the ids. Raises ValueError if one of them comes twice."""
    if len(set(element_ids)) < len(element_ids):
        raise ValueError("must name each element once")
    return element_ids


ElementId = Annotated[
    str,
    BeforeValidator(
        names.element_id,
        json_schema_input_type=Annotated[int, Field(ge=1, le=10**15)] | Annotated[str, Field(pattern=names.PATTERN)],
    ),
    Field(description='A whole number from 1 on, or 1 to 64 characters; 7 and "7" are one.'),
]
TypeName = Annotated[str, BeforeValidator(names.type_), StringConstraints(pattern=names.TYPE_PATTERN)]
ScopeName = Annotated[str, BeforeValidator(names.scope), StringConstraints(pattern=names.PATTERN)]
Comment = Annotated[str, StringConstraints(max_length=1000, pattern=r"^[^\x00-\x08\x0b-\x1f\x7f]*$")]
Label = Annotated[str, StringConstraints(min_length=1, max_length=100, pattern=r"^[^\x00-\x1f\x7f]*$")]
Data = Annotated[dict[str, Any], Field(description="What the version holds: JSON of 256 KB at most, 64 levels deep.")]
SequenceNumber = Annotated[int, Field(strict=True, ge=1, le=elements.HIGHEST), WHOLE]
