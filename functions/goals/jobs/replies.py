"""What callers are answered who have goals exported or restored by a job."""

from pydantic import BaseModel, ConfigDict

from shared.jobs.replies import JOB, UPLOAD, FileUpload, Job

__all__ = ["FileRestoreBegun", "Job"]

_WAITING = JOB | {"kind": "goals.restore", "status": "queued", "unit": "bytes", "done": 0, "total": 4096, "rows": 0}


class FileRestoreBegun(BaseModel):
    """The job that waits for its file, and where the file is to be sent."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"job": _WAITING, "upload": UPLOAD}]})

    job: Job
    upload: FileUpload
