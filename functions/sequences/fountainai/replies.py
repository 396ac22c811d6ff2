"""What callers of the earlier service are answered: its field names, in camelCase."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel

from shared.api.reference import Problem


def _answered(example: dict[str, Any]) -> ConfigDict:
    return ConfigDict(alias_generator=to_camel, json_schema_extra={"examples": [example]})


class SequenceProblem(Problem):
    """What every refusal answers (RFC 9457), and the same by the names of the earlier service."""

    model_config = ConfigDict(alias_generator=None)

    error_code: Annotated[str | None, Field(alias="errorCode", description="As `code`.")] = None
    message: Annotated[str | None, Field(description="As `detail`.")] = None
    details: Annotated[str | None, Field(description="What is wrong with each field.")] = None
    sequence_number: Annotated[
        int | None, Field(alias="sequenceNumber", description="Of the element that is there already.")
    ] = None


class SequenceIndexState(BaseModel):
    """Whether the element is found already: it is `pending` for a second or two, until the index has it."""

    state: Literal["pending", "indexed"]
    version: int


class SequenceResponse(BaseModel):
    """The number of a new element."""

    model_config = _answered(
        {
            "sequenceNumber": 1,
            "versionNumber": 1,
            "comment": "The beginning",
            "index": {"state": "pending", "version": 1},
        }
    )

    sequence_number: int
    version_number: int
    comment: str | None
    index: SequenceIndexState


class SequenceVersionResponse(BaseModel):
    """The number of a new version."""

    model_config = _answered({"versionNumber": 2, "comment": "The second draft"})

    version_number: int
    comment: str | None


class ReorderedElement(BaseModel):
    """An element that has another number than before."""

    model_config = ConfigDict(alias_generator=to_camel)

    element_id: int | str
    old_sequence_number: int
    new_sequence_number: int


class SequenceReorderResponse(BaseModel):
    """What has changed; nothing, if the order is as it was."""

    model_config = _answered({"reorderedElements": [{"elementId": 1, "oldSequenceNumber": 1, "newSequenceNumber": 2}]})

    reordered_elements: list[ReorderedElement]
