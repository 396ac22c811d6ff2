"""People from outside whom a layer asks: a name and an address, who decide by a link. Pure."""

import hashlib
from typing import Final, NamedTuple

_PREFIX: Final = "ext_"
_DIGITS: Final = 32


class Outsider(NamedTuple):
    """Somebody from outside, as the policy names them."""

    name: str
    address: str


def id_of(milestone_id: str, address: str) -> str:
    """Return what a seat of this address is known by; it tells the address to nobody who does not know it."""
    return _PREFIX + hashlib.sha256(f"{milestone_id} {address}".encode()).hexdigest()[:_DIGITS]


def is_outside(person: str) -> bool:
    """Return whether a seat belongs to somebody from outside."""
    return person.startswith(_PREFIX)
