"""Who matches a rule: how many, who of them by the page, and everybody for what is sent to them."""

from collections.abc import Iterator, Sequence
from typing import Final

from functions.audience import money
from functions.audience.leads import leads
from functions.audience.leads.leads import View
from functions.audience.querying import choosing
from functions.audience.querying.audiences import Audience
from functions.audience.segments import forms, matching, segments
from functions.audience.segments.rules.form import Form, Node
from functions.audience.segments.rules.rule import Rule
from shared import clock
from shared.clock import Instant
from shared.errors import Malformed
from shared.storage import cursors

MOST_SHOWN: Final = 10


def preview(tenant_id: str, rule: Rule) -> View:
    """Return how many leads match a rule, and ten of them.

    Raises RuleRefused, RuleNotAnswered, AudienceTooLarge, LeadsTooLarge, Unavailable.
    """
    now = clock.now()
    form = forms.of(tenant_id, rule, now=now)
    audience = choosing.of(tenant_id, form.node)
    if audience is None:
        found = matching.counted(tenant_id, form.node, shown=MOST_SHOWN)
    else:
        found = audience.counted(form.node, shown=MOST_SHOWN)
    return {
        "count": found.number,
        "sample": views(tenant_id, found.sample),
        **fresh(audience, now),
        "warnings": [each._asdict() for each in form.warnings],
    }


def page(tenant_id: str, segment_id: str, *, limit: int, cursor: str | None) -> View:
    """Return a page of the leads that are in a segment, as they are now, and the cursor of the next.

    A page may have fewer than asked for, or none, and still not be the last.
    Raises SegmentNotFound, RuleNotAnswered, LeadsTooLarge, Unavailable, and Malformed for a foreign cursor.
    """
    now = clock.now()
    form = forms.of(tenant_id, segments.get(tenant_id, segment_id).rule, now=now, segment_id=segment_id)
    by_table, by_files = f"members {segment_id}", f"members {segment_id} by files"
    audience = _goes_on(choosing.of(tenant_id, form.node), form.node, cursor, by_files)
    if audience is None:
        after = None if cursor is None else cursors.place_in(cursor, by_table)
        found, last = matching.members(tenant_id, form.node, limit=limit, after=after)
    else:
        after = "" if cursor is None else cursors.place_in(cursor, by_files)
        found = audience.ids_after(form.node, after, limit=limit)
        last = found[-1] if len(found) == limit else None
    behind = None if last is None else cursors.bind(last, by_table if audience is None else by_files)
    return {"items": views(tenant_id, found), "next_cursor": behind, **fresh(audience, now)}


def lead_ids(tenant_id: str, form: Form, *, after: str = "") -> Iterator[str]:
    """Yield the ids of all leads that match and come behind an id, in their order, each once.

    Raises RuleNotAnswered, AudienceTooLarge, LeadsTooLarge, Unavailable.
    """
    audience = choosing.of(tenant_id, form.node)
    if audience is not None:
        return audience.every_id(form.node, after=after)
    found = (each.get("lead_id") for each in matching.matching(tenant_id, form.node))
    return iter(sorted(each for each in found if each > after))


def views(tenant_id: str, lead_ids: Sequence[str]) -> list[View]:
    """Return what callers see of leads as they are now; one that was erased a moment ago is left out."""
    currency = money.find(tenant_id)
    return [leads.view(each, currency) for each in leads.several(tenant_id, lead_ids)]


def fresh(audience: Audience | None, now: Instant) -> View:
    """Return the instant of an answer, and how much older the leads may be that it is about."""
    return {"as_of": clock.to_rfc3339(now), "lag_seconds": 0 if audience is None else audience.lag_seconds(now)}


def _goes_on(audience: Audience | None, node: Node, cursor: str | None, by_files: str) -> Audience | None:
    """Return what answers the next page of a list: one that began with the table goes on there."""
    if audience is None or cursor is None or matching.unanswered(node) is not None:
        return audience
    try:
        cursors.place_in(cursor, by_files)
    except Malformed:
        return None
    return audience
