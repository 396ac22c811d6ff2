"""Reports over REST."""

from typing import Annotated, Final

from functions.projects.people.access import AdminRequired
from functions.projects.reports import reading
from functions.projects.resolver import READ, api
from shared.api.declarations import Query
from shared.api.replies import Replies
from shared.api.request import Response
from shared.api.rest import answer
from shared.callers.project_members import ProjectNotFound
from shared.errors import InvalidInput

replies = Replies("functions.projects.reports.replies")

DELAYS: Final = "/api/v1/reports/delay-reasons"
OfProject = Annotated[
    str | None, Query(max_length=64, description="Of this project; without it, of all projects, for admins.")
]
FromMonth = Annotated[str | None, Query(max_length=7, description="A month, such as 2026-11; twelve at most.")]
ToMonth = Annotated[str | None, Query(max_length=7, description="The last month; the present one without it.")]


@api.operation(
    "GET",
    DELAYS,
    scope=READ,
    summary="See why milestones were escalated",
    answers={200: replies.DelayReasons},
    refusals=(InvalidInput, ProjectNotFound, AdminRequired),
)
def show_delay_reasons(
    project_id: OfProject = None, from_month: FromMonth = None, to_month: ToMonth = None
) -> Response:
    """See how often each reason was given for escalations, and by how many days they delay, month by month.

    For members of the project, or, of all projects, for admins of the tenant.
    """
    return answer(200, reading.delay_reasons(api.caller, project_id, from_month, to_month))


@api.operation(
    "GET",
    f"{DELAYS}.csv",
    scope=READ,
    summary="Get the reasons of escalations as CSV",
    answers={200: replies.DelayReasonSheet},
    refusals=(InvalidInput, ProjectNotFound, AdminRequired),
)
def export_delay_reasons(
    project_id: OfProject = None, from_month: FromMonth = None, to_month: ToMonth = None
) -> Response:
    """Get the rows of the report as CSV."""
    report = reading.delay_reasons(api.caller, project_id, from_month, to_month)
    headers = {"Content-Disposition": 'attachment; filename="delay-reasons.csv"', "Cache-Control": "private, no-store"}
    return Response(200, "text/csv; charset=utf-8", reading.sheet(report), headers)
