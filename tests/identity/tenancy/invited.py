"""Invitations, and registering with one."""

from tests.aws.entries import Answer
from tests.identity.entries import rest
from tests.identity.people import PASSWORD

INVITATIONS = "/api/v1/invitations"


def accept(token: str, name: str = "grace", **more: str) -> Answer:
    registration = {"email": f"{name}@example.com", "password": PASSWORD, "display_name": name.title()}
    return rest("POST", "/api/v1/auth/register", {**registration, "invitation_token": token, **more})
