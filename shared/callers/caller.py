"""The caller: who calls and what they may do, in a function and on the way from AppSync's authorizer to a resolver."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, NamedTuple

from shared.actors import Actor
from shared.callers.challenges import MissingCredential
from shared.rates import Rate

ANY_RESTRICTION: Final = "*"
"""What an operation knows that is about the caller's own alone: that is the same whatever a key is bound to."""


class Restriction(NamedTuple):
    """What an API key is bound to: which context made it so, and what it says, which is read there alone.

    A caller with one has no scopes, and is let in where an operation says that it knows restrictions of this context.
    """

    context: str
    content: str


@dataclass(frozen=True, slots=True)
class Caller:
    """Who calls and what they may do. `auth_time` is in seconds since 1970, as in the token.

    `owes_second_factor` tells that the user has one enrolled or their tenant demands one, `amr` whether it was used.
    `rate_limit` is that of an API key which has one of its own, `restriction` that of one which is bound to something.
    """

    user_id: str
    tenant_id: str
    roles: tuple[str, ...]
    scopes: frozenset[str]
    key_id: str | None
    amr: tuple[str, ...]
    auth_time: int | None
    session_id: str | None = None
    owes_second_factor: bool = False
    rate_limit: Rate | None = None
    restriction: Restriction | None = None

    @property
    def actor(self) -> Actor:
        """Return the caller as the actor of what they do."""
        return Actor("user" if self.key_id is None else "service", self.user_id)


def to_resolver_context(caller: Caller) -> dict[str, str]:
    """Return the caller as AppSync's `resolverContext`, which carries strings only."""
    return {
        "user_id": caller.user_id,
        "tenant_id": caller.tenant_id,
        "roles": " ".join(caller.roles),
        "scopes": " ".join(sorted(caller.scopes)),
        "key_id": caller.key_id or "",
        "amr": " ".join(caller.amr),
        "auth_time": "" if caller.auth_time is None else str(caller.auth_time),
        "session_id": caller.session_id or "",
        "second_factor": "owed" if caller.owes_second_factor else "",
        "rate_limit": "" if caller.rate_limit is None else str(caller.rate_limit),
    }


def from_resolver_context(context: Mapping[str, str]) -> Caller:
    """Return the caller whom the authorizer let in. Raises MissingCredential when it let in nobody."""
    if not context.get("user_id"):
        raise MissingCredential("Send an access token in the Authorization header.")
    return Caller(
        user_id=context["user_id"],
        tenant_id=context["tenant_id"],
        roles=tuple(context["roles"].split()),
        scopes=frozenset(context["scopes"].split()),
        key_id=context["key_id"] or None,
        amr=tuple(context["amr"].split()),
        auth_time=int(context["auth_time"]) if context["auth_time"] else None,
        session_id=context["session_id"] or None,
        owes_second_factor=context.get("second_factor") == "owed",
        rate_limit=Rate.parse(context["rate_limit"]) if context.get("rate_limit") else None,
    )
