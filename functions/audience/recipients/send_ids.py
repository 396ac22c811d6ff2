"""The id of a message of a campaign: made of the campaign's label and of the lead, so it is the same for every try.

It has 33 letters and digits, so that it fits the label of an envelope sender (`shared/sending/labels.py`), and whoever
reads one there knows the recipient without an item for each message.
"""

import secrets
import string
from typing import Final, NamedTuple

from shared.storage import records, table
from shared.storage.attributes import Key
from shared.storage.writes import ABSENT, Put

_DIGITS: Final = string.digits + string.ascii_uppercase + string.ascii_lowercase
_ULID_DIGITS: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_LABEL_LENGTH: Final = 11
_LEAD_LENGTH: Final = 22
_ULID_LENGTH: Final = 26
_LEAD: Final = "lead_"
_MOST: Final = 1 << 128


class Parts(NamedTuple):
    """What a send id is made of."""

    label: str
    lead_id: str


class Owner(NamedTuple):
    """Whose label it is."""

    tenant_id: str
    campaign_id: str


def new_label() -> str:
    """Return a new label of a campaign, which nobody can guess."""
    return "".join(secrets.choice(_DIGITS) for _ in range(_LABEL_LENGTH))


def make(label: str, lead_id: str) -> str:
    """Return the id of the message to a lead of the campaign with this label."""
    return label + _text(_number(lead_id.removeprefix(_LEAD), _ULID_DIGITS), _DIGITS, _LEAD_LENGTH)


def read(send_id: str) -> Parts | None:
    """Return what a send id is made of, None for a text that is none."""
    label, written = send_id[:_LABEL_LENGTH], send_id[_LABEL_LENGTH:]
    if len(written) != _LEAD_LENGTH or not set(send_id) <= set(_DIGITS):
        return None
    number = _number(written, _DIGITS)
    return Parts(label, _LEAD + _text(number, _ULID_DIGITS, _ULID_LENGTH)) if number < _MOST else None


def key(label: str) -> Key:
    """Return the key of the item that says whose label it is."""
    return Key(f"CAMPAIGNLABEL#{label}", "CAMPAIGNLABEL")


def pointer(label: str, owner: Owner) -> Put:
    """Return the write by which the label is found to be that of a campaign."""
    return Put(records.to_item(key(label), "CampaignLabel", owner), ABSENT)


def campaign_of(label: str) -> Owner | None:
    """Return whose label it is, None if it is nobody's; one read."""
    if len(label) != _LABEL_LENGTH or not set(label) <= set(_DIGITS):
        return None
    item = table.get(key(label))
    return None if item is None else records.from_item(Owner, item)


def _number(text: str, digits: str) -> int:
    number = 0
    for digit in text:
        number = number * len(digits) + digits.index(digit)
    return number


def _text(number: int, digits: str, length: int) -> str:
    text = ""
    for _ in range(length):
        number, rest = divmod(number, len(digits))
        text = digits[rest] + text
    return text
