"""What each role of a tenant may do: the one table from roles to scopes.

Tokens carry these scopes, routes and fields ask for one of them each, and what may be granted to whom is read here.
`identity:read` and `identity:write` are about oneself, `identity:admin` about the tenant and those in it.
Webhooks are for who governs the tenant, reading too: they carry what happens to everybody's goals.
"""

from typing import Literal

Role = Literal["owner", "admin", "member", "viewer"]

_READING = frozenset({"goals:read", "identity:read", "identity:write", "milestones:read"})
_WORKING = _READING | {"goals:write", "milestones:write"}
_LEADING = _WORKING | {
    "identity:admin",
    "milestones:admin",
    "webhooks:admin",
    "webhooks:read",
    "webhooks:write",
}

SCOPES: dict[Role, frozenset[str]] = {
    "owner": _LEADING,
    "admin": _LEADING,
    "member": _WORKING,
    "viewer": _READING,
}


def may_govern(actor: Role, role: Role) -> bool:
    """Tell whether somebody of the first role may grant the second, and change or remove who has it.

    An admin does not reach up to owners, or admins would be owners.
    """
    return "identity:admin" in SCOPES[actor] and (role != "owner" or actor == "owner")
