"""What the shapes of identity have in common: names, and how what is sent and answered is configured."""

from typing import Annotated, Any

from pydantic import AfterValidator, ConfigDict, StringConstraints


def printable(text: str) -> str:
    """Return the text. Raises ValueError for one with control characters."""
    if not text.isprintable():
        raise ValueError("must not contain control characters")
    return text


Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100), AfterValidator(printable)]


def sent(example: dict[str, Any]) -> ConfigDict:
    """Return the configuration of what callers send: unknown fields are refused; the reference shows the example."""
    return ConfigDict(extra="forbid", json_schema_extra={"examples": [example]})


def answered(example: dict[str, Any]) -> ConfigDict:
    """Return the configuration of what callers are answered; the reference shows the example."""
    return ConfigDict(json_schema_extra={"examples": [example]})
