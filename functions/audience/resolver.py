"""The resolver of the audience: its one API, and what several of its operations take."""

import functools
from typing import Final

from shared.api import operations
from shared.api.operations import BODY, KEYED, page
from shared.api.rest import Api

__all__ = [
    "ADMIN",
    "AUDIENCE",
    "BODY",
    "CAMPAIGN",
    "CAMPAIGNS",
    "DELIVERY",
    "IMPORT",
    "IMPORTS",
    "KEYED",
    "LEAD",
    "LEADS",
    "PROVIDER",
    "PROVIDERS",
    "READ",
    "SEGMENT",
    "SEGMENTS",
    "SEND",
    "SUPPRESSIONS",
    "WRITE",
    "api",
    "claim",
    "page",
]

READ: Final = "audience:read"
WRITE: Final = "audience:write"
SEND: Final = "audience:send"
ADMIN: Final = "audience:admin"

AUDIENCE: Final = "/api/v1/audience"
LEADS: Final = "/api/v1/leads"
LEAD: Final = f"{LEADS}/<lead_id>"
PROVIDERS: Final = "/api/v1/delivery-providers"
PROVIDER: Final = f"{PROVIDERS}/<provider_id>"
IMPORTS: Final = "/api/v1/lead-imports"
IMPORT: Final = f"{IMPORTS}/<import_id>"
SEGMENTS: Final = "/api/v1/segments"
SUPPRESSIONS: Final = "/api/v1/suppressions"
SEGMENT: Final = f"{SEGMENTS}/<segment_id>"
CAMPAIGNS: Final = "/api/v1/campaigns"
CAMPAIGN: Final = f"{CAMPAIGNS}/<campaign_id>"
DELIVERY: Final = "/api/v1/delivery"

api = Api()
claim = functools.partial(operations.claim, api)
