"""What a rule asks of leads beyond what is kept with them, as the table has it now: orders, and messages to them.

It is for leads that are about to be written to, a few at a time, and only what the rule asks for is read: the orders of
its windows in one query a lead, and of each campaign that it names one row a lead.
"""

import functools
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from functions.audience.activity import contacts
from functions.audience.leads import parts
from functions.audience.leads.leads import Lead
from functions.audience.recipients import recipients, send_ids
from functions.audience.recipients.send_ids import Owner
from functions.audience.recipients.state import Recipient
from functions.audience.segments import bought
from functions.audience.segments.rules import columns, segment
from functions.audience.segments.rules.facts import Facts, Order
from functions.audience.segments.rules.form import Campaign, Leaf, Node, Orders, Window, leaves
from functions.audience.settings import settings
from shared import clock, ids
from shared.clock import Instant
from shared.storage import parallel

Happenings = Mapping[str, Mapping[str, Instant]]
"""What became of the messages to a lead, by the ids of their campaigns."""


def facts(tenant_id: str, node: Node, found: Sequence[Lead]) -> Mapping[str, Facts]:
    """Return what a rule asks of each of the leads, by their ids. Raises Unavailable."""
    asked = [leaf.subject for leaf in leaves(node)]
    some = [each for each in asked if isinstance(each, Orders)]
    lead_ids = [each.lead_id for each in found]
    orders = _orders(some, found) if some else {}
    named = {each.campaign_id for each in asked if isinstance(each, Campaign)}
    happened = _happened(tenant_id, named, lead_ids) if named else {}
    return {
        each.lead_id: Facts(parts.of(each), orders.get(each.lead_id, ()), happened.get(each.lead_id, {}))
        for each in found
    }


def members(tenant_id: str, node: Node, found: Sequence[Lead]) -> set[str]:
    """Return the ids of those leads that satisfy a rule now. Raises Unavailable."""
    known = facts(tenant_id, node, found)
    return {lead_id for lead_id, each in known.items() if segment.holds(node, each)}


def unknown(tenant_id: str, node: Node) -> Leaf | None:
    """Return a leaf that asks what is not kept for a lead: messages of any campaign, where no contacts are kept."""
    asked = (leaf for leaf in leaves(node) if isinstance(leaf.subject, Campaign) and leaf.subject.campaign_id is None)
    leaf = next(asked, None)
    return None if leaf is None or settings.of(tenant_id).settings.keeps_contacts else leaf


def _orders(some: Sequence[Orders], found: Sequence[Lead]) -> Mapping[str, Sequence[Order]]:
    """Return the orders of the leads that these measures are about, by the ids of the leads."""
    read = functools.partial(bought.of, within=_hull(some))
    return dict(zip([each.lead_id for each in found], parallel.calls(read, found), strict=True))


def _hull(some: Sequence[Orders]) -> Window | None:
    """Return the window in which all these orders are, None for all times."""
    windows = [each.window for each in some if each.window is not None]
    if len(windows) < len(some):
        return None
    return Window(min(each.start for each in windows), max(each.end for each in windows))


def _happened(tenant_id: str, named: Iterable[str | None], lead_ids: Sequence[str]) -> Mapping[str, Happenings]:
    """Return what became of messages of these campaigns to the leads; None: of their last 50 of any campaign."""
    wanted = defaultdict[str, set[str]](set)
    for campaign_id in named:
        if campaign_id is None:
            for name, several in _last(tenant_id, lead_ids).items():
                wanted[name] |= several
        elif ids.is_valid(campaign_id, "campaign"):
            wanted[campaign_id] |= {*lead_ids}
    rows = parallel.calls(lambda each: recipients.several(tenant_id, each, sorted(wanted[each])), sorted(wanted))
    found = defaultdict[str, dict[str, Mapping[str, Instant]]](dict)
    for row in (row for several in rows for row in several.values()):
        found[row.lead_id][row.campaign_id] = _of_message(row)
    return found


def _last(tenant_id: str, lead_ids: Sequence[str]) -> Mapping[str, set[str]]:
    """Return of which campaigns the last messages to the leads were, and to whom of them."""
    found = defaultdict[str, set[str]](set)
    for lead_id, contact in contacts.several(tenant_id, lead_ids).items():
        for message in contact.messages:
            owner = _owner(message.label)
            if owner is not None:
                found[owner.campaign_id].add(lead_id)
    return found


@functools.lru_cache(maxsize=1024)
def _owner(label: str) -> Owner | None:
    """Return whose label it is; a label never gets another owner."""
    return send_ids.campaign_of(label)


def _of_message(row: Recipient) -> Mapping[str, Instant]:
    happened = {name: getattr(row, name) for name in columns.HAPPENINGS}
    return {name: clock.from_stored(at) for name, at in happened.items() if at is not None}
