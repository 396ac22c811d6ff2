"""What differs between two JSON values, as a JSON Patch (RFC 6902) that makes the second of the first.

It takes as long as reading both. Arrays are compared from both ends, and what is between is replaced place by place; no
`move` is looked for. jsonpatch 1.48, which looks for them, takes 11 seconds for two arrays of 256 KB, and its patch has
6 MB (docs/decisions/0075-sequences.md).
"""

import json
from collections.abc import Iterator
from typing import Any

Operation = dict[str, Any]


def patch(older: Any, newer: Any) -> list[Operation]:
    """Return the operations; one that replaces everything where they would be longer than the second value."""
    found = [*_differences("", older, newer)]
    whole: list[Operation] = [{"op": "replace", "path": "", "value": newer}]
    return whole if found and len(json.dumps(found)) > len(json.dumps(whole)) else found


def _differences(path: str, older: Any, newer: Any) -> Iterator[Operation]:
    if isinstance(older, dict) and isinstance(newer, dict):
        yield from _in_objects(path, older, newer)
    elif isinstance(older, list) and isinstance(newer, list):
        yield from _in_arrays(path, older, newer)
    elif not _same(older, newer):
        yield {"op": "replace", "path": path, "value": newer}


def _in_objects(path: str, older: dict[str, Any], newer: dict[str, Any]) -> Iterator[Operation]:
    for name, value in older.items():
        place = f"{path}/{_escaped(name)}"
        if name in newer:
            yield from _differences(place, value, newer[name])
        else:
            yield {"op": "remove", "path": place}
    for name in newer.keys() - older.keys():
        yield {"op": "add", "path": f"{path}/{_escaped(name)}", "value": newer[name]}


def _in_arrays(path: str, older: list[Any], newer: list[Any]) -> Iterator[Operation]:
    shorter = min(len(older), len(newer))
    head = 0
    while head < shorter and _same(older[head], newer[head]):
        head += 1
    tail = 0
    while tail < shorter - head and _same(older[-1 - tail], newer[-1 - tail]):
        tail += 1
    both = shorter - tail
    for place in range(head, both):
        yield from _differences(f"{path}/{place}", older[place], newer[place])
    for place in range(len(older) - tail - 1, both - 1, -1):
        yield {"op": "remove", "path": f"{path}/{place}"}
    for place in range(both, len(newer) - tail):
        yield {"op": "add", "path": f"{path}/{place}", "value": newer[place]}


def _same(one: Any, other: Any) -> bool:
    """Return whether two values are the same JSON: to Python, true is 1."""
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(_same(value, other[name]) for name, value in one.items())
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(_same, one, other))
    return isinstance(one, bool) == isinstance(other, bool) and bool(one == other)


def _escaped(name: str) -> str:
    """Return a name as it stands in a JSON Pointer (RFC 6901)."""
    return name.replace("~", "~0").replace("/", "~1")
