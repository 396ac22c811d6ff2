"""What an index is called: its alias is in the folder and the pointer, and all requests go to that.

A request that changes documents requires the alias, so that no index is made by accident where one was removed.
"""

import json
from pathlib import Path
from typing import Final

from functions.search.engine.ports import META, EngineBroken
from shared import ids

_ALIAS: Final = "alias"
_INDEX: Final = "-index"


def new(collection_id: str) -> str:
    """Return the alias of a new index of a collection; OpenSearch has small letters only."""
    return f"{prefix(collection_id)}{ids.new('idx').lower()}"


def prefix(collection_id: str) -> str:
    """Return what the names of all indexes of a collection begin with, and no others."""
    return f"{collection_id.lower()}-"


def index(alias: str) -> str:
    """Return the name of the index of an alias."""
    return f"{alias}{_INDEX}"


def keep(folder: Path, alias: str) -> None:
    """Put an alias into the folder of an index."""
    (folder / META).write_text(json.dumps({_ALIAS: alias}), encoding="utf-8")


def kept(folder: Path) -> str | None:
    """Return the alias in a folder, None in an empty one. Raises EngineBroken for the index of another engine."""
    meta = folder / META
    if not meta.exists():
        return None
    found = of(meta.read_text(encoding="utf-8"))
    if found is None:
        raise EngineBroken("the index is one of another engine")
    return found


def of(meta: str) -> str | None:
    """Return the alias that a meta holds, None for the meta of another engine."""
    found = json.loads(meta).get(_ALIAS)
    return found if isinstance(found, str) else None
