"""What the functions of identity really call, held against what their roles allow: an emulator hides the gap."""

import json

from functions.identity import authorizer
from functions.identity.audit import consumers as audit_consumers
from functions.identity.codes import consumers as code_consumers
from shared import clock
from shared.callers import auth
from shared.storage import events
from tests.aws.entries import Context
from tests.aws.messages import batch, delivered
from tests.infra.callers import identity, signed_in
from tests.infra.permissions import allowed, used

__all__ = ["used"]

INVITED = {
    "email": "bob@example.com",
    "password": "a sentence is easy to remember",
    "display_name": "Bob",
    "invitation_token": "nobody-has-been-invited-with-this-one-at-all",
}


def test_identity_calls_what_its_role_allows_and_no_more(used: set[str]) -> None:
    token = signed_in()
    identity("GET", "/api/v1/auth/me", token=token)
    identity("GET", "/.well-known/jwks.json")
    identity("POST", "/api/v1/auth/register", INVITED)
    identity("POST", "/api/v1/auth/logout-all", token=token)

    assert used == allowed("functions.identity.api.handler")


def test_the_audit_consumer_calls_what_its_role_allows_and_no_more(used: set[str]) -> None:
    told = events.occurred(
        "identity.user.signed_out",
        partition="USER#user_1",
        subject_id="user_1",
        tenant_id="tenant_01KAEY3VJ0N7B4C1D8E5F2G9H6",
        at=clock.now(),
        data={"user_id": "user_1"},
    )
    audit_consumers.handler(delivered([events.stored(told.item)]), Context())

    assert used == allowed("functions.identity.audit.consumers.handler")


def test_the_consumer_of_feedback_calls_what_its_role_allows_and_no_more(used: set[str]) -> None:
    at = "2026-11-20T12:00:00.000Z"
    to = "ada@example.com"
    bounce = {
        "bounceType": "Permanent",
        "bounceSubType": "General",
        "bouncedRecipients": [{"emailAddress": to}],
        "timestamp": at,
    }
    mail = {"source": "no-reply+identity.otp_1@milepost.example", "destination": [to]}
    told = json.dumps({"notificationType": "Bounce", "bounce": bounce, "mail": mail})
    code_consumers.handler(batch([told]), Context())

    assert used == allowed("functions.identity.codes.consumers.handler")


def test_the_authorizer_calls_what_its_role_allows_and_no_more(used: set[str], pepper: str) -> None:
    token = signed_in()
    service = {"service_name": "nightly-report", "scopes": ["goals:read"]}
    api_key = identity("POST", "/api/v1/keys", service, token=token).body["key"]
    used.clear()
    auth.forget()
    for credential in (token, api_key):
        authorizer.handler({"authorizationToken": credential, "requestContext": {}}, Context())

    assert used == allowed("functions.identity.authorizer.handler")
