"""Who does something: the authenticated caller of a request, or the system where nobody calls.

The API kit sets the actor where it authenticates the caller and takes it back with the end of the request, so whatever
is written meanwhile knows it (`shared/storage/events.py`). Background work is done by the system.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar, Token
from typing import Any, Final, Literal, NamedTuple, get_args

Kind = Literal["user", "service", "system", "anonymous"]
"""A person, an API key's service, a part of the platform or of its surroundings, or an unauthenticated caller."""

_KINDS: Final[Mapping[Any, Kind]] = {kind: kind for kind in get_args(Kind)}


class Actor(NamedTuple):
    """Who does something. The `id` is a user id for users and services, and a name for systems; anonymous has none."""

    kind: Kind
    id: str | None = None

    def told(self) -> dict[str, str]:
        """Return the actor as it is stored and announced."""
        return {"kind": self.kind} if self.id is None else {"kind": self.kind, "id": self.id}


SYSTEM: Final = Actor("system", "milepost")
EVALUATOR: Final = Actor("system", "evaluator")
OPERATOR: Final = Actor("system", "operator")
"""Whoever runs a command of a stage; which of its operators that was, AWS knows."""
ANONYMOUS: Final = Actor("anonymous")

_current: ContextVar[Actor] = ContextVar("actor", default=SYSTEM)


def current() -> Actor:
    """Return who does what is done now; outside of requests that is the system."""
    return _current.get()


def enter(actor: Actor) -> Token[Actor]:
    """Make this the actor until `leave`."""
    return _current.set(actor)


def leave(token: Token[Actor]) -> None:
    """Make the actor of before `enter` the actor again."""
    _current.reset(token)


@contextmanager
def acting(actor: Actor) -> Iterator[None]:
    """Make this the actor of what is done within."""
    token = enter(actor)
    try:
        yield
    finally:
        leave(token)


def read(stored: Any) -> Actor | None:
    """Return the actor that an event or an entry names, None if it names none."""
    if not isinstance(stored, Mapping):
        return None
    told, named = stored.get("kind"), stored.get("id")
    kind = _KINDS.get(told) if isinstance(told, str) else None
    return Actor(kind, named) if kind is not None and isinstance(named, str | None) else None
