"""What callers send to have goals restored from a file."""

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from functions.goals.jobs.documents import MOST_BYTES
from shared.api.whole_numbers import WHOLE

_FILE: dict[str, Any] = {"size": 4096, "sha256": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"}


class RestoreFile(BaseModel):
    """The file that is going to be sent: what `milepost export` or an export job has written."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [_FILE]})

    size: Annotated[int, Field(strict=True, ge=1, le=MOST_BYTES, description="Its bytes."), WHOLE]
    sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$", description="Its SHA-256, hexadecimal.")]
