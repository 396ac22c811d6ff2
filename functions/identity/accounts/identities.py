"""Who signs in at the provider is this user here: by issuer and `sub`, which stay, never by the e-mail address.

An identity is made with its user and removed with them. None is ever linked to a user who was there before: whoever
registered somebody else's address with a password would share the account from then on.
"""

import hashlib
import json
from dataclasses import dataclass

from shared import clock
from shared.clock import Instant
from shared.storage.attributes import Item, Key
from shared.storage.writes import ABSENT, Delete, Put


@dataclass(frozen=True, slots=True)
class Identity:
    """Who has signed in at the provider: `issuer` and `subject` name them for ever, the rest may change."""

    issuer: str
    subject: str
    email: str
    display_name: str


def digest(identity: Identity) -> str:
    """Return what stands for issuer and subject in keys."""
    return hashlib.sha256(json.dumps([identity.issuer, identity.subject]).encode()).hexdigest()


def key(identity_digest: str) -> Key:
    """Return the key of the identity of this digest."""
    return Key(f"IDENTITY#{identity_digest}", "IDENTITY")


def new(identity: Identity, *, user_id: str, tenant_id: str, at: Instant) -> Put:
    """Return the write that makes this the identity of a user."""
    pk, sk = key(digest(identity))
    item: Item = {
        "PK": pk,
        "SK": sk,
        "entity": "Identity",
        "issuer": identity.issuer,
        "subject": identity.subject,
        "user_id": user_id,
        "tenant_id": tenant_id,
        "created_at": clock.to_rfc3339(at),
    }
    return Put(item, ABSENT)


def removed(user: Item) -> list[Delete]:
    """Return the writes that remove what identity the user has."""
    return [Delete(key(user["identity"]))] if "identity" in user else []
