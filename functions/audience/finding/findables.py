"""What search is told of a lead and of a campaign, and that every member who is no guest sees them.

Of a lead it is told how people know it: its name, addresses, numbers, external ids and tags. Its metadata and what it
has bought stay in the audience.
"""

from collections.abc import Iterable
from typing import Final

from functions.audience.campaigns import campaigns
from functions.audience.leads import leads
from shared.messaging import search_feed
from shared.messaging.search_feed import Fed, Findable, Needed, Text
from shared.storage import table
from shared.storage.attributes import Item

SCOPE: Final = "audience:read"
NAMED: Final = ("name", "emails", "phones", "external_id", "other_external_ids", "tags")
"""The attributes of a lead by which it is found."""


def of_lead(tenant_id: str, item: Item) -> Fed:
    """Return what search is told of the item of a lead; one that was merged into another is gone."""
    lead_id = str(item["lead_id"])
    if leads.MERGED in item:
        return search_feed.gone(tenant_id, lead_id)
    findable = Findable(
        tenant_id=tenant_id,
        ref=lead_id,
        type="lead",
        id=lead_id,
        scope=SCOPE,
        sources=[Needed(*leads.key(tenant_id, lead_id), {leads.MERGED: [None]})],
        grants=[search_feed.for_members(tenant_id)],
        titles=[Text(each) for each in ("name", "emails", "phones", "external_id")],
        texts=[Text(each) for each in NAMED if each != "name"],
        url=f"#/leads/{lead_id}",
    )
    return search_feed.fed(findable, int(item["version"]), [item])


def of_leads(tenant_id: str, lead_ids: Iterable[str]) -> list[Fed]:
    """Return what search is told of leads as they are now; one call for each hundred."""
    wanted = [*dict.fromkeys(lead_ids)]
    keys = [leads.key(tenant_id, each) for each in wanted]
    found = table.get_many(keys, consistent=True) if keys else []
    return [
        search_feed.gone(tenant_id, lead_id) if item is None else of_lead(tenant_id, item)
        for lead_id, item in zip(wanted, found, strict=True)
    ]


def of_campaign(tenant_id: str, item: Item) -> Fed:
    """Return what search is told of the item of a campaign."""
    campaign_id = str(item["campaign_id"])
    findable = Findable(
        tenant_id=tenant_id,
        ref=campaign_id,
        type="campaign",
        id=campaign_id,
        scope=SCOPE,
        sources=[Needed(*campaigns.key(tenant_id, campaign_id))],
        grants=[search_feed.for_members(tenant_id)],
        titles=[Text("name")],
        texts=[Text("message", within="subject"), Text("topic"), Text("message", within="message_template")],
        url=f"#/campaigns/{campaign_id}",
    )
    return search_feed.fed(findable, int(item["version"]), [item])
