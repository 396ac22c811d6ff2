"""What callers are answered who have goals exported or restored by a job."""

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from shared.jobs.replies import JOB, Job

__all__ = ["FileRestoreBegun", "Job"]

_UPLOAD: dict[str, Any] = {
    "method": "PUT",
    "url": "https://files.s3.eu-central-1.amazonaws.com/uploads/tenant/0123?X-Amz-Signature=4567",
    "headers": {
        "Content-Length": "4096",
        "Content-Type": "application/jsonl",
        "If-None-Match": "*",
        "x-amz-checksum-sha256": "n4bQgYhMfWWaL+qgxVrQFaO/TxsrC4Is0V1sFbDwCgg=",
    },
}
_WAITING = JOB | {"kind": "goals.restore", "status": "queued", "unit": "bytes", "done": 0, "total": 4096, "rows": 0}


class FileUpload(BaseModel):
    """Where the file is to be sent."""

    model_config = ConfigDict(json_schema_extra={"examples": [_UPLOAD]})

    method: Literal["PUT"]
    url: str = Field(description="Good for 15 minutes, once, for this file alone.")
    headers: dict[str, str] = Field(description="To be sent as they are; any other is refused.")


class FileRestoreBegun(BaseModel):
    """The job that waits for its file, and where the file is to be sent."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"job": _WAITING, "upload": _UPLOAD}]})

    job: Job
    upload: FileUpload
