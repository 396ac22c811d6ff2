"""What a caller may see of a collection: all of it, or what the key that they call with is bound to.

A key is bound to one collection by its id, to a filter that holds of each document that it shows, and without some
fields. To its holder these fields are not in the schema: nothing is searched, sorted, counted, grouped or filtered by
one of them, or its values could be guessed.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from functions.search.collections import collections
from functions.search.collections.collections import Collection, CollectionNotFound
from functions.search.collections.fields import Field
from functions.search.engine.asked import Every, Filter
from functions.search.filters import filters, matching
from functions.search.filters.operands import FilterRefused
from shared.callers.auth import Caller
from shared.callers.caller import Restriction
from shared.errors import Forbidden

CONTEXT: Final = "search"
"""What restrictions of ours are known by."""

Document = Mapping[str, Any]


class KeyOutdated(Forbidden):
    """403: what the key is bound to does not fit its collection any more; ask for a new key."""

    def __init__(self) -> None:
        super().__init__("This API key does not fit its collection any more. Ask for a new one.")


class Bound(NamedTuple):
    """What a key is bound to."""

    collection_id: str
    collection_name: str
    filter_by: str | None
    exclude_fields: Sequence[str]

    def restriction(self) -> Restriction:
        """Return it as the record of a key holds it."""
        return Restriction(CONTEXT, json.dumps(self._asdict(), separators=(",", ":")))


@dataclass(frozen=True, kw_only=True)
class Sight:
    """What is seen of a collection: which documents, all for None, and what is left out of each."""

    collection: Collection
    where: Filter | None = None
    excluded: frozenset[str] = frozenset()

    @property
    def schema(self) -> Collection:
        """Return the collection as its reader may know it: a field that is left out has no name and no place."""
        if not self.excluded:
            return self.collection
        kept = [_hidden(each) if each.name in self.excluded else each for each in self.collection.fields]
        return self.collection._replace(fields=kept)

    def narrowed(self, where: Filter | None) -> Filter | None:
        """Return a filter of the reader, together with what holds of all that they see."""
        both = [each for each in (self.where, where) if each is not None]
        return Every(both) if len(both) > 1 else both[0] if both else None

    def has(self, document: Document) -> bool:
        """Return whether a document is seen, as it is now."""
        return self.where is None or matching.fits(document, self.where, self.collection.fields)

    def shown(self, document: Document) -> dict[str, Any]:
        """Return what is seen of a document."""
        return {name: value for name, value in document.items() if name not in self.excluded}


def opened(caller: Caller, name: str, *, consistent: bool = False) -> Sight:
    """Return what a caller sees of a collection of their tenant.

    A key that is bound to a collection sees that one, by its own name. Raises CollectionNotFound, KeyOutdated.
    """
    if caller.restriction is not None and name != _bound(caller.restriction).collection_name:
        raise CollectionNotFound
    return seen(collections.find(caller.tenant_id, name, consistent=consistent), caller.restriction)


def seen(collection: Collection, restriction: Restriction | None) -> Sight:
    """Return what is seen of a collection under a restriction. Raises CollectionNotFound for another, KeyOutdated."""
    if restriction is None:
        return Sight(collection=collection)
    bound = _bound(restriction)
    if collection.collection_id != bound.collection_id:
        raise CollectionNotFound
    return Sight(collection=collection, where=_where(bound, collection), excluded=frozenset(bound.exclude_fields))


def _bound(restriction: Restriction) -> Bound:
    return Bound(**json.loads(restriction.content))


def _where(bound: Bound, collection: Collection) -> Filter | None:
    try:
        return None if bound.filter_by is None else filters.read(bound.filter_by, collection.fields)
    except FilterRefused:
        # Without its cause, which names what the key is bound to.
        raise KeyOutdated from None


def _hidden(field: Field) -> Field:
    return Field("", field.type, indexed=False)
