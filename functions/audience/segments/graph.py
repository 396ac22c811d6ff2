"""Which segments name which, and which campaigns use one: one item of a tenant.

It is in the transaction of every change that could make a circle, or leave a campaign without its segment.

Each such change raises its version. Of two that are made at once, one is planned again and sees what the other did.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Final, NamedTuple

from functions.audience.segments import segments
from shared.errors import NotAllowed
from shared.storage import records, table
from shared.storage.attributes import Key
from shared.storage.writes import ABSENT, Put, unchanged

MOST_NAMED: Final = 4_000
"""How often segments of a tenant may name others, counted together: that many ids fit into an item of 400 KB."""
_ENTITY: Final = "SegmentGraph"


class TooManySegmentsNamed(NotAllowed):
    """422: the segments of your tenant would name others more than 4,000 times, counted together."""

    def __init__(self) -> None:
        super().__init__(
            f"The segments of your tenant would name others more than {MOST_NAMED:,} times, counted together."
        )


class Graph(NamedTuple):
    """The ids of the segments that a segment names, by its id; one that names none is left out."""

    version: int
    named: Mapping[str, Sequence[str]] = {}

    def below(self, segment_ids: Iterable[str]) -> list[str]:
        """Return these segments and all that they name, directly or through others."""
        return _reached(segment_ids, lambda each: self.named.get(each, ()))

    def users(self, segment_id: str) -> list[str]:
        """Return the segments that name this one themselves."""
        return sorted(each for each, named in self.named.items() if segment_id in named)

    def above(self, segment_id: str) -> list[str]:
        """Return the segments that name this one, directly or through others."""
        return [each for each in _reached([segment_id], self.users) if each != segment_id]


def key(tenant_id: str) -> Key:
    """Return the key of the graph of a tenant."""
    return Key(segments.partition(tenant_id), "GRAPH")


def read(tenant_id: str) -> Graph:
    """Return the graph of a tenant as it is now; version 0 before the first."""
    item = table.get(key(tenant_id), consistent=True)
    return Graph(0) if item is None else records.from_item(Graph, item)


def changed(tenant_id: str, before: Graph, segment_id: str, named: Iterable[str]) -> Put:
    """Return the write after which a segment names these, in a graph that nobody else has changed since `before`.

    Raises TooManySegmentsNamed for a graph that would outgrow its item.
    """
    others = {each: list(below) for each, below in before.named.items() if each != segment_id}
    wanted = sorted(named)
    if wanted and sum(map(len, others.values())) + len(wanted) > MOST_NAMED:
        raise TooManySegmentsNamed
    after = Graph(before.version + 1, {**others, segment_id: wanted} if wanted else others)
    condition = ABSENT if before.version == 0 else unchanged(before.version)
    return Put(records.to_item(key(tenant_id), _ENTITY, after), condition)


def _reached(first: Iterable[str], following: Callable[[str], Iterable[str]]) -> list[str]:
    found = dict.fromkeys(first)
    waiting = list(found)
    while waiting:
        for each in following(waiting.pop()):
            if each not in found:
                found[each] = None
                waiting.append(each)
    return list(found)
