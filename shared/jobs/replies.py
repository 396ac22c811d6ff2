"""What callers are answered about a job, in whatever context it was asked for."""

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

MOMENT = "2026-11-20T09:30:00.000Z"
JOB_ID = "job_01KAEY3VJ0R8S4T0V6W2X9Y5Z1"

JOB: dict[str, Any] = {
    "job_id": JOB_ID,
    "kind": "goals.export",
    "status": "running",
    "is_cancelled": False,
    "unit": "goals",
    "done": 50,
    "total": 120,
    "rows": 50,
    "refused": 0,
    "has_file": False,
    "reason": None,
    "created_at": MOMENT,
    "updated_at": MOMENT,
    "expires_at": "2026-11-27T09:30:00.000Z",
    "version": 3,
}


UPLOAD: dict[str, Any] = {
    "method": "PUT",
    "url": "https://files.s3.eu-central-1.amazonaws.com/uploads/tenant/0123?X-Amz-Signature=4567",
    "headers": {
        "Content-Length": "4096",
        "Content-Type": "application/jsonl",
        "If-None-Match": "*",
        "x-amz-checksum-sha256": "n4bQgYhMfWWaL+qgxVrQFaO/TxsrC4Is0V1sFbDwCgg=",
    },
}


class FileUpload(BaseModel):
    """Where the file is to be sent."""

    model_config = ConfigDict(json_schema_extra={"examples": [UPLOAD]})

    method: Literal["PUT"]
    url: str = Field(description="Good for 15 minutes, once, for this file alone.")
    headers: dict[str, str] = Field(description="To be sent as they are; any other is refused.")


class Job(BaseModel):
    """Long work that a user has asked for."""

    model_config = ConfigDict(json_schema_extra={"examples": [JOB]})

    job_id: str
    kind: str = Field(description="What is done: such as `goals.export` or `sequences.compact`.")
    status: Literal["queued", "running", "completed", "failed", "cancelled"]
    is_cancelled: bool = Field(description="Somebody has cancelled it; it ends after the part that it is at.")
    unit: str = Field(description="What `done` and `total` count.")
    done: int
    total: int | None = Field(description="null where nobody knows.")
    rows: int = Field(description="How many results there are.")
    refused: int = Field(description="How much was refused, as the results say, or a report that is the file.")
    has_file: bool = Field(description="Whether there is a file to be fetched.")
    reason: str | None = Field(description="Why it has failed: a word such as `gave_up`.")
    created_at: str
    updated_at: str
    expires_at: str = Field(description="When it, its results and its file are removed.")
    version: int
