"""The order in which an audience is sent: those who are written to together stand together in a file.

Where everybody is written to at once, the file of the audience has that order. Else there is a second one with the same
entries, written once. Behind them it says which parts there are, so that every try cuts the same chunks, and
what a lead says of its zone meanwhile changes none of them.
"""

import struct
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import Final, NamedTuple

from functions.audience.campaigns.campaigns import Campaign
from functions.audience.campaigns.chunks import Part, Role
from functions.audience.campaigns.freezing import audiences
from functions.audience.campaigns.freezing.audiences import Entry
from functions.audience.campaigns.freezing.frozen import Frozen
from functions.audience.campaigns.variants import variants
from functions.audience.campaigns.waiting import local_times
from functions.audience.leads import leads
from functions.audience.respect import zones
from shared.callers import tenant_settings
from shared.clock import Instant
from shared.storage import files, parallel

_TOGETHER: Final = 100
_AT_ONCE: Final = 800
_PART: Final = struct.Struct(">IQB")
_ROLES: Final[tuple[Role | None, ...]] = (None, "test", "rest")
_COUNT: Final = struct.Struct(">I")


class _Place(NamedTuple):
    """The part that an entry is of: when it is written to, 0 for at once, and its role, by its number."""

    instant: Instant
    role: int


_Places = Callable[[Sequence[Entry]], list[_Place]]
"""What says of which parts entries are."""


def file(campaign: Campaign, kept: Frozen) -> str:
    """Return the key of the file whose positions the chunks of a campaign are."""
    return f"{kept.file}-parts" if campaign.is_parted else kept.file


def parts(campaign: Campaign, kept: Frozen, audience: int) -> Sequence[Part]:
    """Return the parts of an audience of so many, in the order of its file, which is written if it is not there.

    Raises Unavailable.
    """
    if not campaign.is_parted:
        return [Part(audience)]
    key = file(campaign, kept)
    if files.find(key) is None:
        _write(key, _arranged(campaign, kept, audience))
    return _read(key)


def _arranged(campaign: Campaign, kept: Frozen, audience: int) -> Mapping[_Place, bytes]:
    """Return the entries of an audience by their part, the earliest first."""
    found = defaultdict[_Place, bytearray](bytearray)
    places = _tested(campaign) if campaign.winner is not None else _by_local_time(campaign, kept)
    for position in range(0, audience, _AT_ONCE):
        entries = audiences.read(kept.file, position, _AT_ONCE)
        for entry, place in zip(entries, places(entries), strict=True):
            found[place] += audiences.packed(entry)
    return {place: bytes(found[place]) for place in sorted(found)}


def _tested(campaign: Campaign) -> _Places:
    """Return what says which of some entries are of the test, and which wait for its winner."""
    test, rest = (_Place(0, _ROLES.index(each)) for each in ("test", "rest"))
    return lambda entries: [test if variants.is_tested(campaign, each.lead_id) else rest for each in entries]


def _by_local_time(campaign: Campaign, kept: Frozen) -> _Places:
    """Return what says when each of some entries is written to; whoever is not there any more, by the tenant's zone."""
    wall, zone = campaign.scheduled_at or "", tenant_settings.of(campaign.tenant_id).time_zone

    @lru_cache
    def at(known: Sequence[str]) -> _Place:
        return _Place(local_times.instant(wall, known, now=kept.now), _ROLES.index(None))

    def read(together: Sequence[Entry]) -> dict[str, _Place]:
        live = leads.several(campaign.tenant_id, [each.lead_id for each in together])
        return {each.lead_id: at(tuple(zones.of(each, zone))) for each in live}

    def places(entries: Sequence[Entry]) -> list[_Place]:
        several = [entries[first : first + _TOGETHER] for first in range(0, len(entries), _TOGETHER)]
        known = {lead_id: place for found in parallel.calls(read, several) for lead_id, place in found.items()}
        return [known.get(each.lead_id) or at((zone,)) for each in entries]

    return places


def _write(key: str, arranged: Mapping[_Place, bytes]) -> None:
    counts = [_PART.pack(audiences.size(len(entries)), *place) for place, entries in arranged.items()]
    audiences.put(key, b"".join([*arranged.values(), *counts, _COUNT.pack(len(counts))]))


def _read(key: str) -> list[Part]:
    """Return the parts that a file of an audience ends with."""
    found = files.find(key)
    size = 0 if found is None else found.size
    (count,) = _COUNT.unpack(files.read_from(key, size - _COUNT.size, most_bytes=_COUNT.size))
    if not count:
        return []
    length = count * _PART.size
    stored = files.read_from(key, size - _COUNT.size - length, most_bytes=length)
    return [Part(size, instant or None, _ROLES[role]) for size, instant, role in _PART.iter_unpack(stored)]
