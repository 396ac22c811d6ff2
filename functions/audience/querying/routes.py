"""Questions about all leads of a tenant, over REST."""

from typing import TYPE_CHECKING, Annotated, Final, Literal

from functions.audience import resolver
from functions.audience.leads import reading
from functions.audience.querying import charts, lists, members
from functions.audience.querying.athena.statements import RuleTooLarge
from functions.audience.querying.copies import LeadsTooLarge
from functions.audience.querying.filters import Filters
from functions.audience.resolver import ADMIN, BODY, KEYED, LEADS, READ, SEGMENT, SEGMENTS, api
from functions.audience.segments import matching, segments
from functions.audience.segments.routes import PROBLEMS, RULE, SENT
from shared.api.declarations import Body, Query
from shared.api.replies import Replies
from shared.api.request import Response
from shared.api.rest import Cursor, IdempotencyKey, Limit, answer
from shared.errors import InvalidInput, Malformed
from shared.jobs.jobs import TooManyJobs

if TYPE_CHECKING:
    from functions.audience.activity.shapes import RecountAsked
    from functions.audience.segments.shapes import PreviewAsked

replies = Replies("functions.audience.querying.replies")

RECOUNT: Final = Body("functions.audience.activity.shapes")

Looked = Annotated[
    str | None, Query(min_length=1, max_length=320, description="Only the lead that has exactly this, as it is now.")
]
Found = Annotated[
    str | None,
    Query(
        min_length=1,
        max_length=100,
        description="Words, each the beginning of a word of the name, of an e-mail address or of a telephone number.",
    ),
]
Tag = Annotated[str | None, Query(min_length=1, max_length=256, description="Only leads with exactly this tag.")]
Amount = Annotated[str | None, Query(max_length=24, description="In units of the tenant's currency; it is included.")]
Number = Annotated[int | None, Query(ge=0, description="It is included.")]
Moment = Annotated[str | None, Query(max_length=40, description="RFC 3339; it is included.")]
Sorted = Annotated[
    Literal["name", "-name", "spend", "-spend", "visits", "-visits", "created", "-created"] | None,
    Query(description="By what the leads are ordered, downwards behind a `-`; those that have none come last."),
]

Days = Annotated[int, Query(ge=1, le=charts.MOST_DAYS, description="How many days, today the last.")]

UNANSWERED: Final = (matching.RuleNotAnswered, matching.AudienceTooLarge, LeadsTooLarge, RuleTooLarge)
"""What a question about all leads may be refused for."""


@api.operation(
    "POST",
    f"{SEGMENTS}/preview",
    scope=READ,
    summary="Preview a rule",
    answers={200: replies.SegmentPreview},
    refusals=(*RULE, *UNANSWERED),
    problems=PROBLEMS,
    is_writing=False,
)
def preview_segment(asked: Annotated["PreviewAsked", SENT]) -> Response:
    """Count the leads that match a rule now, and show ten of them. Nothing is stored."""
    return answer(200, members.preview(api.caller.tenant_id, asked.rule()))


@api.operation(
    "GET",
    f"{SEGMENT}/members",
    scope=READ,
    summary="List the members of a segment",
    answers={200: replies.SegmentMembers},
    refusals=(Malformed, InvalidInput, segments.SegmentNotFound, *UNANSWERED),
)
def list_segment_members(segment_id: str, limit: Limit = 20, cursor: Cursor = None) -> Response:
    """List the leads that are in a segment, as they are now. A page may have few or none and be followed by another."""
    return answer(200, members.page(api.caller.tenant_id, segment_id, limit=limit, cursor=cursor))


@api.operation(
    "GET",
    LEADS,
    scope=READ,
    summary="List the leads",
    answers={200: replies.LeadsFound},
    refusals=(Malformed, InvalidInput, reading.PhonesDoNotIdentify, matching.AudienceTooLarge, LeadsTooLarge),
)
def list_leads(
    limit: Limit = 20,
    cursor: Cursor = None,
    email: Looked = None,
    phone: Looked = None,
    external_id: Looked = None,
    q: Found = None,
    tag: Tag = None,
    min_spend: Amount = None,
    max_spend: Amount = None,
    min_visits: Number = None,
    max_visits: Number = None,
    created_from: Moment = None,
    created_to: Moment = None,
    sort: Sorted = None,
) -> Response:
    """List the leads of your tenant, the newest first; those that fit filters, in an order; or look one up.

    What is looked up by exactly one of its identifiers is read as it is now, and so is the list without filters.
    """
    filters = Filters(q, tag, min_spend, max_spend, min_visits, max_visits, created_from, created_to)
    asked = lists.Asked(filters, sort)
    known_by = lists.KnownBy(email, phone, external_id)
    return answer(200, lists.answered(api.caller.tenant_id, asked, known_by, limit=limit, cursor=cursor))


@api.operation(
    "GET",
    f"{SEGMENT}/chart",
    scope=READ,
    summary="Show how many members a segment had",
    answers={200: replies.SegmentChart},
    refusals=(InvalidInput, segments.SegmentNotFound),
)
def show_segment_chart(segment_id: str, days: Days = 30) -> Response:
    """Show how many members a segment had on each day, of those on which its files were looked at, or since the last.

    Days are those of the segment's time zone; the last count of a day is the one that stays.
    """
    return answer(200, charts.of(api.caller.tenant_id, segment_id, number=days))


@api.operation(
    "POST",
    f"{SEGMENT}/export",
    scope=ADMIN,
    summary="Export the members of a segment",
    answers={202: replies.Job},
    refusals=(Malformed, segments.SegmentNotFound, TooManyJobs, *KEYED),
)
def export_segment(segment_id: str, idempotency_key: IdempotencyKey = None) -> Response:
    """Have the members of a segment written into a sheet (CSV) as a job, whose file has no cell that is a formula.

    Look after the job at `GET /api/v1/jobs/{job_id}`; once it has completed, `/file` says where the file is fetched.
    """
    from functions.audience.querying import exports  # noqa: PLC0415 - nobody else waits for it on a cold start

    begun = exports.begin(api.caller, segment_id, claim=resolver.claim(idempotency_key))
    return answer(202, begun, headers={"Location": f"/api/v1/jobs/{begun['job_id']}"})


@api.operation(
    "POST",
    f"{SEGMENTS}/recount",
    scope=ADMIN,
    summary="Compare the files of leads with the table",
    answers={202: replies.Job},
    refusals=(*BODY, TooManyJobs, *KEYED),
)
def recount_segments(asked: Annotated["RecountAsked", RECOUNT], idempotency_key: IdempotencyKey = None) -> Response:
    """Have the files that segments are answered from compared with the table by a job; with `repair`, made anew.

    The file of the job has a line for each lead that is `missing`, `too_many`, `old` or `newer` in the files, 2,000 at
    most. `refused` of the job counts them, unless the files are made anew.
    """
    from functions.audience.querying import recounts  # noqa: PLC0415 - as above

    claim = resolver.claim(idempotency_key, asked)
    begun = recounts.begin(api.caller, is_repairing=asked.repair, claim=claim)
    return answer(202, begun, headers={"Location": f"/api/v1/jobs/{begun['job_id']}"})
