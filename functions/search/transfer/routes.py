"""Imports and exports of collections as jobs, over REST."""

from typing import TYPE_CHECKING, Annotated

from functions.search import resolver
from functions.search.collections.collections import CollectionNotFound
from functions.search.filters.operands import FilterRefused
from functions.search.keys.restrictions import CONTEXT, KeyOutdated
from functions.search.resolver import BODY, COLLECTION, KEYED, WRITE, NotForGuests, api, insider
from shared.api.declarations import Body
from shared.api.replies import Replies
from shared.api.request import Response
from shared.api.rest import IdempotencyKey, answer
from shared.errors import Malformed
from shared.jobs.jobs import JobNotFound, TooManyJobs
from shared.jobs.turns import KeyJobsUsedUp
from shared.storage.files import NotUploaded

if TYPE_CHECKING:
    from functions.search.transfer.shapes import CollectionExport, CollectionImport

replies = Replies("functions.search.transfer.replies")

SENT = Body("functions.search.transfer.shapes")
IMPORTS = f"{COLLECTION}/import-jobs"

# What jobs do is imported where one is asked for: nobody else waits for it on a cold start.


@api.operation(
    "POST",
    IMPORTS,
    scope=WRITE,
    summary="Begin to import documents from a file",
    answers={201: replies.CollectionImportBegun},
    refusals=(*BODY, CollectionNotFound, TooManyJobs, NotForGuests, *KEYED),
)
def begin_collection_import(
    collection_name: str, sent: Annotated["CollectionImport", SENT], idempotency_key: IdempotencyKey = None
) -> Response:
    """Announce a file with a document on each line, send it to the address that this answers, then start the job."""
    from functions.search.transfer import imports  # noqa: PLC0415

    claim = resolver.claim(idempotency_key, sent)
    begun = imports.begin(
        insider(), collection_name, operation=sent.operation, size=sent.size, sha256=sent.sha256, claim=claim
    )
    return answer(201, begun, headers={"Location": f"/api/v1/jobs/{begun['job']['job_id']}"})


@api.operation(
    "POST",
    f"{IMPORTS}/<job_id>/start",
    scope=WRITE,
    summary="Import the documents of a file that was sent",
    answers={202: replies.Job},
    refusals=(Malformed, CollectionNotFound, JobNotFound, NotUploaded, NotForGuests, *KEYED),
)
def start_collection_import(collection_name: str, job_id: str, idempotency_key: IdempotencyKey = None) -> Response:
    """Have the documents of the file stored, each for itself. The file of the job says what became of each line."""
    from functions.search.transfer import imports  # noqa: PLC0415

    claim = resolver.claim(idempotency_key)
    return answer(202, imports.start(insider(), collection_name, job_id, claim=claim))


@api.operation(
    "POST",
    f"{COLLECTION}/export-jobs",
    scope=WRITE,
    summary="Export documents into a file",
    answers={202: replies.Job},
    refusals=(
        *BODY,
        CollectionNotFound,
        FilterRefused,
        KeyOutdated,
        TooManyJobs,
        KeyJobsUsedUp,
        NotForGuests,
        *KEYED,
    ),
    knows=CONTEXT,
)
def begin_collection_export(
    collection_name: str, asked: Annotated["CollectionExport", SENT], idempotency_key: IdempotencyKey = None
) -> Response:
    """Have the documents of a collection written into a file of JSON lines: all, or those that fit a filter.

    Look after the job at `GET /api/v1/jobs/{job_id}`; once it has completed, `/file` says where the file is fetched.
    A key that is bound to the collection exports what it shows: one job at a time, ten a day.
    """
    from functions.search.transfer import exports  # noqa: PLC0415

    claim = resolver.claim(idempotency_key, asked)
    begun = exports.begin(
        insider(), collection_name, filter_by=asked.filter_by, exclude_fields=asked.exclude_fields, claim=claim
    )
    return answer(202, begun, headers={"Location": f"/api/v1/jobs/{begun['job_id']}"})
