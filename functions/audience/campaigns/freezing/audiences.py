"""The frozen audience of a campaign: one file, written once, with an entry of 49 bytes for each lead.

An entry has the id of the lead and the digest of its address when it was frozen. Entries are in the order of the ids,
so of several leads with one address the lowest id is written to, and the others are marked. The entry of a lead that
is erased later is marked too (`campaigns/erasing`).
"""

import struct
from collections.abc import Iterable, Iterator
from typing import Final, Literal, NamedTuple

from ulid import ULID

from functions.audience.recipients.state import Skipped
from shared.storage import files
from shared.storage.files import FileChanged

PURPOSE: Final = "campaigns"
_ENTRY: Final = struct.Struct("16s32sB")
_LEAD: Final = "lead_"
_NO_DIGEST: Final = bytes(32)
_MARKS: Final[tuple[Literal["no_address", "duplicate_address", "erased"] | None, ...]] = (
    None,
    "duplicate_address",
    "no_address",
    "erased",
)
MEDIA_TYPE: Final = "application/octet-stream"


class Entry(NamedTuple):
    """A lead of the audience, the digest of its address, and why it is skipped if it is so from the beginning."""

    lead_id: str
    digest: str | None
    skipped: Skipped | None


def entries(found: Iterable[tuple[str, str | None]]) -> Iterator[Entry]:
    """Yield the entries of leads and digests of their addresses, which come in the order of the ids."""
    # Of a million leads, bytes take half of what their digits do.
    taken = set[bytes]()
    for lead_id, digest in found:
        if digest is None:
            yield Entry(lead_id, None, "no_address")
        elif (known := bytes.fromhex(digest)) in taken:
            yield Entry(lead_id, digest, "duplicate_address")
        else:
            taken.add(known)
            yield Entry(lead_id, digest, None)


def write(key: str, audience: Iterable[Entry]) -> int:
    """Write the file of an audience, unless it was written before, and return how many entries there are.

    Raises Unavailable.
    """
    body = bytearray()
    for each in audience:
        body += packed(each)
    return size(put(key, bytes(body)))


def put(key: str, body: bytes) -> int:
    """Write a file of an audience, unless it was written before, and return its size in bytes. Raises Unavailable."""
    try:
        files.put_once(key, body, media_type=MEDIA_TYPE)
    except FileChanged:
        found = files.find(key)
        return 0 if found is None else found.size
    return len(body)


def size(file_bytes: int) -> int:
    """Return how many entries a file of so many bytes has."""
    return file_bytes // _ENTRY.size


def read(key: str, position: int, count: int) -> list[Entry]:
    """Return entries of an audience from a position on. Raises files.FileNotFound, Unavailable."""
    body = files.read_from(key, position * _ENTRY.size, most_bytes=count * _ENTRY.size)
    return [_unpacked(*each) for each in _ENTRY.iter_unpack(body)]


def position_of(body: bytes, lead_id: str, count: int) -> int | None:
    """Return at which position of so many entries a lead is, None if it is at none."""
    wanted, found = _packed_id(lead_id), -1
    while (found := body.find(wanted, found + 1, count * _ENTRY.size)) >= 0:
        if found % _ENTRY.size == 0:
            return found // _ENTRY.size
    return None


def erased(body: bytes, position: int, name: str) -> bytes:
    """Return the file with the entry at a position erased: with the name that stands for its lead, and nothing else."""
    start = position * _ENTRY.size
    return body[:start] + packed(Entry(name, None, "erased")) + body[start + _ENTRY.size :]


def packed(entry: Entry) -> bytes:
    """Return the bytes of an entry."""
    digest = _NO_DIGEST if entry.digest is None else bytes.fromhex(entry.digest)
    return _ENTRY.pack(_packed_id(entry.lead_id), digest, _MARKS.index(entry.skipped))


def _packed_id(lead_id: str) -> bytes:
    return ULID.from_str(lead_id.removeprefix(_LEAD)).bytes


def _unpacked(lead_id: bytes, digest: bytes, mark: int) -> Entry:
    known = None if digest == _NO_DIGEST else digest.hex()
    return Entry(f"{_LEAD}{ULID.from_bytes(lead_id)}", known, _MARKS[mark])
