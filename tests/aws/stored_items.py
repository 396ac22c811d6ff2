"""What the table holds, for tests that look for a text in it, and what DynamoDB counts of it (AWS, "DynamoDB item sizes
and formats", "Read/write capacity mode").
"""

import math
from typing import Any

from shared.storage import idempotency
from shared.storage.attributes import Item

Stored = dict[tuple[str, str], Item]


def readable(item: Item) -> Item:
    """Return an item with its answer unpacked, so that a text is found in it wherever it is."""
    return {**item, "answer": idempotency.answer_of(item)} if item.get("entity") == "Idempotency" else item


def size_of(item: Item) -> int:
    """Return the bytes that DynamoDB counts for an item."""
    return sum(len(name.encode()) + _value_size(value) for name, value in item.items())


def write_units(before: Stored, after: Stored, *, for_a_kilobyte: int = 2) -> int:
    """Return the write units that brought the table from one state to another: two for a KB in a transaction, or one.

    A check that an item is unchanged costs two more and leaves nothing to see.
    """
    keys = before.keys() | after.keys()
    changed = [(before.get(key), after.get(key)) for key in keys if before.get(key) != after.get(key)]
    return sum(_units(was, then, for_a_kilobyte) for was, then in changed)


def _units(before: Item | None, after: Item | None, for_a_kilobyte: int) -> int:
    """Return the units for each KB of the larger state, and one in the index, or two when the place there moves."""
    sizes = [size_of(item) for item in (before, after) if item is not None]
    kilobytes = math.ceil(max(sizes) / 1024)
    places = {(item["GSI1PK"], item["GSI1SK"]) for item in (before, after) if item and "GSI1PK" in item}
    return kilobytes * (for_a_kilobyte + len(places))


def _value_size(value: Any) -> int:
    match value:
        case str():
            return len(value.encode())
        case bool() | None:
            return 1
        case int():
            return math.ceil(len(str(value)) / 2) + 1
        case bytes():
            return len(value)
        case list() | tuple():
            return 3 + sum(1 + _value_size(each) for each in value)
        case dict():
            return 3 + len(value) + size_of(value)
    raise TypeError(f"{type(value).__name__} is not stored in the table")
