"""Whole numbers of JSON: 70 and 70.0 are one number, and an `integer` of JSON Schema is either (Validation, 6.1.1)."""

from typing import Any, Final

from pydantic import BeforeValidator


def _without_fraction(value: Any) -> Any:
    """Return 70 for 70.0; everything else comes back as it is, for the strict check that follows."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


WHOLE: Final = BeforeValidator(_without_fraction)
"""Stands last in the annotation of every integer of a body, `Annotated[int, Field(strict=True, …), WHOLE]`.

A number with a fraction is refused, and so are texts and booleans.
"""
