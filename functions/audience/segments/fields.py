"""Segments over GraphQL: every field of `schema.graphql` about them, on the functions that REST calls too."""

from collections.abc import Mapping
from typing import Any

from functions.audience.graphql import claim, graphql, if_match, parsed, written
from functions.audience.resolver import READ, WRITE
from functions.audience.segments import lifecycle, matching, segments
from functions.audience.segments.lifecycle import Draft
from functions.audience.segments.rules.refusals import unreadably_deep
from functions.audience.segments.segments import View
from shared.api.graphql import connection, limit_of

# The shapes are imported where something is sent: no read waits for pydantic on a cold start.


def _shown(view: View) -> View:
    """Return a segment as AppSync wants it: AWSJSON is a text."""
    return {**view, "rule_ast": written(view["rule_ast"])}


def sent(given: Mapping[str, Any]) -> dict[str, Any]:
    """Return an input whose AWSJSON is a value, without what is null. Raises InvalidInput, RuleRefused."""
    found = {name: value for name, value in given.items() if value is not None}
    return {**found, "rule_ast": parsed("rule_ast", found.get("rule_ast"), too_deep=unreadably_deep)}


def _draft(given: Mapping[str, Any]) -> Draft:
    from functions.audience.segments import shapes  # noqa: PLC0415

    return shapes.SegmentDraft.model_validate(sent(given)).draft()


@graphql.field("Query", "segment", scope=READ)
def segment(segment_id: str) -> View:
    """Resolve one segment."""
    return _shown(segments.view(segments.get(graphql.caller.tenant_id, segment_id, consistent=False)))


@graphql.field("Query", "segments", scope=READ)
def every_segment(limit: int | None = None, next_token: str | None = None) -> View:
    """Resolve a page of the segments of the caller's tenant."""
    found, cursor = segments.page(graphql.caller.tenant_id, limit=limit_of(limit), cursor=next_token)
    return connection(([_shown(each) for each in found], cursor))


@graphql.field("Query", "segmentMembership", scope=READ)
def segment_membership(segment_id: str, lead_id: str) -> View:
    """Resolve whether a lead is in a segment, and why."""
    found = matching.membership(graphql.caller.tenant_id, segment_id, lead_id)
    reasons = [{**each, "condition": written(each["condition"])} for each in found["reasons"]]
    return {**found, "reasons": reasons}


@graphql.field("Mutation", "createSegment", scope=WRITE)
def create_segment(input: dict[str, Any]) -> View:  # noqa: A002 - the name GraphQL clients expect
    """Create a segment."""
    return _shown(lifecycle.create(graphql.caller, _draft(input), claim=claim()))


@graphql.field("Mutation", "replaceSegment", scope=WRITE)
def replace_segment(
    segment_id: str,
    input: dict[str, Any],  # noqa: A002 - as above
    expected_version: int | None = None,
) -> View:
    """Replace the name, the rule and the time zone of a segment."""
    match = if_match(expected_version)
    return _shown(lifecycle.replace(graphql.caller, segment_id, _draft(input), if_match=match))


@graphql.field("Mutation", "deleteSegment", scope=WRITE)
def delete_segment(segment_id: str, expected_version: int | None = None) -> View:
    """Delete a segment."""
    lifecycle.delete(graphql.caller, segment_id, if_match=if_match(expected_version))
    return {"segment_id": segment_id}
