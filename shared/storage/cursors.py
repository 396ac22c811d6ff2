"""Cursors: where the next page of a list begins, opaque to the caller.

The partition is not part of a cursor: it is always the one the caller may read.
"""

import base64
import binascii
import json
from typing import Any

from shared.errors import Malformed
from shared.storage import attributes
from shared.storage.attributes import Item, Key


def after(item: Item, *, index: bool) -> str:
    """Return the opaque cursor that goes on after this item; the partition is not in it, the caller's is used."""
    return _encoded([item["SK"], item["PK"], item["GSI1SK"]] if index else [item["SK"]])


def start_key(cursor: str, partition: str, prefix: str, *, index: bool) -> dict[str, Any]:
    """Return the ExclusiveStartKey of a cursor; DynamoDB itself would answer a foreign one with an error."""
    place = _decoded(cursor)
    if not _is_place(place, prefix, parts=3 if index else 1):
        raise foreign()
    if not index:
        return attributes.dump_key(Key(partition, place[0]))
    return attributes.dump({"GSI1PK": partition, "GSI1SK": place[2], "PK": place[1], "SK": place[0]})


def bind(place: str, list_id: str) -> str:
    """Return the opaque cursor that goes on at a place of one list, with its filters and its order."""
    return _encoded([place, list_id])


def place_in(cursor: str, list_id: str) -> str:
    """Return the place of a cursor that the list of this id handed out. Raises Malformed for every other."""
    match _decoded(cursor):
        case [str(place), str(of)] if of == list_id:
            return place
    raise foreign()


def foreign() -> Malformed:
    """Return the refusal of a cursor that another list handed out, or none."""
    return Malformed("cursor: not one that this list handed out; start again without it.")


def _encoded(place: list[str]) -> str:
    return base64.urlsafe_b64encode(json.dumps(place, separators=(",", ":")).encode()).rstrip(b"=").decode()


def _decoded(cursor: str) -> Any:
    """Return what a cursor holds, None when it is none."""
    try:
        return json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except (binascii.Error, ValueError, RecursionError):
        return None


def _is_place(place: Any, prefix: str, *, parts: int) -> bool:
    return (
        isinstance(place, list)
        and len(place) == parts
        and all(isinstance(part, str) and _can_be_key(part) for part in place)
        and place[-1].startswith(prefix)
    )


def _can_be_key(text: str) -> bool:
    """Tell whether DynamoDB would take the text as a key: UTF-8, and not longer than a sort key may be."""
    try:
        return 0 < len(text.encode()) <= 1024
    except UnicodeEncodeError:
        return False
