"""What an endpoint can be told of: the types of events that leave the platform, and how a filter names them.

They are those of work. Sessions, keys and members are for the audit log, and what webhooks tell themselves is for
their own consumers; only that an endpoint was disabled is for the tenant's other endpoints as well.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from shared.messaging import declarations
from shared.messaging.declarations import Declared
from shared.storage.events import Event

DISABLED: Final = "webhooks.endpoint.disabled"
TEST: Final = "webhooks.endpoint.test"
"""The type of a message that is sent when somebody asks for one. No event happens, and no filter names it."""

_DECLARED: Final = {name: declared for name, declared in declarations.EVENTS.items() if declared.published is not None}
_OF_TEST: Final = Declared(published=("endpoint_id",))
TYPES: Final = tuple(sorted(_DECLARED))
"""Every type that is sent, as the contexts declare it."""

FORMER_TYPES: Final = frozenset(
    {
        "notifications.delivery.requested",
        "notifications.endpoint.disabled",
        "notifications.replay.requested",
    }
)
"""What the types that webhooks consume were called; events written then may still be on their way, or be sent again."""

_PARTS = 3
_PREFIX = "webhooks."
_FORMER = "notifications."


def _wildcards() -> frozenset[str]:
    parts = [event_type.split(".") for event_type in TYPES]
    return frozenset(".".join([*part[:count], "*"]) for part in parts for count in range(1, _PARTS))


FILTERS: Final = tuple(sorted({*TYPES, *_wildcards()}))
"""Every filter that matches something: a type, or all that begin with a context or a noun: `goals.*`."""


def renamed(name: str) -> str:
    """Return what a type or a filter is called now that was stored when those of webhooks were `notifications.*`."""
    return f"{_PREFIX}{name.removeprefix(_FORMER)}" if name.startswith(_FORMER) else name


def is_published(event_type: str) -> bool:
    """Tell whether an event of this type may leave the platform."""
    return event_type in _DECLARED


def told(event: Event) -> dict[str, Any]:
    """Return what an endpoint is told of an event: nothing that is not declared as public.

    So a field that is private, or that only a later version knows, stays here. Concerns and state are for our own
    consumers: with them, a delivery would take another write unit each time it is written.
    """
    declared = _OF_TEST if event.event_type == TEST else _DECLARED.get(event.event_type, Declared())
    said: dict[str, Any] = {
        "type": event.event_type,
        "timestamp": event.occurred_at,
        "data": _public(event.data, declared.published or ()),
    }
    if event.done_by is not None:
        said["actor"] = event.done_by.told()
    return said


def matches(filters: Sequence[str], event_type: str) -> bool:
    """Tell whether a type is among the filters; no filter at all lets every type pass."""
    beginning = tuple(each.removesuffix("*") for each in filters if each.endswith("*"))
    return not filters or event_type in filters or event_type.startswith(beginning)


def _public(said: Mapping[str, Any], names: Sequence[str]) -> dict[str, Any]:
    return {name: said[name] for name in names if name in said}
