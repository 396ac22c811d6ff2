"""Who signs in at the provider is this user here: by issuer and `sub`, which stay, never by the e-mail address.

An identity is made with its user and removed with them. None is ever linked to a user who was there before: whoever
registered somebody else's address with a password would share the account from then on.
"""

import hashlib
import json
from dataclasses import dataclass
from typing import NamedTuple

from shared import clock
from shared.clock import Instant
from shared.storage import records
from shared.storage.attributes import Key
from shared.storage.writes import ABSENT, Delete, Put


@dataclass(frozen=True, slots=True)
class Identity:
    """Who has signed in at the provider: `issuer` and `subject` name them for ever, the rest may change."""

    issuer: str
    subject: str
    email: str
    display_name: str


class _Stored(NamedTuple):
    """An identity as it is stored, with whose it is."""

    issuer: str
    subject: str
    user_id: str
    tenant_id: str
    created_at: str


def digest(identity: Identity) -> str:
    """Return what stands for issuer and subject in keys."""
    return hashlib.sha256(json.dumps([identity.issuer, identity.subject]).encode()).hexdigest()


def key(identity_digest: str) -> Key:
    """Return the key of the identity of this digest."""
    return Key(f"IDENTITY#{identity_digest}", "IDENTITY")


def new(identity: Identity, *, user_id: str, tenant_id: str, at: Instant) -> Put:
    """Return the write that makes this the identity of a user."""
    stored = _Stored(identity.issuer, identity.subject, user_id, tenant_id, clock.to_rfc3339(at))
    return Put(records.to_item(key(digest(identity)), "Identity", stored), ABSENT)


def removed(identity_digest: str | None) -> list[Delete]:
    """Return the writes that remove the identity of a user, if they have one."""
    return [] if identity_digest is None else [Delete(key(identity_digest))]
