"""What callers are answered who have documents imported or exported."""

from typing import Any

from pydantic import BaseModel, ConfigDict

from shared.jobs.replies import JOB, UPLOAD, FileUpload, Job

__all__ = ["CollectionImportBegun", "Job"]

_WAITING: dict[str, Any] = JOB | {
    "kind": "search.import",
    "status": "queued",
    "unit": "bytes",
    "done": 0,
    "total": 4096,
    "rows": 0,
}


class CollectionImportBegun(BaseModel):
    """The job that waits for its file, and where the file is to be sent."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"job": _WAITING, "upload": UPLOAD}]})

    job: Job
    upload: FileUpload
