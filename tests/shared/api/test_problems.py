"""How the faults of what was sent are told to callers."""

from typing import Annotated, Any

import pytest
from pydantic import AfterValidator, Field, StringConstraints, TypeAdapter, ValidationError

from functions.projects.sent import Word
from shared.api import problems

DIGEST = Annotated[str, StringConstraints(pattern="^[0-9a-f]{4}$")]
DISTINCT = Annotated[list[int], Field(max_length=2), AfterValidator(list), Field(max_length=1)]


@pytest.mark.parametrize(
    ("kind", "sent", "reason"),
    [
        (DIGEST, "ABCD", "must match the pattern ^[0-9a-f]{4}$"),
        (Word, "a\x00", "has characters that are not allowed here, such as control characters"),
        (Word, "a" * 65, "should have at most 64 characters"),
        (Word, "", "should have at least 1 character"),
        (DISTINCT, [1, 2], "Value should have at most 1 item, not 2"),
        (dict[str, int], "text", "Input should be a valid dictionary"),
    ],
)
def test_a_reason_says_what_it_must_be(kind: Any, sent: Any, reason: str):
    with pytest.raises(ValidationError) as refused:
        TypeAdapter(kind).validate_python(sent)

    assert problems.invalid_input([dict(each) for each in refused.value.errors()]).errors[0]["reason"] == reason
