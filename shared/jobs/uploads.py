"""Jobs that take a file: it is announced, sent by PUT to a signed address, and then the job is started."""

from collections.abc import Mapping
from typing import Any

from shared.callers.auth import Caller
from shared.jobs import jobs
from shared.jobs.jobs import JobNotFound
from shared.storage import files
from shared.storage.files import NotUploaded
from shared.storage.idempotency import Answer, Claim


def begin(
    caller: Caller,
    kind: str,
    *,
    size: int,
    sha256: str,
    media_type: str,
    scope: str,
    position: Mapping[str, Any],
    claim: Claim | None = None,
) -> Answer:
    """Return a job that waits for its file, and where that is to be sent; its key is the `key` of the position.

    How far it is is counted in bytes. Raises TooManyJobs.
    """
    place = {**position, "key": files.new_key("uploads", caller.tenant_id)}
    waiting = jobs.begin(
        caller, kind, unit="bytes", scope=scope, position=place, total=size, is_requested=False, claim=claim
    )
    key = jobs.own(caller, waiting["job_id"]).position["key"]
    upload = files.presigned_put(key, size=size, sha256=sha256, media_type=media_type)
    return {"job": waiting, "upload": {"method": "PUT", "url": upload.url, "headers": dict(upload.headers)}}


def start(caller: Caller, kind: str, job_id: str, *, claim: Claim | None = None) -> Answer:
    """Have the work begun whose file was uploaded; return the job. Raises JobNotFound, NotUploaded."""
    job = jobs.own(caller, job_id)
    if job.kind != kind:
        raise JobNotFound
    if not job.is_requested and files.find(job.position["key"]) is None:
        raise NotUploaded
    return jobs.request(caller, job_id, claim=claim)
