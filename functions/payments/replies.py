"""What all answers of payments are made of."""

from typing import Any

from pydantic import ConfigDict


def answered(example: dict[str, Any]) -> ConfigDict:
    """Return the configuration of a model with an example."""
    return ConfigDict(extra="forbid", defer_build=True, json_schema_extra={"examples": [example]})
