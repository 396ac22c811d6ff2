"""Imports, exports and recounts of leads as jobs, over REST."""

from typing import TYPE_CHECKING, Annotated, Final

from functions.audience import resolver
from functions.audience.imports.refusals import ReportNotReady, TooManyLeads
from functions.audience.resolver import ADMIN, BODY, IMPORT, IMPORTS, KEYED, LEADS, READ, WRITE, api
from shared.api.declarations import Body
from shared.api.replies import Replies
from shared.api.request import Response
from shared.api.rest import Cursor, IdempotencyKey, Limit, answer
from shared.errors import InvalidInput, Malformed
from shared.jobs.jobs import JobEnded, JobNotFound, TooManyJobs
from shared.storage.files import NotUploaded

if TYPE_CHECKING:
    from functions.audience.activity.shapes import RecountAsked
    from functions.audience.imports.shapes import LeadExport, LeadImport

replies = Replies("functions.audience.imports.replies")

SENT: Final = Body("functions.audience.imports.shapes")
RECOUNT: Final = Body("functions.audience.activity.shapes")

# What imports do is imported where one is asked for: nobody else waits for it on a cold start.


@api.operation(
    "POST",
    IMPORTS,
    scope=WRITE,
    summary="Begin to import leads from a file",
    answers={201: replies.LeadImportBegun},
    refusals=(*BODY, TooManyJobs, *KEYED),
)
def begin_lead_import(sent: Annotated["LeadImport", SENT], idempotency_key: IdempotencyKey = None) -> Response:
    """Announce a file of CSV or JSON lines, send it to the address that this answers, then start the import.

    Its rows are inserted or updated as those of `POST /leads/bulk` are.
    """
    from functions.audience.imports import imports  # noqa: PLC0415

    begun = imports.begin(
        api.caller,
        file_name=sent.file_name,
        size=sent.size,
        sha256=sent.sha256,
        media_type=sent.media_type,
        options=sent.model_dump(include={"mapping", "delimiter", "encoding", "is_dry_run"}),
        claim=resolver.claim(idempotency_key, sent),
    )
    return answer(201, begun, headers={"Location": f"{IMPORTS}/{begun['import']['import_id']}"})


@api.operation(
    "GET",
    IMPORTS,
    scope=READ,
    summary="List your imports of leads",
    answers={200: replies.LeadImports},
    refusals=(Malformed, InvalidInput),
)
def list_lead_imports(limit: Limit = 20, cursor: Cursor = None) -> Response:
    """List your imports of the last seven days, the newest first. A page may have fewer than there are."""
    from functions.audience.imports import imports  # noqa: PLC0415

    return resolver.page(imports.page(api.caller, limit=limit, cursor=cursor))


@api.operation(
    "GET",
    IMPORT,
    scope=READ,
    summary="Show an import of leads",
    answers={200: replies.LeadImportShown},
    refusals=(JobNotFound,),
)
def show_lead_import(import_id: str) -> Response:
    """Show how far an import of yours is, and what became of its rows so far."""
    from functions.audience.imports import imports  # noqa: PLC0415

    return answer(200, imports.show(api.caller, import_id))


@api.operation(
    "POST",
    f"{IMPORT}/start",
    scope=WRITE,
    summary="Import the leads of a file that was sent",
    answers={202: replies.LeadImportShown},
    refusals=(Malformed, JobNotFound, NotUploaded, *KEYED),
)
def start_lead_import(import_id: str, idempotency_key: IdempotencyKey = None) -> Response:
    """Have the rows of the file written, each for itself; of several about one lead, the later row wins."""
    from functions.audience.imports import imports  # noqa: PLC0415

    return answer(202, imports.start(api.caller, import_id, claim=resolver.claim(idempotency_key)))


@api.operation(
    "POST",
    f"{IMPORT}/cancel",
    scope=WRITE,
    summary="Cancel an import of leads",
    answers={200: replies.LeadImportShown},
    refusals=(Malformed, JobNotFound, JobEnded, InvalidInput, *KEYED),
)
def cancel_lead_import(import_id: str, idempotency_key: IdempotencyKey = None) -> Response:
    """End an import of yours after the parts that it is at. What they have written stays written."""
    from functions.audience.imports import imports  # noqa: PLC0415

    return answer(200, imports.cancel(api.caller, import_id, claim=resolver.claim(idempotency_key)))


@api.operation(
    "GET",
    f"{IMPORT}/report",
    scope=READ,
    summary="List what became of the rows of an import",
    answers={200: replies.LeadImportReport},
    refusals=(Malformed, JobNotFound, InvalidInput, ReportNotReady),
)
def list_lead_import_report(import_id: str, limit: Limit = 20, cursor: Cursor = None) -> Response:
    """List what became of each row, in the order of the file, once the import has ended.

    As a file of JSON lines it is at `GET /api/v1/jobs/{import_id}/file`.
    """
    from functions.audience.imports import imports, reports  # noqa: PLC0415

    return resolver.page(reports.page(imports.own(api.caller, import_id), limit=limit, cursor=cursor))


@api.operation(
    "GET",
    f"{LEADS}/export",
    scope=READ,
    summary="Get a few leads as CSV",
    answers={200: replies.LeadSheet},
    refusals=(InvalidInput, TooManyLeads),
)
def export_leads() -> Response:
    """Get all leads of your tenant as CSV, at once, if they are a thousand at most; more are exported by a job."""
    from functions.audience.imports import exports  # noqa: PLC0415

    headers = {"Content-Disposition": 'attachment; filename="leads.csv"', "Cache-Control": "private, no-store"}
    return Response(200, "text/csv; charset=utf-8", exports.sheet(api.caller.tenant_id), headers)


@api.operation(
    "POST",
    f"{LEADS}/export",
    scope=ADMIN,
    summary="Export all leads into a file",
    answers={202: replies.Job},
    refusals=(*BODY, TooManyJobs, *KEYED),
)
def begin_lead_export(asked: Annotated["LeadExport", SENT], idempotency_key: IdempotencyKey = None) -> Response:
    """Have all leads of your tenant written into a file of JSON lines, or of CSV.

    Look after the job at `GET /api/v1/jobs/{job_id}`; once it has completed, `/file` says where the file is fetched.
    """
    from functions.audience.imports import exports  # noqa: PLC0415

    begun = exports.begin(api.caller, asked.format, claim=resolver.claim(idempotency_key, asked))
    return answer(202, begun, headers={"Location": f"/api/v1/jobs/{begun['job_id']}"})


@api.operation(
    "POST",
    f"{LEADS}/recount",
    scope=ADMIN,
    summary="Count all leads again",
    answers={202: replies.Job},
    refusals=(*BODY, TooManyJobs, *KEYED),
)
def recount_leads(asked: Annotated["RecountAsked", RECOUNT], idempotency_key: IdempotencyKey = None) -> Response:
    """Have the totals of all leads compared with their orders and visits by a job; with `repair`, have them mended.

    The file of the job has a line for each lead that differs, with what `POST /leads/{lead_id}/recount` answers.
    `refused` of the job counts those that were left as they are.
    """
    from functions.audience.imports import recounts  # noqa: PLC0415

    claim = resolver.claim(idempotency_key, asked)
    begun = recounts.begin(api.caller, is_repairing=asked.repair, claim=claim)
    return answer(202, begun, headers={"Location": f"/api/v1/jobs/{begun['job_id']}"})
