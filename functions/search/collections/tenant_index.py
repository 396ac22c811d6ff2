"""The index of a tenant: a collection that nobody makes or lists, with what the contexts feed as its documents.

Each tenant has one of its own, so that no word of another one changes a score. It is written, published and read as any
collection is; only its schema and its id come from here.
"""

from typing import Final

from functions.search.collections import collections
from functions.search.collections.collections import Collection
from functions.search.collections.fields import Field
from shared import ids

NAME: Final = ""
"""What it is called in messages: no collection of a tenant can have this name."""

TITLE: Final = 0
TEXT: Final = 1
IDS: Final = 2
TYPE: Final = 3
SCOPE: Final = 4
READERS: Final = 5
FIELDS: Final = (
    Field("title", "string"),
    Field("text", "string[]"),
    Field("ids", "string[]"),
    Field("type", "string"),
    Field("scope", "string"),
    Field("readers", "string[]"),
)
"""The fields that are indexed, in the order of the numbers above."""

_PREFIX: Final = "col_"


def id_of(tenant_id: str) -> str:
    """Return the id of the index of a tenant. Raises ValueError for an id that no tenant can have."""
    if not ids.is_valid(tenant_id, "tenant"):
        raise ValueError("no tenant has this id")
    return f"{_PREFIX}{tenant_id.partition('_')[2]}"


def of(tenant_id: str) -> Collection:
    """Return the index of a tenant as a collection. Raises ValueError for an id that no tenant can have."""
    return Collection(
        tenant_id=tenant_id,
        collection_id=id_of(tenant_id),
        name=NAME,
        fields=FIELDS,
        default_sorting_field=None,
        language=None,
        created_by="",
        created_at="",
        version=1,
    )


def known(tenant_id: str, name: str, collection_id: str) -> Collection | None:
    """Return the collection or the tenant's index of an id, None for a collection that was deleted."""
    if collection_id == id_of(tenant_id):
        return of(tenant_id)
    return collections.known(tenant_id, name, collection_id)
