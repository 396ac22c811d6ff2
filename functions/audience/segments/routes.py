"""Segments over REST."""

from operator import attrgetter
from typing import TYPE_CHECKING, Annotated, Final

from functions.audience import resolver
from functions.audience.leads import leads
from functions.audience.resolver import BODY, KEYED, READ, SEGMENT, SEGMENTS, WRITE, api
from functions.audience.segments import lifecycle, matching, segments
from functions.audience.segments.graph import TooManySegmentsNamed
from functions.audience.segments.lifecycle import SegmentInUse, SegmentOutgrown, SegmentsChanged
from functions.audience.segments.rules import refusals
from functions.audience.segments.rules.refusals import RuleRefused
from shared.api.declarations import Body
from shared.api.replies import Replies
from shared.api.request import Response
from shared.api.rest import Cursor, IdempotencyKey, IfMatch, Limit, answer
from shared.api.routes import ProblemForm
from shared.errors import InvalidInput, Malformed
from shared.storage.versions import VersionChanged

if TYPE_CHECKING:
    from functions.audience.segments.shapes import SegmentDraft

replies = Replies("functions.audience.segments.replies")

SENT: Final = Body("functions.audience.segments.shapes", too_deep=refusals.unreadably_deep)
RULE: Final = (*BODY, RuleRefused)
"""What an operation that takes a rule may refuse."""


PROBLEMS: Final = ProblemForm(attrgetter("members"), replies.SegmentProblem)
"""A refused rule says what is wrong, and where; a refused change names the segments that stand against it."""


@api.operation(
    "POST",
    SEGMENTS,
    scope=WRITE,
    summary="Create a segment",
    answers={201: replies.SegmentWritten},
    refusals=(*RULE, TooManySegmentsNamed, SegmentsChanged, *KEYED),
    problems=PROBLEMS,
)
def create_segment(draft: Annotated["SegmentDraft", SENT], idempotency_key: IdempotencyKey = None) -> Response:
    """Create a segment. Who is in it is not stored: its rule is evaluated whenever somebody asks."""
    claim = resolver.claim(idempotency_key, draft)
    return answer(201, lifecycle.create(api.caller, draft.draft(), claim=claim))


@api.operation(
    "GET",
    SEGMENTS,
    scope=READ,
    summary="List the segments",
    answers={200: replies.Segments},
    refusals=(Malformed, InvalidInput),
)
def list_segments(limit: Limit = 20, cursor: Cursor = None) -> Response:
    """List the segments of your tenant, the newest first."""
    return resolver.page(segments.page(api.caller.tenant_id, limit=limit, cursor=cursor))


@api.operation(
    "GET",
    SEGMENT,
    scope=READ,
    summary="Show a segment",
    answers={200: replies.Segment},
    refusals=(segments.SegmentNotFound,),
)
def show_segment(segment_id: str) -> Response:
    """Show a segment and its rule."""
    return answer(200, segments.view(segments.get(api.caller.tenant_id, segment_id, consistent=False)))


@api.operation(
    "PUT",
    SEGMENT,
    scope=WRITE,
    summary="Replace a segment",
    answers={200: replies.SegmentWritten},
    refusals=(
        *RULE,
        TooManySegmentsNamed,
        segments.SegmentNotFound,
        SegmentsChanged,
        SegmentOutgrown,
        VersionChanged,
    ),
    problems=PROBLEMS,
)
def replace_segment(segment_id: str, draft: Annotated["SegmentDraft", SENT], if_match: IfMatch = None) -> Response:
    """Replace the name, the rule and the time zone of a segment. Segments that name it have the new rule at once."""
    return answer(200, lifecycle.replace(api.caller, segment_id, draft.draft(), if_match=if_match))


@api.operation(
    "DELETE",
    SEGMENT,
    scope=WRITE,
    summary="Delete a segment",
    answers={204: None},
    refusals=(Malformed, segments.SegmentNotFound, SegmentInUse, VersionChanged),
    problems=PROBLEMS,
)
def delete_segment(segment_id: str, if_match: IfMatch = None) -> Response:
    """Delete a segment. One that another segment names stays."""
    lifecycle.delete(api.caller, segment_id, if_match=if_match)
    return answer(204)


@api.operation(
    "GET",
    f"{SEGMENT}/members/<lead_id>",
    scope=READ,
    summary="Say whether a lead is in a segment, and why",
    answers={200: replies.SegmentMembership},
    refusals=(segments.SegmentNotFound, leads.LeadNotFound, matching.RuleNotAnswered),
)
def show_segment_membership(segment_id: str, lead_id: str) -> Response:
    """Say whether a lead is in a segment now, and which conditions decided."""
    return answer(200, matching.membership(api.caller.tenant_id, segment_id, lead_id))
