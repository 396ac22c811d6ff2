"""What a lead is known by: each identifier has an item that says whose it is, in the transaction that gives it away.

So two leads never have the same one, and a lead is found by it as it is now. Its key has a digest, not the text.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final, Literal, NamedTuple

from functions.audience.settings.settings import Audience
from shared.storage import records, table
from shared.storage.attributes import Item, Key
from shared.storage.writes import ABSENT, Condition, Delete, Put

Kind = Literal["email", "phone", "external"]
_ENTITY: Final = "LeadIdentifier"


class Identifier(NamedTuple):
    """One thing that a lead is known by."""

    kind: Kind
    text: str


class Holder(NamedTuple):
    """Whose an identifier is."""

    lead_id: str


def of(
    audience: Audience, *, external_ids: Iterable[str], emails: Iterable[str], phones: Iterable[str]
) -> list[Identifier]:
    """Return the identifiers that these are in an audience, each once."""
    found = [Identifier("external", each) for each in external_ids]
    found += [Identifier("email", each) for each in emails]
    if audience.phones_identify:
        found += [Identifier("phone", each) for each in phones]
    return [*dict.fromkeys(found)]


def key(tenant_id: str, audience: Audience, identifier: Identifier) -> Key:
    """Return the key of an identifier."""
    return key_of_digest(tenant_id, identifier.kind, audience.digests.of(identifier.kind, identifier.text))


def key_of_digest(tenant_id: str, kind: str, digest: str) -> Key:
    """Return the key of an identifier of which nothing but the digest is known."""
    return Key(f"TENANT#{tenant_id}#LEADLOCK#{kind}#{digest}", "LEADLOCK")


def holders(tenant_id: str, audience: Audience, wanted: Sequence[Identifier]) -> Mapping[Identifier, str]:
    """Return whose each of the identifiers is that somebody has; a call for each hundred."""
    keys = [key(tenant_id, audience, each) for each in wanted]
    found = zip(wanted, table.get_many(keys, consistent=True) if keys else [], strict=True)
    return {each: item["lead_id"] for each, item in found if item is not None}


def taken(tenant_id: str, audience: Audience, identifier: Identifier, lead_id: str) -> Put:
    """Return the write by which a lead gets an identifier that nobody has."""
    return Put(_item(tenant_id, audience, identifier, lead_id), ABSENT)


def passed_on(tenant_id: str, audience: Audience, identifier: Identifier, *, by: str, to: str) -> Put:
    """Return the write by which an identifier of one lead becomes that of another."""
    return Put(_item(tenant_id, audience, identifier, to), _held_by(by))


def given_up(tenant_id: str, audience: Audience, identifier: Identifier, lead_id: str) -> Delete:
    """Return the write by which a lead gives up an identifier."""
    return Delete(key(tenant_id, audience, identifier), _held_by(lead_id))


def _item(tenant_id: str, audience: Audience, identifier: Identifier, lead_id: str) -> Item:
    return records.to_item(key(tenant_id, audience, identifier), _ENTITY, Holder(lead_id))


def _held_by(lead_id: str) -> Condition:
    return Condition("#lead = :lead", {"#lead": "lead_id"}, {":lead": lead_id})
