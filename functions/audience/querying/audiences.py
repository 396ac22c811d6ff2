"""The leads of a tenant as its files have them, open for questions.

One is open at a time: the database of the tenant before is closed, with all that it holds, before the next is opened.
DuckDB reads copies of the files here. Files that find no room are read by Athena, on stages that have it.
"""

from typing import Final

from functions.audience.files import merging, reading
from functions.audience.files.reading import Snapshot
from functions.audience.querying import copies, engine
from functions.audience.querying.audience import Audience, Version
from functions.audience.querying.engine import Embedded
from shared.aws import athena
from shared.errors import Unavailable
from shared.storage import files

__all__ = ["Audience", "Version", "forget", "of", "opened"]

_TRIES: Final = 3

_opened: list[Audience] = []


def of(tenant_id: str) -> Audience | None:
    """Return the leads of a tenant as its files have them now, None if it has no files.

    Raises copies.LeadsTooLarge, Unavailable.
    """
    for _ in range(_TRIES):
        snapshot = reading.published(tenant_id)
        if snapshot is None:
            return None
        for known in _opened:
            if (known.tenant_id, known.snapshot) == (tenant_id, snapshot):
                return known
        try:
            return opened(tenant_id, snapshot)
        except files.FileNotFound:
            # They have expired: the pointer names others by now.
            continue
    raise Unavailable("The files of your leads are being replaced. Repeat the request.")


def opened(tenant_id: str, snapshot: Snapshot) -> Audience:
    """Open one state of a tenant's files, in place of what was open before.

    Raises files.FileNotFound for one that has expired, copies.LeadsTooLarge, Unavailable.
    """
    _close()
    place = athena.place()
    if place is not None and not copies.fit([*snapshot.shards, *snapshot.deltas]):
        audience = _distant(tenant_id, snapshot, place)
    else:
        audience = _here(tenant_id, snapshot)
    _opened.append(audience)
    return audience


def _here(tenant_id: str, snapshot: Snapshot) -> Audience:
    paths = copies.fetched(tenant_id, [*snapshot.shards, *snapshot.deltas])
    shards = len(snapshot.shards)
    connection = engine.opened(copies.folder_of(tenant_id))
    merging.show(connection, paths[:shards], paths[shards:])
    row = connection.execute("SELECT count(*) FROM leads").fetchone()
    return Audience(tenant_id, snapshot, connection, 0 if row is None else row[0], Embedded())


def _distant(tenant_id: str, snapshot: Snapshot, place: athena.AthenaPlace) -> Audience:
    from functions.audience.querying.athena.engine import Athena  # noqa: PLC0415 - few stages have it

    connection = engine.opened(copies.folder_of(tenant_id))
    return Audience(tenant_id, snapshot, connection, snapshot.rows, Athena(tenant_id, snapshot, place))


def forget() -> None:
    """Close what is open, and remove all copies."""
    _close()
    copies.forget()


def _close() -> None:
    while _opened:
        _opened.pop().connection.close()
