"""Which leads match a rule now, read from the table and evaluated one by one."""

from collections.abc import Collection, Iterator, Sequence
from itertools import islice
from typing import Any, Final, NamedTuple

from functions.audience.leads import leads, parts
from functions.audience.leads.parts import Part
from functions.audience.segments import forms, live, segments
from functions.audience.segments.rules import segment
from functions.audience.segments.rules.facts import Facts
from functions.audience.segments.rules.form import (
    Attribute,
    Campaign,
    Form,
    Leaf,
    Metadata,
    Node,
    Orders,
    Subject,
    leaves,
)
from functions.audience.segments.segments import View
from shared import clock
from shared.errors import NotAllowed

MOST_LEADS: Final = 100_000
"""How many leads are evaluated for a preview: more would take longer than an answer may."""
MOST_LOOKED_AT: Final = 5_000
"""How many leads are evaluated for a page of members; a page that ends there goes on where it stopped."""


_TOGETHER: Final = 100
"""Leads of which more is asked than is kept with them are looked at together."""


class Counted(NamedTuple):
    """How many leads match, and the ids of some of them."""

    number: int
    sample: Sequence[str]


class AudienceTooLarge(NotAllowed):
    """422: your tenant has more than 100,000 leads, which are too many to be evaluated while you wait."""

    def __init__(self) -> None:
        super().__init__("Your tenant has more than 100,000 leads, which are too many to be evaluated while you wait.")


class RuleNotAnswered(NotAllowed):
    """422: the rule asks for messages of campaigns, or for some orders of all leads, which cannot be answered."""

    def __init__(self, path: str) -> None:
        super().__init__(f"The condition at {path} asks for more than is kept with a lead, which cannot be answered.")


def counted(tenant_id: str, node: Node, *, shown: int) -> Counted:
    """Return how many leads match now, and the ids of some of them. Raises RuleNotAnswered, AudienceTooLarge."""
    count, sample = 0, list[str]()
    for lead in matching(tenant_id, node):
        count += 1
        if count <= shown:
            sample.append(lead.get("lead_id"))
    return Counted(count, sample)


def matching(tenant_id: str, node: Node, *, also: Collection[str] = ()) -> Iterator[Part]:
    """Yield the leads that match now, with the traits that the rule asks for and `also` these, in no particular order.

    Raises RuleNotAnswered, AudienceTooLarge.
    """
    require_answered(node)
    for number, lead in enumerate(parts.every(tenant_id, {*_names(node), *also})):
        if number == MOST_LEADS:
            raise AudienceTooLarge
        if segment.holds(node, Facts(lead)):
            yield lead


def members(tenant_id: str, node: Node, *, limit: int, after: str | None) -> tuple[list[str], str | None]:
    """Return the ids of a page of the leads that match now, in no particular order, and behind which the next begins.

    A page may have fewer than asked for, or none, and still not be the last. Raises RuleNotAnswered, and Malformed for
    an id that none can have.
    """
    require_answered(node)
    found: list[str] = []
    for number, lead in enumerate(parts.every(tenant_id, _names(node), after=after), 1):
        lead_id = lead.get("lead_id")
        if segment.holds(node, Facts(lead)):
            found.append(lead_id)
        if len(found) == limit or number == MOST_LOOKED_AT:
            return found, lead_id
    return found, None


def lead_ids(tenant_id: str, form: Form) -> Iterator[str]:
    """Yield the ids of the leads that satisfy a rule now, in their order. Raises Unavailable."""
    if unanswered(form.node) is not None:
        yield from _lead_ids_by_live_facts(tenant_id, form.node)
        return
    for lead in parts.ascending(tenant_id, _names(form.node)):
        if segment.holds(form.node, Facts(lead)):
            yield lead.get("lead_id")


def _lead_ids_by_live_facts(tenant_id: str, node: Node) -> Iterator[str]:
    """Yield the ids of the leads of a rule that asks for more than is kept with them: calls for each lead."""
    items = (item for item in leads.every_ascending(tenant_id, only=()) if leads.MERGED not in item)
    while together := [leads.from_item(item) for item in islice(items, _TOGETHER)]:
        found = live.members(tenant_id, node, together)
        yield from (each.lead_id for each in together if each.lead_id in found)


def membership(tenant_id: str, segment_id: str, lead_id: str) -> View:
    """Return whether a lead is in a segment now, and the conditions that decided.

    Raises SegmentNotFound, leads.LeadNotFound, RuleNotAnswered.
    """
    now = clock.now()
    form = forms.of(tenant_id, segments.get(tenant_id, segment_id).rule, now=now, segment_id=segment_id)
    require_known(tenant_id, form.node)
    lead = leads.get(tenant_id, lead_id)
    facts = live.facts(tenant_id, form.node, [lead])[lead.lead_id]
    return {
        "lead_id": lead.lead_id,
        "segment_id": segment_id,
        "is_member": segment.holds(form.node, facts),
        "as_of": clock.to_rfc3339(now),
        "reasons": [_reason(each) for each in segment.reasons(form.node, facts)],
    }


def _names(node: Node) -> set[str]:
    """Return the traits that a rule asks for."""
    return {_name(leaf.subject) for leaf in leaves(node)}


def _name(subject: Subject) -> str:
    if isinstance(subject, Attribute):
        return subject.name
    return "metadata" if isinstance(subject, Metadata) else "consent"


def unanswered(node: Node) -> Leaf | None:
    """Return a leaf for which what is kept with a lead is not enough, None if there is none."""
    asked = (leaf for leaf in leaves(node) if isinstance(leaf.subject, Campaign) or _asks_for_some(leaf))
    return next(asked, None)


def require_answered(node: Node) -> None:
    """Return when what is kept with a lead is enough to evaluate it. Raises RuleNotAnswered."""
    leaf = unanswered(node)
    if leaf is not None:
        raise RuleNotAnswered(leaf.path)


def require_known(tenant_id: str, node: Node) -> None:
    """Return when everything is kept somewhere that a rule asks of one lead. Raises RuleNotAnswered."""
    leaf = live.unknown(tenant_id, node)
    if leaf is not None:
        raise RuleNotAnswered(leaf.path)


def _asks_for_some(leaf: Leaf) -> bool:
    """Return whether a leaf asks for some orders, and not for all of them, whose measures are kept with the lead."""
    return isinstance(leaf.subject, Orders)


def _reason(reason: segment.Reason) -> dict[str, Any]:
    return {"path": reason.leaf.path, "condition": reason.leaf.condition, "holds": reason.holds}
