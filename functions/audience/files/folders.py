"""Where the files of a tenant's leads are in the bucket: its shards in one folder, its deltas in another."""

from collections.abc import Iterator
from typing import Final

from shared.storage import files
from shared.storage.files import Listed

PURPOSE: Final = "audience"
"""What these files are for, in the bucket of the stage: they stay until this context removes them."""
_PAGE: Final = 1000


def deltas(tenant_id: str) -> str:
    """Return what the keys of a tenant's deltas begin with."""
    return f"{PURPOSE}/{tenant_id}/deltas/"


def shards(tenant_id: str) -> str:
    """Return what the keys of a tenant's shards begin with."""
    return f"{PURPOSE}/{tenant_id}/shards/"


def every(prefix: str) -> Iterator[Listed]:
    """Yield the files whose keys begin so, in the order of their keys. Raises Unavailable."""
    after = ""
    while True:
        found = files.listed(prefix, after=after, limit=_PAGE)
        yield from found
        if len(found) < _PAGE:
            return
        after = found[-1].key
