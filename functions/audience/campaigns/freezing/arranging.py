"""The order in which an audience is sent: those who are written to at the same instant stand together in a file.

Where everybody is written to at once, the file of the audience has that order. Else there is a second one with the same
entries, written once. Behind them it says how many are written to when, so that every try cuts the same chunks, and
what a lead says of its zone meanwhile changes none of them.
"""

import struct
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import Final

from functions.audience.campaigns.campaigns import Campaign
from functions.audience.campaigns.chunks import Part
from functions.audience.campaigns.freezing import audiences
from functions.audience.campaigns.freezing.audiences import Entry
from functions.audience.campaigns.freezing.frozen import Frozen
from functions.audience.campaigns.waiting import local_times
from functions.audience.leads import leads
from functions.audience.respect import zones
from shared.callers import tenant_settings
from shared.clock import Instant
from shared.storage import files, parallel

_TOGETHER: Final = 100
_AT_ONCE: Final = 800
_PART: Final = struct.Struct(">IQ")
_COUNT: Final = struct.Struct(">I")


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


def _arranged(campaign: Campaign, kept: Frozen, audience: int) -> Mapping[Instant, bytes]:
    """Return the entries of an audience by when they are written to, the earliest first."""
    found = defaultdict[Instant, bytearray](bytearray)
    instants = _local_instants(campaign, kept)
    for position in range(0, audience, _AT_ONCE):
        entries = audiences.read(kept.file, position, _AT_ONCE)
        for entry, instant in zip(entries, instants(entries), strict=True):
            found[instant] += audiences.packed(entry)
    return {instant: bytes(found[instant]) for instant in sorted(found)}


def _local_instants(campaign: Campaign, kept: Frozen) -> Callable[[Sequence[Entry]], list[Instant]]:
    """Return what says when each of some entries is written to; whoever is not there any more, by the tenant's zone."""
    wall, zone = campaign.scheduled_at or "", tenant_settings.of(campaign.tenant_id).time_zone

    @lru_cache
    def instant(known: Sequence[str]) -> Instant:
        return local_times.instant(wall, known, now=kept.now)

    def read(together: Sequence[Entry]) -> dict[str, Instant]:
        live = leads.several(campaign.tenant_id, [each.lead_id for each in together])
        return {each.lead_id: instant(tuple(zones.of(each, zone))) for each in live}

    def instants(entries: Sequence[Entry]) -> list[Instant]:
        several = [entries[first : first + _TOGETHER] for first in range(0, len(entries), _TOGETHER)]
        known = {lead_id: at for found in parallel.calls(read, several) for lead_id, at in found.items()}
        return [known.get(each.lead_id) or instant((zone,)) for each in entries]

    return instants


def _write(key: str, arranged: Mapping[Instant, bytes]) -> None:
    counts = [_PART.pack(audiences.size(len(entries)), instant) for instant, entries in arranged.items()]
    audiences.put(key, b"".join([*arranged.values(), *counts, _COUNT.pack(len(counts))]))


def _read(key: str) -> list[Part]:
    """Return the parts that a file of an audience ends with."""
    found = files.find(key)
    size = 0 if found is None else found.size
    (count,) = _COUNT.unpack(files.read_from(key, size - _COUNT.size, most_bytes=_COUNT.size))
    if not count:
        return []
    length = count * _PART.size
    return [
        Part(*each) for each in _PART.iter_unpack(files.read_from(key, size - _COUNT.size - length, most_bytes=length))
    ]
