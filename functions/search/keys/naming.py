"""Which fields of a collection the keys name that are bound to it: in their filters, and as fields that they leave out.

Without such a field a filter could not be read, and the key would be good for nothing.
"""

from collections.abc import Sequence

from functions.search.collections import collections
from functions.search.collections.fields import Field
from functions.search.filters import filters
from functions.search.filters.operands import FilterRefused
from functions.search.keys import keys
from functions.search.keys.keys import Entry
from shared import clock
from shared.callers.auth import Caller
from shared.errors import Conflict, FieldError


class FieldInUse(Conflict):
    """409: keys that are bound to the collection name the field; the collection stays as it is."""


def require_unnamed(caller: Caller, collection_name: str, sent: Sequence[str | None]) -> None:
    """Require that no good key of a collection names one of these fields; None stands for one that stays.

    Raises CollectionNotFound, FieldInUse.
    """
    if not any(sent):
        return
    collection = collections.find(caller.tenant_id, collection_name, consistent=True)
    entries = keys.good(collection.collection_id, clock.now())
    errors: list[FieldError] = []
    for number, name in enumerate(sent):
        naming = [each.key_id for each in entries if name is not None and _names(each, name, collection.fields)]
        if naming:
            errors.append({"field": f"fields.{number}", "reason": f"{name} is named by the keys {', '.join(naming)}"})
    if errors:
        raise FieldInUse(
            "Keys that are bound to the collection name a field that is to be removed. Make another collection without "
            "it, and make keys for that one.",
            errors=errors,
        )


def _names(entry: Entry, name: str, fields: Sequence[Field]) -> bool:
    return name in entry.exclude_fields or (
        entry.filter_by is not None
        and _is_read(entry.filter_by, fields)
        and not _is_read(entry.filter_by, [each for each in fields if each.name != name])
    )


def _is_read(filter_by: str, fields: Sequence[Field]) -> bool:
    try:
        filters.read(filter_by, fields)
    except FilterRefused:
        return False
    return True
