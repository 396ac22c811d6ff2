"""Deltas: what a batch of the table's stream has changed among the leads of one tenant, as compressed lines of JSON.

A delta is called after its batch, so a batch that comes again has the same one. Its name says how many rows it has, and
when the newest of its changes was made, so that nobody opens it to learn that.
"""

import gzip
import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple

from functions.audience.files import folders
from shared import clock
from shared.clock import Instant
from shared.storage import files
from shared.storage.files import FileChanged

MOST: Final = 64
MOST_ROWS: Final = 10_000
FOLDED_AFTER: Final = 600 * clock.SECOND
"""Deltas are folded into shards when they are so many, have so many rows, or the first of them is so old."""

_MEDIA_TYPE: Final = "application/gzip"
_END: Final = ".jsonl.gz"
_INSTANT_DIGITS: Final = 13


class Delta(NamedTuple):
    """A delta that is there. `newest` is when the latest of its changes was made, `written_at` when it was written."""

    key: str
    etag: str
    rows: int
    newest: Instant
    written_at: Instant


def write(tenant_id: str, batch: Sequence[str], rows: Sequence[Mapping[str, Any]]) -> None:
    """Write the delta of a batch, which its records' sequence numbers name; one that is there stays.

    Raises Unavailable.
    """
    newest = max(row["changed_at"] for row in rows)
    digest = hashlib.sha256("\n".join(batch).encode()).hexdigest()[:16]
    name = f"{newest:0{_INSTANT_DIGITS}d}-{len(rows)}-{batch[0]}-{batch[-1]}-{digest}{_END}"
    try:
        files.put_once(folders.deltas(tenant_id) + name, body(rows), media_type=_MEDIA_TYPE)
    except FileChanged:
        return


def every(tenant_id: str) -> list[Delta]:
    """Return the deltas of a tenant that are there, those with the oldest changes first. Raises Unavailable."""
    prefix = folders.deltas(tenant_id)
    return [_delta(each, each.key.removeprefix(prefix)) for each in folders.every(prefix)]


def are_due(found: Sequence[Delta], now: Instant) -> bool:
    """Return whether deltas are to be folded now."""
    if len(found) >= MOST or sum(each.rows for each in found) >= MOST_ROWS:
        return True
    return any(each.written_at + FOLDED_AFTER <= now for each in found)


def begin_to_be_many(found: Sequence[Delta], *, written: int) -> bool:
    """Return whether so many deltas are there, or have so many rows, since one of them was written with its rows."""
    rows = sum(each.rows for each in found)
    return len(found) % MOST == 0 or rows // MOST_ROWS > (rows - written) // MOST_ROWS


def body(rows: Sequence[Mapping[str, Any]]) -> bytes:
    """Return the bytes of a delta of these rows."""
    lines = [json.dumps(row, ensure_ascii=False, separators=(",", ":")) for row in rows]
    # Without a time in its header, the same rows are the same bytes.
    return gzip.compress("\n".join(lines).encode(), compresslevel=6, mtime=0)


def _delta(listed: files.Listed, name: str) -> Delta:
    newest, rows, *_ = name.split("-")
    return Delta(listed.key, listed.etag, int(rows), int(newest), listed.written_at)
