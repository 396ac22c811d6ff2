"""Why a goal of a job was refused: with the words that a request would have been answered."""

from typing import Final

from pydantic import ValidationError

from shared.api import problems
from shared.errors import Refusal

_LONGEST: Final = 500


def reason(error: Refusal | ValidationError) -> str:
    """Return why a step was refused, as the row of its goal says it."""
    refusal = error if isinstance(error, Refusal) else problems.invalid_input([dict(each) for each in error.errors()])
    told = "; ".join(f"{each['field']}: {each['reason']}" for each in refusal.errors)
    return (told or refusal.detail)[:_LONGEST]
