"""Where the audience of a campaign comes from: its leads in the order of their ids, and digests of their addresses."""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Final

from functions.audience.campaigns import addresses
from functions.audience.campaigns.campaigns import Campaign
from functions.audience.campaigns.freezing.frozen import Frozen
from functions.audience.delivery.messages import Channel
from functions.audience.leads import leads
from functions.audience.querying import choosing
from functions.audience.respect import suppressions
from functions.audience.segments import matching
from functions.audience.settings import settings
from functions.audience.settings.settings import Audience
from shared.storage import parallel

Addressed = tuple[str, str | None]
"""The id of a lead, and its address or the digest of that; None where it has none."""

_TOGETHER: Final = 100
_AT_ONCE: Final = 8


def members(campaign: Campaign, kept: Frozen) -> Iterator[Addressed]:
    """Yield who satisfies the frozen rule, each once, in the order of the ids.

    Many leads come from files, few from the table. Raises copies.LeadsTooLarge, Unavailable.
    """
    form = kept.form
    asked = choosing.of(campaign.tenant_id, form.node)
    if asked is None:
        return _live(campaign, matching.lead_ids(campaign.tenant_id, form))
    address = addresses.IN_FILES.get(campaign.channel)
    if address is None:
        return _live(campaign, asked.every_id(form.node))
    return digested(asked.every_address(form.node, address), campaign.channel, settings.of(campaign.tenant_id))


def digested(found: Iterable[Addressed], channel: Channel, audience: Audience) -> Iterator[Addressed]:
    """Yield leads with the digests of their addresses."""
    for lead_id, to in found:
        yield lead_id, None if to is None else suppressions.digest(audience, channel, to)


def _live(campaign: Campaign, lead_ids: Iterable[str]) -> Iterator[Addressed]:
    """Yield leads with their addresses as the table has them; eight hundred are read at once."""
    audience = settings.of(campaign.tenant_id)

    def read(together: list[str]) -> list[Addressed]:
        found = []
        for lead in leads.several(campaign.tenant_id, together):
            to = addresses.of(lead, campaign.channel)
            digest = None if to is None else suppressions.digest(audience, campaign.channel, to)
            found.append((lead.lead_id, digest))
        return found

    waiting = iter(lead_ids)
    while several := [part for _ in range(_AT_ONCE) if (part := list(islice(waiting, _TOGETHER)))]:
        for answered in parallel.calls(read, several):
            yield from answered
