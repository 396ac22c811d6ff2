"""The name that stands for an erased lead in a campaign: an id that nobody has, and another one in each campaign.

It is a digest under the key of the tenant, so an erasure that breaks off goes on with the same one.
"""

from ulid import ULID

from functions.audience.settings.settings import Audience

_KIND = "erased"
_BYTES = 16


def of(audience: Audience, campaign_id: str, lead_id: str) -> str:
    """Return the id that stands for a lead in a campaign once it is erased."""
    digest = bytes.fromhex(audience.digests.of(_KIND, f"{campaign_id} {lead_id}"))
    return f"lead_{ULID.from_bytes(digest[:_BYTES])}"
