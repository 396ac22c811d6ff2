"""Which leads are in a segment now, read from the table and evaluated one by one."""

from collections.abc import Iterator, Sequence
from typing import Any, Final

from functions.audience import money
from functions.audience.leads import leads, parts
from functions.audience.segments import bought, forms, segments
from functions.audience.segments.rules import segment
from functions.audience.segments.rules.facts import Facts
from functions.audience.segments.rules.form import (
    Attribute,
    Campaign,
    Either,
    Every,
    Form,
    Leaf,
    Metadata,
    Node,
    Not,
    Orders,
    Subject,
)
from functions.audience.segments.rules.rule import Rule
from functions.audience.segments.segments import View
from shared import clock
from shared.errors import NotAllowed
from shared.storage import cursors

MOST_LEADS: Final = 100_000
"""How many leads are evaluated for a preview: more would take longer than an answer may."""
MOST_LOOKED_AT: Final = 5_000
"""How many leads are evaluated for a page of members; a page that ends there goes on where it stopped."""
MOST_SHOWN: Final = 10


class AudienceTooLarge(NotAllowed):
    """422: your tenant has more than 100,000 leads, which are too many to be evaluated while you wait."""

    def __init__(self) -> None:
        super().__init__("Your tenant has more than 100,000 leads, which are too many to be evaluated while you wait.")


class RuleNotAnswered(NotAllowed):
    """422: the rule asks for messages of campaigns, or for some orders of all leads, which cannot be answered."""

    def __init__(self, path: str) -> None:
        super().__init__(f"The condition at {path} asks for more than is kept with a lead, which cannot be answered.")


def preview(tenant_id: str, rule: Rule) -> View:
    """Return how many leads match a rule now, and ten of them.

    Raises RuleRefused, RuleNotAnswered, AudienceTooLarge.
    """
    now = clock.now()
    form = forms.of(tenant_id, rule, now=now)
    require_answered(form.node)
    count, sample = 0, []
    for number, lead in enumerate(parts.every(tenant_id, _names(form.node))):
        if number == MOST_LEADS:
            raise AudienceTooLarge
        if segment.holds(form.node, Facts(lead)):
            count += 1
            if count <= MOST_SHOWN:
                sample.append(lead.get("lead_id"))
    return {
        "count": count,
        "sample": _views(tenant_id, sample),
        "as_of": clock.to_rfc3339(now),
        "lag_seconds": 0,
        "warnings": [each._asdict() for each in form.warnings],
    }


def members(tenant_id: str, segment_id: str, *, limit: int, cursor: str | None) -> tuple[list[View], str | None]:
    """Return a page of the leads that are in a segment now, in no particular order, and the cursor of the next.

    A page may have fewer than asked for, or none, and still not be the last. Raises SegmentNotFound, RuleNotAnswered,
    and Malformed for a foreign cursor.
    """
    form = forms.of(tenant_id, segments.get(tenant_id, segment_id).rule, now=clock.now(), segment_id=segment_id)
    require_answered(form.node)
    list_id = f"members {segment_id}"
    after = None if cursor is None else cursors.place_in(cursor, list_id)
    found: list[str] = []
    for number, lead in enumerate(parts.every(tenant_id, _names(form.node), after=after), 1):
        lead_id = lead.get("lead_id")
        if segment.holds(form.node, Facts(lead)):
            found.append(lead_id)
        if len(found) == limit or number == MOST_LOOKED_AT:
            return _views(tenant_id, found), cursors.bind(lead_id, list_id)
    return _views(tenant_id, found), None


def lead_ids(tenant_id: str, form: Form) -> Iterator[str]:
    """Yield the ids of the leads that satisfy a rule now, in their order. Raises RuleNotAnswered."""
    require_answered(form.node)
    for lead in parts.ascending(tenant_id, _names(form.node)):
        if segment.holds(form.node, Facts(lead)):
            yield lead.get("lead_id")


def everybody(node: Node) -> bool:
    """Return whether a rule is satisfied by every lead, whatever is known of it."""
    if isinstance(node, Every):
        return all(map(everybody, node.parts))
    if isinstance(node, Either):
        return any(map(everybody, node.parts))
    return isinstance(node, Not) and _nobody(node.part)


def _nobody(node: Node) -> bool:
    """Return whether a rule is satisfied by no lead, whatever is known of it."""
    if isinstance(node, Every):
        return any(map(_nobody, node.parts))
    if isinstance(node, Either):
        return all(map(_nobody, node.parts))
    return isinstance(node, Not) and everybody(node.part)


def membership(tenant_id: str, segment_id: str, lead_id: str) -> View:
    """Return whether a lead is in a segment now, and the conditions that decided.

    Raises SegmentNotFound, leads.LeadNotFound, RuleNotAnswered.
    """
    now = clock.now()
    form = forms.of(tenant_id, segments.get(tenant_id, segment_id).rule, now=now, segment_id=segment_id)
    asked = [*_leaves(form.node)]
    for leaf in asked:
        if isinstance(leaf.subject, Campaign):
            raise RuleNotAnswered(leaf.path)
    lead = leads.get(tenant_id, lead_id)
    facts = Facts(parts.of(lead), bought.of(lead) if any(_asks_for_some(leaf) for leaf in asked) else ())
    return {
        "lead_id": lead.lead_id,
        "segment_id": segment_id,
        "is_member": segment.holds(form.node, facts),
        "as_of": clock.to_rfc3339(now),
        "reasons": [_reason(each) for each in segment.reasons(form.node, facts)],
    }


def _names(node: Node) -> set[str]:
    """Return the traits that a rule asks for."""
    return {_name(leaf.subject) for leaf in _leaves(node)}


def _name(subject: Subject) -> str:
    if isinstance(subject, Attribute):
        return subject.name
    return "metadata" if isinstance(subject, Metadata) else "consent"


def _views(tenant_id: str, lead_ids: Sequence[str]) -> list[View]:
    """Return what callers see of leads; one that was erased a moment ago is left out."""
    currency = money.find(tenant_id)
    return [leads.view(each, currency) for each in leads.several(tenant_id, lead_ids)]


def require_answered(node: Node) -> None:
    """Return when what is kept with a lead is enough to evaluate it. Raises RuleNotAnswered."""
    for leaf in _leaves(node):
        if isinstance(leaf.subject, Campaign) or _asks_for_some(leaf):
            raise RuleNotAnswered(leaf.path)


def _asks_for_some(leaf: Leaf) -> bool:
    """Return whether a leaf asks for some orders, and not for all of them, whose measures are kept with the lead."""
    return isinstance(leaf.subject, Orders)


def _leaves(node: Node) -> Iterator[Leaf]:
    if isinstance(node, Leaf):
        yield node
    elif isinstance(node, Not):
        yield from _leaves(node.part)
    elif isinstance(node, Every | Either):
        for part in node.parts:
            yield from _leaves(part)


def _reason(reason: segment.Reason) -> dict[str, Any]:
    return {"path": reason.leaf.path, "condition": reason.leaf.condition, "holds": reason.holds}
