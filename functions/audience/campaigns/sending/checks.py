"""Whether a lead may still be written to, by what is true at the moment of sending. Pure of writes; it reads the leads.

The audience was frozen, and a file may be older than the table: so the lead is read live, and the frozen rule, consent,
suppression and the address are looked at again.
"""

from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple

from functions.audience.campaigns import addresses
from functions.audience.campaigns.campaigns import Campaign
from functions.audience.campaigns.freezing.audiences import Entry
from functions.audience.leads import leads
from functions.audience.leads.leads import Lead
from functions.audience.recipients.state import Skipped
from functions.audience.respect import permission, suppressions
from functions.audience.segments import live
from functions.audience.segments.rules.form import Form
from functions.audience.settings.settings import Audience


class Ready(NamedTuple):
    """A lead that may be written to, and where."""

    entry: Entry
    lead: Lead
    to: str


class Checked(NamedTuple):
    """Who may be written to, in their order, and why the others are not."""

    ready: Sequence[Ready]
    skipped: Mapping[str, Skipped]


def check(campaign: Campaign, form: Form, audience: Audience, entries: Sequence[Entry]) -> Checked:
    """Return who of these may be written to now. Raises Unavailable.

    Two calls for up to a hundred, and those that the rule takes for orders and messages.
    """
    asked = [each for each in entries if each.skipped is None]
    present = leads.several(campaign.tenant_id, [each.lead_id for each in asked], consistent=True)
    found = {each.lead_id: each for each in present}
    members = live.members(campaign.tenant_id, form.node, present)
    digests = [each.digest for each in asked if each.digest is not None]
    suppressed = suppressions.find(campaign.tenant_id, campaign.channel, digests)
    ready, skipped = list[Ready](), dict[str, Skipped]()
    for entry in entries:
        lead = found.get(entry.lead_id)
        reason = entry.skipped or _reason(campaign, members, audience, entry, lead)
        if reason is None and lead is not None:
            reason = permission.refusal(
                lead,
                campaign.channel,
                campaign.topic,
                campaign.purpose,
                requires_consent=campaign.channel in audience.settings.consent_required,
                suppression=suppressed.get(entry.digest or ""),
            )
        to = None if lead is None else addresses.of(lead, campaign.channel)
        if reason is None and lead is not None and to is not None:
            ready.append(Ready(entry, lead, to))
        else:
            skipped[entry.lead_id] = reason or "no_address"
    return Checked(ready, skipped)


def _reason(
    campaign: Campaign, members: Collection[str], audience: Audience, entry: Entry, lead: Lead | None
) -> Skipped | None:
    """Return why a lead is not of the audience any more, None if it still is."""
    if lead is None:
        return "erased"
    to = addresses.of(lead, campaign.channel)
    if to is None:
        return "no_address"
    if suppressions.digest(audience, campaign.channel, to) != entry.digest:
        return "address_changed"
    return None if lead.lead_id in members else "left_segment"
