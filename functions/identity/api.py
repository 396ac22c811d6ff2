"""The identity context's door: the Lambda handler that takes REST calls to the routes."""

from functions.identity import (
    audit_routes,
    auth_routes,
    discovery_routes,
    google_routes,
    key_routes,
    otp_routes,
    phone_routes,
    tenant_routes,
)
from functions.identity.door import api
from shared import api as rest

# Importing the route modules registers their operations; they all register on the same door.
handler = rest.handler(api)

__all__ = [
    "api",
    "audit_routes",
    "auth_routes",
    "discovery_routes",
    "google_routes",
    "handler",
    "key_routes",
    "otp_routes",
    "phone_routes",
    "tenant_routes",
]
