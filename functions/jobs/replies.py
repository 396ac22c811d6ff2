"""What callers are answered about jobs, besides the job itself."""

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from shared.jobs.replies import JOB, Job

__all__ = ["Job", "JobFile", "JobRow", "JobRows", "Jobs"]

_ROW = {
    "reference": "goal_01KAFX3V5N8T2J6Q4W9Y7ZC0DE",
    "status": "done",
    "result": "goal_01KAFX9Q2C4E6G8J0K3M5N7PQS",
    "reason": None,
}


def _answered(example: dict[str, Any]) -> ConfigDict:
    return ConfigDict(json_schema_extra={"examples": [example]})


class Jobs(BaseModel):
    """A page of jobs."""

    model_config = _answered({"items": [JOB], "next_cursor": None})

    items: list[Job]
    next_cursor: str | None


class JobRow(BaseModel):
    """What became of one thing that a job was to do."""

    model_config = _answered(_ROW)

    reference: str = Field(description="What it is: the id of a goal or a milestone, for instance.")
    status: Literal["done", "refused"]
    result: str | None = Field(
        description="What it has led to: the id of what was made of it, or the status that it has now."
    )
    reason: str | None = Field(description="Why it was refused; of a list, the `code` of the problem.")


class JobRows(BaseModel):
    """A page of results."""

    model_config = _answered({"items": [_ROW], "next_cursor": None})

    items: list[JobRow]
    next_cursor: str | None


class JobFile(BaseModel):
    """Where a file can be fetched."""

    model_config = _answered(
        {
            "url": "https://files.s3.eu-central-1.amazonaws.com/exports/tenant/0123?X-Amz-Signature=4567",
            "name": "milepost-2026-11-20.jsonl",
            "media_type": "application/jsonl",
            "expires_at": "2026-11-20T09:35:00.000Z",
        }
    )

    url: str = Field(description="Good for everybody who has it; fetch it by GET, without a credential.")
    name: str
    media_type: str
    expires_at: str
