"""Where it is noted that somebody may be listening to a project."""

from shared.callers import project_members
from shared.clock import Instant
from shared.messaging import listeners
from shared.storage.attributes import Key


def key(tenant_id: str, project_id: str) -> Key:
    """Return where it is noted that somebody listens to a project: one item, however many they are."""
    return Key(project_members.partition(tenant_id, project_id), "LISTENED")


def note(tenant_id: str, project_id: str, *, now: Instant) -> None:
    """Note that somebody begins to listen. Raises Unavailable, and then they must not be told that they do."""
    listeners.note(key(tenant_id, project_id), "ListenedProject", now=now)


def may_be(tenant_id: str, project_id: str) -> bool:
    """Return whether somebody may be listening to a project."""
    return listeners.may_be(key(tenant_id, project_id))
