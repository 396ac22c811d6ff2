"""Who else is in the demo's tenant, brought there by the API, once each.

They are an admin, a member, a viewer, a client and a service.
"""

import uuid
from dataclasses import dataclass
from typing import Any

from infra.demo.account import Account, NotDone, body_of

MEMBERS = "/api/v1/members"
INVITATIONS = "/api/v1/invitations"
REGISTER = "/api/v1/auth/register"
KEYS = "/api/v1/keys"
SERVICE = "demo-report"
SCOPES = ["goals:read", "identity:read"]


@dataclass(frozen=True, kw_only=True)
class Guest:
    """A person whom the owner has invited."""

    email: str
    user_id: str


@dataclass(frozen=True, kw_only=True)
class Service:
    """A program, the user it acts as, and its API key."""

    name: str
    user_id: str
    key: str


@dataclass(frozen=True, kw_only=True)
class Team:
    """Everybody in the tenant but its owner."""

    admin: Guest
    member: Guest
    viewer: Guest
    client: Guest
    service: Service


def gather(owner: Account, *, password: str, known_key: str | None) -> Team:
    """Return the team of a tenant after bringing in who is missing; guests get this password.

    The key of the service is shown once by the API. Unless `known_key` still is it, the service is given another, and
    what it had is good no more. Raises NotDone.
    """
    present = {member["email"]: member["user_id"] for member in owner.every(MEMBERS)}

    def guest(role: str, name: str) -> Guest:
        email = f"{name.lower()}@milepost.example"
        user_id = present.get(email) or join(owner, email=email, role=role, name=name, password=password)
        return Guest(email=email, user_id=user_id)

    return Team(
        admin=guest("admin", "Admin"),
        member=guest("member", "Member"),
        viewer=guest("viewer", "Viewer"),
        client=guest("guest", "Client"),
        service=_employ(owner, known_key),
    )


def join(owner: Account, *, email: str, role: str, name: str, password: str) -> str:
    """Let somebody accept an invitation, and return their user id."""
    invitation = owner.post(INVITATIONS, {"email": email, "role": role}, idempotency_key=str(uuid.uuid4()))
    registration = {"email": email, "password": password, "display_name": name, "invitation_token": invitation["token"]}
    registered = body_of(owner.send("POST", f"{owner.api_url}{REGISTER}", body=registration))
    return str(registered["user_id"])


def _employ(owner: Account, known_key: str | None) -> Service:
    there = owner.find(f"{KEYS}/{SERVICE}")
    if there is None:
        return _service(_asked(owner, KEYS, {"service_name": SERVICE, "scopes": SCOPES}))
    if known_key and any(f"_{key['key_id']}_" in known_key for key in there["keys"]):
        return _service(there | {"key": known_key})
    return _service(_asked(owner, f"{KEYS}/{SERVICE}/rotate", {"grace_seconds": 0}))


def _asked(owner: Account, path: str, body: object) -> Any:
    given = owner.post(path, body, idempotency_key=str(uuid.uuid4()))
    if given["key"] is None:
        # The first answer was lost, and a repeated one has no key; the next run asks for another.
        raise NotDone(f"the key of {SERVICE} was lost on its way; run this again")
    return given


def _service(shown: Any) -> Service:
    return Service(name=SERVICE, user_id=shown["user_id"], key=shown["key"])
