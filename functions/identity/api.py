"""The Lambda handler of identity: it takes REST calls to the routes."""

from functions.identity.absences import routes as absence_routes
from functions.identity.access_tokens import routes as discovery_routes
from functions.identity.api_keys import routes as key_routes
from functions.identity.audit import routes as audit_routes
from functions.identity.oidc import routes as google_routes
from functions.identity.profile import phone_routes
from functions.identity.profile import routes as profile_routes
from functions.identity.resolver import api
from functions.identity.second_factor import routes as otp_routes
from functions.identity.sign_in import code_routes, membership_routes
from functions.identity.sign_in import routes as auth_routes
from functions.identity.tenancy import registration_routes
from functions.identity.tenancy import routes as tenant_routes
from shared.api import rest

# Importing the route modules registers their operations; they all register on the same resolver.
handler = rest.handler(api)

__all__ = [
    "absence_routes",
    "api",
    "audit_routes",
    "auth_routes",
    "code_routes",
    "discovery_routes",
    "google_routes",
    "handler",
    "key_routes",
    "membership_routes",
    "otp_routes",
    "phone_routes",
    "profile_routes",
    "registration_routes",
    "tenant_routes",
]
