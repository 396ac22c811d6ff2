"""The jobs of a user, over REST: read, cancel, and fetch what a job has made.

Whoever holds a bound key may know it together with others. They reach the jobs of the key whose ids they were told, so
there is no list of them.
"""

from functions.jobs import resolver
from functions.jobs.resolver import JOB, JOBS, KEYED, READ, WRITE, api
from shared import clock
from shared.api.replies import Replies
from shared.api.request import Response
from shared.api.rest import Cursor, IdempotencyKey, Limit, answer
from shared.callers.caller import ANY_RESTRICTION
from shared.callers.challenges import InsufficientScope
from shared.errors import InvalidInput, Malformed, NotFound
from shared.jobs import jobs, rows
from shared.jobs.jobs import JobEnded, JobNotFound

replies = Replies("functions.jobs.replies")


class JobFileNotFound(NotFound):
    """404: the job has made no file, or not yet."""

    def __init__(self) -> None:
        super().__init__("The job has made no file, or not yet.")


@api.operation(
    "GET",
    JOBS,
    scope=READ,
    summary="List your jobs",
    answers={200: replies.Jobs},
    refusals=(Malformed, InvalidInput),
)
def list_jobs(limit: Limit = 20, cursor: Cursor = None) -> Response:
    """List your jobs of the last seven days, the newest first."""
    return resolver.page(jobs.page(api.caller, limit=limit, cursor=cursor))


@api.operation(
    "GET",
    JOB,
    scope=READ,
    summary="Show a job",
    answers={200: replies.Job},
    refusals=(JobNotFound,),
    knows=ANY_RESTRICTION,
)
def show_job(job_id: str) -> Response:
    """Show how far a job of yours is. Ask again after a second or more; its `ETag` is another when it has moved."""
    return answer(200, jobs.view(jobs.own(api.caller, job_id)))


@api.operation(
    "GET",
    f"{JOB}/rows",
    scope=READ,
    summary="List what became of each thing that a job was to do",
    answers={200: replies.JobRows},
    refusals=(Malformed, JobNotFound, InvalidInput),
    knows=ANY_RESTRICTION,
)
def list_job_rows(job_id: str, limit: Limit = 20, cursor: Cursor = None) -> Response:
    """List the results of a job of yours in its order. A running job adds to the end."""
    return resolver.page(rows.page(api.caller, job_id, limit=limit, cursor=cursor))


@api.operation(
    "GET",
    f"{JOB}/file",
    scope=READ,
    summary="Fetch the file that a job has made",
    answers={200: replies.JobFile},
    refusals=(JobNotFound, JobFileNotFound, InsufficientScope),
    knows=ANY_RESTRICTION,
)
def show_job_file(job_id: str) -> Response:
    """Get an address at which the file can be fetched for five minutes, without a credential.

    It takes the scope that the work itself took as well, such as `goals:read` for an export of goals. A bound key gets
    the file of a job that it has begun.
    """
    job = jobs.own(api.caller, job_id)
    made = jobs.file_of(job)
    if made is None:
        raise JobFileNotFound
    if job.bound_to != api.caller.restriction or (job.bound_to is None and job.scope not in api.caller.scopes):
        raise InsufficientScope.of(job.scope)
    from shared.storage import files  # noqa: PLC0415 - only this waits for it on a cold start

    ends_at = clock.now() + files.DOWNLOAD_SECONDS * clock.SECOND
    shown = {
        "url": files.presigned_get(made.key, file_name=made.name, media_type=made.media_type),
        "name": made.name,
        "media_type": made.media_type,
        "expires_at": clock.to_rfc3339(ends_at),
    }
    return answer(200, shown)


@api.operation(
    "POST",
    f"{JOB}/cancel",
    scope=WRITE,
    summary="Cancel a job",
    answers={200: replies.Job},
    refusals=(Malformed, JobNotFound, JobEnded, InvalidInput, *KEYED),
    knows=ANY_RESTRICTION,
)
def cancel_job(job_id: str, idempotency_key: IdempotencyKey = None) -> Response:
    """End a job of yours. One that runs ends after the part it is at; what it has done stays done."""
    return answer(200, jobs.cancel(api.caller, job_id, claim=resolver.claim(idempotency_key)))
