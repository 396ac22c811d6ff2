"""JSON Patches, applied."""

import copy
from typing import Any


def applied(value: Any, operations: list[dict[str, Any]]) -> Any:
    """Apply a JSON Patch as RFC 6902 says, but for what is never sent: move, copy, test."""
    outer = {"": copy.deepcopy(value)}
    for each in operations:
        names = [name.replace("~1", "/").replace("~0", "~") for name in each["path"].split("/")]
        place: Any = outer
        for name in names[:-1]:
            place = place[int(name) if isinstance(place, list) else name]
        last: Any = int(names[-1]) if isinstance(place, list) else names[-1]
        if each["op"] == "remove":
            del place[last]
        elif each["op"] == "add" and isinstance(place, list):
            assert last <= len(place)
            place.insert(last, each["value"])
        else:
            assert (last in place) == (each["op"] == "replace") if isinstance(place, dict) else last < len(place)
            place[last] = each["value"]
    return outer[""]
