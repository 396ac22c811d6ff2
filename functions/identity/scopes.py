"""What each role of a tenant may do: the one table from roles to scopes.

Tokens carry these scopes, routes and fields ask for one of them each, and what may be granted to whom is read here.
The scopes of contexts that are still to come are in it: a role means the same on the day they arrive.

`identity:read`, `identity:write`, `notifications:read` and `notifications:write` are about oneself, so everybody has
them. Webhooks are for who governs the tenant, reading too: they carry what happens to everybody's goals. `projects`
and `payments` ask for a role in the project besides.
"""

from typing import Literal

Role = Literal["owner", "admin", "member", "viewer", "guest"]

_ONESELF = frozenset({"identity:read", "identity:write", "notifications:read", "notifications:write"})
# People from outside, who see the projects that they are in and nothing else of the tenant.
_VISITING = _ONESELF | {"payments:dispute", "payments:read", "projects:decide", "projects:read", "search:read"}
_READING = _ONESELF | {
    "goals:read",
    "insight:read",
    "jobs:read",
    "milestones:read",
    "projects:read",
    "search:read",
    "sequences:read",
    "workflows:read",
}
_WORKING = _READING | {
    "audience:read",
    "goals:write",
    "jobs:write",
    "milestones:write",
    "payments:dispute",
    "payments:read",
    "payments:release",
    "payments:write",
    "projects:decide",
    "projects:write",
    "search:write",
    "sequences:write",
    "workflows:write",
}
_LEADING = (
    _WORKING
    | _VISITING
    | {
        "audience:admin",
        "audience:send",
        "audience:write",
        "identity:admin",
        "insight:admin",
        "insight:write",
        "milestones:admin",
        "notifications:admin",
        "payments:admin",
        "projects:admin",
        "search:admin",
        "sequences:admin",
        "webhooks:admin",
        "webhooks:read",
        "webhooks:write",
        "workflows:admin",
        "workflows:operate",
    }
)

SCOPES: dict[Role, frozenset[str]] = {
    "owner": _LEADING,
    "admin": _LEADING,
    "member": _WORKING,
    "viewer": _READING,
    "guest": _VISITING,
}


def may_govern(actor: Role, role: Role) -> bool:
    """Tell whether somebody of the first role may grant the second, and change or remove who has it.

    An admin does not reach up to owners, or admins would be owners.
    """
    return "identity:admin" in SCOPES[actor] and (role != "owner" or actor == "owner")
