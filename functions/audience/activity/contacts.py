"""When a lead was last written to: the last 50 messages in one item of at most 1 KB, for tenants who have it kept.

Each message is 17 characters of one text: the label of its campaign, the second in which it was reserved, and whether
it was marketing. So the item costs two write units in the transaction that claims a recipient.
"""

import string
from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

from functions.audience.leads import leads
from shared.clock import SECOND, Instant
from shared.storage import records, table
from shared.storage.attributes import Item, Key
from shared.storage.writes import ABSENT, Delete, Put, unchanged

MOST: Final = 50
LABEL: Final = 11
"""How long the label of a campaign is, which begins each of its `send_id`s."""

_ENTITY: Final = "LeadContact"
_DIGITS: Final = string.digits + string.ascii_uppercase + string.ascii_lowercase
_SECONDS: Final = 5
_EPOCH: Final = 1_577_836_800
"""2020-01-01T00:00:00Z: five digits of base 62 reach from there to 2049."""
_MARKETING: Final = "m"
_OTHER: Final = "o"
_LENGTH: Final = LABEL + _SECONDS + 1


class Message(NamedTuple):
    """A message to a lead: of which campaign, when, to the second, and whether it was marketing."""

    label: str
    at: Instant
    is_marketing: bool


class Contact(NamedTuple):
    """The last messages to a lead, the oldest first; `version` is 0 before the first."""

    tenant_id: str
    lead_id: str
    messages: tuple[Message, ...] = ()
    version: int = 0


class _Kept(NamedTuple):
    version: int
    messages: str = ""


def key(tenant_id: str, lead_id: str) -> Key:
    """Return the key of the messages to a lead."""
    return Key(leads.partition(tenant_id, lead_id), "CONTACT")


def get(tenant_id: str, lead_id: str) -> Contact:
    """Return the last messages to a lead, read consistently."""
    return _read(tenant_id, lead_id, table.get(key(tenant_id, lead_id), consistent=True))


def several(tenant_id: str, lead_ids: Sequence[str]) -> Mapping[str, Contact]:
    """Return the last messages to each of the leads, read consistently; a call for each hundred."""
    keys = [key(tenant_id, each) for each in lead_ids]
    items = table.get_many(keys, consistent=True) if keys else []
    return {each: _read(tenant_id, each, item) for each, item in zip(lead_ids, items, strict=True)}


def with_message(contact: Contact, message: Message) -> Contact:
    """Return a contact with one more message, and without the oldest of more than 50; marketing is kept longest."""
    messages = [*contact.messages, message]
    if len(messages) > MOST:
        messages.remove(next((each for each in messages if not each.is_marketing), messages[0]))
    return contact._replace(messages=tuple(messages), version=contact.version + 1)


def without_message(contact: Contact, label: str) -> Contact:
    """Return a contact without the message of a campaign; itself where there is none."""
    left = tuple(each for each in contact.messages if each.label != label)
    return contact if left == contact.messages else contact._replace(messages=left, version=contact.version + 1)


def joined(stays: Contact, goes: Contact) -> Contact:
    """Return the last messages to a lead and to another that was merged into it."""
    messages = sorted({*stays.messages, *goes.messages}, key=lambda each: each.at)[-MOST:]
    return stays._replace(messages=tuple(messages), version=stays.version + 1)


def written(before: Contact, after: Contact) -> Put:
    """Return the write of a contact that nobody else has changed since `before`."""
    kept = _Kept(after.version, "".join(map(_packed, after.messages)))
    item = records.to_item(key(after.tenant_id, after.lead_id), _ENTITY, kept)
    return Put(item, ABSENT if before.version == 0 else unchanged(before.version))


def removed(contact: Contact) -> Delete:
    """Return the write that removes a contact as it was read."""
    return Delete(key(contact.tenant_id, contact.lead_id), unchanged(contact.version))


def _read(tenant_id: str, lead_id: str, item: Item | None) -> Contact:
    if item is None:
        return Contact(tenant_id, lead_id)
    kept = records.from_item(_Kept, item)
    places = range(0, len(kept.messages), _LENGTH)
    messages = tuple(_unpacked(kept.messages[place : place + _LENGTH]) for place in places)
    return Contact(tenant_id, lead_id, messages, kept.version)


def _packed(message: Message) -> str:
    number, digits = message.at // SECOND - _EPOCH, ""
    for _ in range(_SECONDS):
        number, digit = divmod(number, len(_DIGITS))
        digits = _DIGITS[digit] + digits
    return f"{message.label}{digits}{_MARKETING if message.is_marketing else _OTHER}"


def _unpacked(text: str) -> Message:
    number = 0
    for digit in text[LABEL : LABEL + _SECONDS]:
        number = number * len(_DIGITS) + _DIGITS.index(digit)
    return Message(text[:LABEL], (number + _EPOCH) * SECOND, text[-1] == _MARKETING)
