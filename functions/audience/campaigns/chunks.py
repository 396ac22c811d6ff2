"""The chunks of a campaign: which part of its audience is done, and how many of them are.

A chunk is a range of the frozen audience. That it is done is written once, with the count of those that are.
"""

import itertools
from collections.abc import Iterator, Sequence
from typing import Any, Final, Literal, NamedTuple

from functions.audience.campaigns import campaigns
from shared import clock
from shared.clock import Instant
from shared.storage import changes, records, table
from shared.storage.attributes import Key
from shared.storage.changes import Plan
from shared.storage.writes import ABSENT, Add, Put, Write, unchanged

PREFIX: Final = "CHUNK#"
_ENTITY: Final = "CampaignChunk"
# By the size of the audience: small ones are spread over several workers too.
_SIZES: Final = ((50, 50), (500, 100), (5_000, 150))
_LARGEST: Final = 200
_TOGETHER: Final = 100
_OPEN: Final = 1
_DONE: Final = 2


Role = Literal["test", "rest"]
"""test  what is counted of it decides which variant wins
rest  it gets the variant that has won, and waits for that"""


class Part(NamedTuple):
    """So many entries of an audience; with `starts_at`, nothing of them is sent before that instant."""

    size: int
    starts_at: Instant | None = None
    role: Role | None = None


class Chunk(NamedTuple):
    """A part of the audience: `size` entries from a `position` on. Its version is 1 until it is done, then 2.

    With `starts_at`, nothing of it is sent before that instant.
    """

    tenant_id: str
    campaign_id: str
    number: int
    position: int
    size: int
    version: int
    starts_at: str | None = None
    role: Role | None = None

    @property
    def is_done(self) -> bool:
        """Whether everybody in it has been seen to."""
        return self.version == _DONE


def size_for(audience: int) -> int:
    """Return how many recipients a chunk of an audience has by default."""
    return next((size for most, size in _SIZES if audience <= most), _LARGEST)


def cut(tenant_id: str, campaign_id: str, parts: Sequence[Part], size: int) -> list[Chunk]:
    """Return the chunks of the parts of an audience, which follow each other in its file."""
    firsts = itertools.accumulate((part.size for part in parts), initial=0)
    ranges = [
        (part, first + within, min(size, part.size - within))
        for part, first in zip(parts, firsts, strict=False)
        for within in range(0, part.size, size)
    ]
    return [
        Chunk(tenant_id, campaign_id, number, position, count, _OPEN, _starts(part), part.role)
        for number, (part, position, count) in enumerate(ranges)
    ]


def store(made: list[Chunk]) -> None:
    """Write those of the chunks that are not there: one that is done by now stays done. Raises Unavailable."""
    for first in range(0, len(made), _TOGETHER):
        _store(made[first : first + _TOGETHER])


def find(tenant_id: str, campaign_id: str, number: int) -> Chunk | None:
    """Return a chunk as it is now."""
    item = table.get(_place(tenant_id, campaign_id, number), consistent=True)
    return None if item is None else records.from_item(Chunk, item)


def unfinished(tenant_id: str, campaign_id: str) -> Iterator[Chunk]:
    """Yield the chunks that are not done."""
    for item in table.query_all(campaigns.own_partition(tenant_id, campaign_id), PREFIX):
        chunk = records.from_item(Chunk, item)
        if not chunk.is_done:
            yield chunk


def done(chunk: Chunk) -> list[Write]:
    """Return the writes by which a chunk is done, once."""
    after = chunk._replace(version=_DONE)
    counted = {"done": 1, **({"tested": 1} if chunk.role == "test" else {})}
    progress = Add(progress_key(chunk.tenant_id, chunk.campaign_id), counted)
    return [Put(records.to_item(_key(after), _ENTITY, after), unchanged(_OPEN)), progress]


def progress_key(tenant_id: str, campaign_id: str) -> Key:
    """Return the key of the item that counts the chunks that are done."""
    return Key(campaigns.own_partition(tenant_id, campaign_id), "PROGRESS")


def progress(tenant_id: str, campaign_id: str) -> dict[str, Any]:
    """Return how many chunks are done, also of those of the test, and when that was last told."""
    return {"done": 0, "tested": 0, **(table.get(progress_key(tenant_id, campaign_id), consistent=True) or {})}


def _store(together: list[Chunk]) -> None:
    def plan() -> Plan[None]:
        found = table.get_many([_key(each) for each in together], consistent=True)
        missing = [each for each, item in zip(together, found, strict=True) if item is None]
        return Plan(None, [Put(records.to_item(_key(each), _ENTITY, each), ABSENT) for each in missing])

    changes.make(plan)


def _starts(part: Part) -> str | None:
    return None if part.starts_at is None else clock.to_rfc3339(part.starts_at)


def _key(chunk: Chunk) -> Key:
    return _place(chunk.tenant_id, chunk.campaign_id, chunk.number)


def _place(tenant_id: str, campaign_id: str, number: int) -> Key:
    return Key(campaigns.own_partition(tenant_id, campaign_id), f"{PREFIX}{number:06}")
