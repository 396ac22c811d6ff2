"""Questions about all leads over GraphQL, on the functions that REST calls too."""

from typing import Any, Final

from functions.audience.graphql import claim, graphql, shown
from functions.audience.querying import charts, lists, members
from functions.audience.querying.filters import Filters
from functions.audience.querying.lists import Asked, KnownBy
from functions.audience.querying.order import TRAITS
from functions.audience.resolver import ADMIN, READ
from functions.audience.segments.fields import sent
from functions.audience.segments.segments import View
from shared.api.graphql import limit_of
from shared.errors import InvalidInput
from shared.storage.idempotency import Answer

# The shapes are imported where something is sent: no read waits for pydantic on a cold start.

_DIRECTIONS: Final = {"": "", "_descending": "-"}
_SORTS: Final = {f"{name}{suffix}": f"{sign}{name}" for name in TRAITS for suffix, sign in _DIRECTIONS.items()}


def _page(found: View) -> View:
    items = [shown(each) for each in found["items"]]
    return {**found, "items": items, "next_token": found["next_cursor"]}


@graphql.field("Query", "leads", scope=READ)
def leads(
    limit: int | None = None,
    next_token: str | None = None,
    filter: dict[str, Any] | None = None,  # noqa: A002 - the name GraphQL clients expect
    sort: str | None = None,
) -> View:
    """Resolve a page of the leads of the caller's tenant."""
    asked = Asked(Filters(**(filter or {})), None if sort is None else _SORTS[sort])
    found = lists.answered(graphql.caller.tenant_id, asked, KnownBy(), limit=limit_of(limit), cursor=next_token)
    return _page(found)


@graphql.field("Query", "segmentPreview", scope=READ)
def segment_preview(rule_ast: str, time_zone: str | None = None) -> View:
    """Resolve which leads match a rule at the moment."""
    from functions.audience.segments import shapes  # noqa: PLC0415

    asked = shapes.PreviewAsked.model_validate(sent({"rule_ast": rule_ast, "time_zone": time_zone}))
    found = members.preview(graphql.caller.tenant_id, asked.rule())
    return {**found, "sample": [shown(each) for each in found["sample"]]}


@graphql.field("Query", "segmentMembers", scope=READ)
def segment_members(segment_id: str, limit: int | None = None, next_token: str | None = None) -> View:
    """Resolve a page of the leads that are in a segment."""
    found = members.page(graphql.caller.tenant_id, segment_id, limit=limit_of(limit), cursor=next_token)
    return _page(found)


@graphql.field("Query", "segmentChart", scope=READ)
def segment_chart(segment_id: str, days: int | None = None) -> View:
    """Resolve how many members a segment had, day by day."""
    number = 30 if days is None else days
    if not 1 <= number <= charts.MOST_DAYS:
        raise InvalidInput.of("days", f"must be 1 to {charts.MOST_DAYS}")
    return charts.of(graphql.caller.tenant_id, segment_id, number=number)


@graphql.field("Mutation", "recountSegments", scope=ADMIN)
def recount_segments(repair: bool | None = None) -> Answer:  # noqa: FBT001
    """Have the files that segments are answered from compared with the table."""
    from functions.audience.querying import recounts  # noqa: PLC0415 - nobody else waits for it on a cold start

    return recounts.begin(graphql.caller, is_repairing=bool(repair), claim=claim())
