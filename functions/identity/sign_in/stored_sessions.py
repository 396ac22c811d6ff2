"""Sessions as they are stored, and for how long they last."""

from collections.abc import Sequence
from typing import NamedTuple

from shared.clock import DAY, Instant
from shared.storage import records
from shared.storage.attributes import Item, Key

IDLE = 30 * DAY
LIFE = 90 * DAY


class Session(NamedTuple):
    """A session as it is stored; `digest` is that of its newest refresh token.

    `secret_version` names the secret which that token was derived with, None for a random one.
    """

    session_id: str
    user_id: str
    tenant_id: str
    sign_outs: int
    amr: Sequence[str]
    auth_time: int
    started_at: Instant
    used_at: Instant
    digest: str
    version: int
    ttl: int
    secret_version: str | None = None

    @property
    def ends_at(self) -> Instant:
        """When it ends if it is not refreshed before."""
        return min(self.used_at + IDLE, self.started_at + LIFE)


class Earlier(NamedTuple):
    """The session that another one continues in another tenant: when it began, and when something was last proved."""

    started_at: Instant
    auth_time: int


def key(session_id: str) -> Key:
    """Return the key of a session."""
    return Key(f"SESSION#{session_id}", "SESSION")


def to_item(session: Session) -> Item:
    """Return the item of a session."""
    return records.to_item(key(session.session_id), "Session", session)


def from_item(item: Item) -> Session:
    """Return the session of an item."""
    return records.from_item(Session, item)
