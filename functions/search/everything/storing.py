"""What contexts feed becomes documents of the index of their tenant: the newest version stays, in whatever order."""

import json
from typing import Final

from functions.search.collections import tenant_index
from functions.search.documents import documents
from functions.search.documents.documents import Stored
from shared import clock
from shared.errors import Unavailable
from shared.messaging.search_feed import Fed

_TRIES: Final = 5


def store(fed: Fed) -> bool:
    """Store what is said of an item, unless something newer is stored; return whether it waits for the index.

    What says the same as before is not indexed again. Raises Unavailable.
    """
    for _ in range(_TRIES):
        before = documents.find(tenant_index.id_of(fed.tenant_id), fed.ref, consistent=True)
        after = before if before is not None and before.version > fed.version else _after(before, fed)
        if after == before:
            return after.mark is not None
        if documents.put(before, after):
            return after.mark is not None
    raise Unavailable("Others keep changing this document.")


def _after(before: Stored | None, fed: Fed) -> Stored:
    content = "" if fed.content is None else json.dumps(fed.content, separators=(",", ":"), ensure_ascii=False)
    if before is not None and (before.content, before.deleted) == (content, fed.content is None):
        return before._replace(version=fed.version)
    stored = Stored(
        collection_id=tenant_index.id_of(fed.tenant_id),
        id=fed.ref,
        content=content,
        version=fed.version,
        updated_at="",
        deleted=fed.content is None,
    )
    return documents.changed(tenant_index.of(fed.tenant_id), stored, at=clock.now())
