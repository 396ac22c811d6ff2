"""The resolver of webhooks: its one API, and what several of its operations take.

Everything here is for who governs the tenant: an address may hold a key of somebody else's, and a delivery tells of
goals that a member may not see.
"""

import functools
from typing import Final

from shared.api import operations
from shared.api.operations import BODY, page
from shared.api.rest import Api

__all__ = [
    "ADMIN",
    "BODY",
    "DELIVERIES",
    "DELIVERY",
    "ENDPOINT",
    "ENDPOINTS",
    "READ",
    "WRITE",
    "api",
    "claim",
    "page",
]

READ: Final = "webhooks:read"
WRITE: Final = "webhooks:write"
ADMIN: Final = "webhooks:admin"

ENDPOINTS: Final = "/api/v1/webhook-endpoints"
ENDPOINT: Final = f"{ENDPOINTS}/<endpoint_id>"
DELIVERIES: Final = f"{ENDPOINT}/deliveries"
DELIVERY: Final = f"{DELIVERIES}/<event_id>"

api = Api()
claim = functools.partial(operations.claim, api)
