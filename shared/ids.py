"""Identifiers: a prefix that says what it is, and a ULID (sortable by time, 80 random bits)."""

import hashlib
import re
from typing import TYPE_CHECKING

from shared.clock import Instant

if TYPE_CHECKING:
    from ulid import ULID

_SHAPE = re.compile(r"([a-z]{2,8})_[0-7][0-9A-HJKMNP-TV-Z]{25}", re.ASCII)
_TIME_LENGTH = 10
_RANDOM_LENGTH = 16
_TIME_BYTES = 6
_RANDOM_BYTES = 10


def new(prefix: str, *, at: Instant | None = None) -> str:
    """Return a new id such as `goal_01KAEY3VJ0…`; `at` sets its time part, by which ids of one prefix sort.

    Ids that are made one after the other for the same instant sort in that order.
    """
    return f"{prefix}_{_ulid()() if at is None else _ulid().from_timestamp(at)}"


def earliest(prefix: str, *, at: Instant) -> str:
    """Return what sorts before every id of this prefix that was made at this instant or later."""
    return f"{prefix}_{str(_ulid().from_timestamp(at))[:_TIME_LENGTH]}{'0' * _RANDOM_LENGTH}"


def following(id_: str) -> str:
    """Return the id of what follows from this one: new, of the same instant, and the same whenever it is asked for."""
    prefix, _, text = id_.partition("_")
    instant, chosen = _ulid().from_str(text).bytes[:_TIME_BYTES], hashlib.sha256(id_.encode()).digest()
    return f"{prefix}_{_ulid().from_bytes(instant + chosen[:_RANDOM_BYTES])}"


def is_valid(text: str, prefix: str) -> bool:
    """Tell whether the text has the shape of an id with this prefix; only such text may become part of a key."""
    match = _SHAPE.fullmatch(text)
    return match is not None and match[1] == prefix


def _ulid() -> "type[ULID]":
    from ulid import ULID  # noqa: PLC0415 - no read makes an id, and the metadata it looks up would be a tenth of a start

    return ULID
