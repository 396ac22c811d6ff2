"""Exports and restores of all goals as jobs, over REST."""

from typing import TYPE_CHECKING, Annotated

from functions.goals import resolver
from functions.goals.orphans import orphans
from functions.goals.resolver import BODY, GOALS, KEYED, WRITE, api
from shared.api.declarations import Body
from shared.api.replies import Replies
from shared.api.request import Response
from shared.api.rest import IdempotencyKey, answer
from shared.errors import InvalidInput, Malformed
from shared.jobs.jobs import JobNotFound, TooManyJobs
from shared.storage.files import NotUploaded

if TYPE_CHECKING:
    from functions.goals.jobs.shapes import RestoreFile

replies = Replies("functions.goals.jobs.replies")

SENT = Body("functions.goals.jobs.shapes")
RESTORES = f"{GOALS}/restore-jobs"

# What jobs do is imported where one is asked for: nobody else waits for it on a cold start.


@api.operation(
    "POST",
    f"{GOALS}/export-jobs",
    scope=WRITE,
    summary="Export all goals into a file",
    answers={202: replies.Job},
    refusals=(Malformed, InvalidInput, TooManyJobs, *KEYED),
)
def begin_export_job(idempotency_key: IdempotencyKey = None) -> Response:
    """Have all your goals written into a file of JSON lines, with their history and tasks.

    Look after the job at `GET /api/v1/jobs/{job_id}`; once it has completed, `/file` says where the file is fetched.
    """
    from functions.goals.jobs import exports  # noqa: PLC0415

    begun = exports.begin(resolver.caller(), claim=resolver.claim(idempotency_key))
    return answer(202, begun, headers={"Location": f"/api/v1/jobs/{begun['job_id']}"})


@api.operation(
    "POST",
    RESTORES,
    scope=WRITE,
    summary="Begin to restore goals from a file",
    answers={201: replies.FileRestoreBegun},
    refusals=(*BODY, TooManyJobs, *KEYED),
)
def begin_restore_job(sent: Annotated["RestoreFile", SENT], idempotency_key: IdempotencyKey = None) -> Response:
    """Announce a file of JSON lines, send it to the address that this answers, then start the job."""
    from functions.goals.jobs import restores  # noqa: PLC0415

    claim = resolver.claim(idempotency_key, sent)
    begun = restores.begin(resolver.caller(), size=sent.size, sha256=sent.sha256, claim=claim)
    return answer(201, begun, headers={"Location": f"/api/v1/jobs/{begun['job']['job_id']}"})


@api.operation(
    "POST",
    f"{RESTORES}/<job_id>/start",
    scope=WRITE,
    summary="Restore the goals of a file that was sent",
    answers={202: replies.Job},
    refusals=(Malformed, JobNotFound, NotUploaded, InvalidInput, *KEYED),
)
def start_restore_job(job_id: str, idempotency_key: IdempotencyKey = None) -> Response:
    """Have the goals of the file restored one by one; `GET /api/v1/jobs/{job_id}/rows` says what became of each.

    A goal that is refused keeps no other from being restored. A file that was cut off brings in the whole goals before.
    """
    from functions.goals.jobs import restores  # noqa: PLC0415

    return answer(202, restores.start(resolver.caller(), job_id, claim=resolver.claim(idempotency_key)))


@api.operation(
    "POST",
    f"{GOALS}/orphaned/<owner_id>/transfer-jobs",
    scope=WRITE,
    summary="Take over the goals of a removed or disabled member",
    answers={202: replies.Job},
    refusals=(
        Malformed,
        InvalidInput,
        orphans.NotTenantOwner,
        orphans.OwnerIsActive,
        orphans.OwnerNotFound,
        TooManyJobs,
        *KEYED,
    ),
)
def begin_transfer_job(owner_id: str, idempotency_key: IdempotencyKey = None) -> Response:
    """Have all goals that a member left behind become yours, one by one; for the owners of the tenant.

    Each is as it was, with its history and tasks, under a new id. Its shares and links end.
    """
    from functions.goals.jobs import transfers  # noqa: PLC0415

    begun = transfers.begin(resolver.caller(), owner_id, claim=resolver.claim(idempotency_key))
    return answer(202, begun, headers={"Location": f"/api/v1/jobs/{begun['job_id']}"})
