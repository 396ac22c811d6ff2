"""Where a message to a lead goes: the first address or number, or what the channel knows the lead by."""

import json
from collections.abc import Mapping
from typing import Final

from functions.audience.delivery.messages import Channel
from functions.audience.leads.leads import Lead


def of(lead: Lead, channel: Channel) -> str | None:
    """Return the address of a lead on a channel, None if it has none."""
    if channel == "email":
        return lead.emails[0] if lead.emails else None
    if channel in ("sms", "whatsapp"):
        return lead.phones[0] if lead.phones else None
    if channel == "push":
        token = json.loads(lead.metadata).get("push_token")
        return token if isinstance(token, str) and token else None
    return lead.external_id or lead.lead_id


IN_FILES: Final[Mapping[Channel, str]] = {
    "email": "emails[1]",
    "sms": "phones[1]",
    "whatsapp": "phones[1]",
    "webhook": "coalesce(external_id, lead_id)",
}
"""The same in SQL over the columns of files, which do not tell whether the token of `push` was in a list."""
