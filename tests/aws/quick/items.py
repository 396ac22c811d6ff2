"""The items of a table in this process, in the order of their sort keys, those of the table and of its index."""

from bisect import bisect_left, insort
from collections import defaultdict
from collections.abc import Iterator, MutableMapping
from itertools import islice, takewhile
from typing import Any

Raw = dict[str, Any]
Place = tuple[str, str]
Sorted = tuple[str, str, str]
"""A sort key, of the table or of its index, and the place of the item."""


class Items(MutableMapping[Place, Raw]):
    """Items by partition and sort key, as DynamoDB writes them; one that is put in is not to be changed any more."""

    def __init__(self) -> None:
        self._items: dict[Place, Raw] = {}
        self._sorted: dict[str, list[Sorted]] = defaultdict(list)
        self._indexed: dict[str, list[Sorted]] = defaultdict(list)

    def __getitem__(self, place: Place) -> Raw:
        return self._items[place]

    def __setitem__(self, place: Place, item: Raw) -> None:
        before = self._items.get(place)
        if before is None:
            insort(self._sorted[place[0]], (place[1], *place))
        self._move(place, before, item)
        self._items[place] = item

    def __delitem__(self, place: Place) -> None:
        self._move(place, self._items.pop(place), {})
        _remove(self._sorted, place[0], (place[1], *place))

    def __iter__(self) -> Iterator[Place]:
        return iter(self._items)

    def __len__(self) -> int:
        return len(self._items)

    def clear(self) -> None:
        """Let go of every item, at once."""
        self._items.clear()
        self._sorted.clear()
        self._indexed.clear()

    def partitions(self) -> list[str]:
        """Return the partitions that have items."""
        return [*self._sorted]

    def sort_keys(self, partition: str, beginning: str = "") -> list[str]:
        """Return the sort keys of a partition that begin with this, in their order."""
        found = self._sorted.get(partition, [])
        some = islice(found, bisect_left(found, (beginning,)), None)
        return [sort_key for sort_key, *_ in takewhile(lambda each: each[0].startswith(beginning), some)]

    def of(self, partition: str, *, low: str, is_index: bool, newest_first: bool) -> Iterator[Sorted]:
        """Yield sort key and place of what is in a partition: from `low` on, or the other way all that there is."""
        found = (self._indexed if is_index else self._sorted).get(partition, [])
        if newest_first:
            return reversed(found)
        return iter(found[bisect_left(found, (low,)) :])

    def _move(self, place: Place, before: Raw | None, after: Raw) -> None:
        was, then = _index_place(before or {}), _index_place(after)
        if was == then:
            return
        if was is not None:
            _remove(self._indexed, was[0], (was[1], *place))
        if then is not None:
            insort(self._indexed[then[0]], (then[1], *place))


def _index_place(item: Raw) -> Place | None:
    return (item["GSI1PK"]["S"], item["GSI1SK"]["S"]) if "GSI1PK" in item and "GSI1SK" in item else None


def _remove(partitions: dict[str, list[Sorted]], partition: str, sorted_: Sorted) -> None:
    found = partitions[partition]
    del found[bisect_left(found, sorted_)]
    if not found:
        del partitions[partition]
