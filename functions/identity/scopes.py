"""What each role of a tenant may do: the one table from roles to scopes."""

from typing import Literal

Role = Literal["owner", "admin", "member", "viewer"]

_READING = frozenset({"goals:read", "identity:read"})
_WORKING = _READING | {"goals:write"}

SCOPES: dict[Role, frozenset[str]] = {
    "owner": _WORKING,
    "admin": _WORKING,
    "member": _WORKING,
    "viewer": _READING,
}
