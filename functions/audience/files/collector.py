"""The collector: background work that writes what a batch of the table's stream has changed among leads as deltas.

Each delta is called after its batch, so whatever fails is done again as a whole. A record that cannot be read is put
aside, and one that comes days late is not trusted; then the tenant's files are made anew from the table.
"""

import functools
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final, NamedTuple

from functions.audience.files import changes, deltas, metrics, tasks
from functions.audience.files.changes import Record
from functions.audience.files.rows import Row
from shared import clock
from shared.messaging import discarded, handling
from shared.messaging.discarded import Invocation
from shared.observability import logger
from shared.storage import parallel

TRUSTED: Final = 2 * clock.DAY
"""The stream keeps a record for a day. Of an older one, files may have forgotten what came after it."""


class _Told(NamedTuple):
    """What a record tells of a tenant."""

    tenant_id: str
    sequence: str
    row: Row | None


def handler(event: Mapping[str, Any], context: Invocation) -> dict[str, Any]:
    """Write the deltas of a batch. Raises Unavailable when the table, the bucket or the queue does not answer."""
    records = event["Records"]
    with handling.of_run(context, records=len(records)):
        _collect(records, context)
    return {"batchItemFailures": []}


def _collect(records: Sequence[Record], context: Invocation) -> None:
    trusted_from = clock.now() - TRUSTED
    untold = [each for each in records if changes.made_at(each) < trusted_from]
    # Of what has changed several times the latest record says all.
    latest = {str(each["dynamodb"]["Keys"]): each for each in records if changes.made_at(each) >= trusted_from}
    sift = functools.partial(discarded.sift, read=_told, context=context)
    told: dict[str, list[_Told]] = defaultdict(list)
    for record, found in zip(latest.values(), parallel.calls(lambda each: sift([each]), latest.values()), strict=True):
        if not found:
            untold.append(record)
        for _, each in found:
            told[each.tenant_id].append(each)
    for tenant_id, of_tenant in told.items():
        _write(tenant_id, of_tenant)
    _make_anew(untold)


def _told(record: Record) -> _Told:
    """Return what a record tells. Raises KeyError, TypeError or ValueError if it tells nothing, Unavailable."""
    change = changes.read(record)
    return _Told(change.tenant_id, record["dynamodb"]["SequenceNumber"], changes.row(change))


def _write(tenant_id: str, told: Sequence[_Told]) -> None:
    rows = [each.row for each in told if each.row is not None]
    if not rows:
        return
    deltas.write(tenant_id, [each.sequence for each in told if each.row is not None], rows)
    metrics.measure(clock.now() - min(row["changed_at"] for row in rows))
    if deltas.begin_to_be_many(deltas.every(tenant_id), written=len(rows)):
        tasks.ask(tenant_id, "fold")
    tasks.ask(tenant_id, "fold", delay_seconds=deltas.FOLDED_AFTER // clock.SECOND)


def _make_anew(untold: Iterable[Record]) -> None:
    """Have the files of those tenants made anew of whom records tell nothing."""
    tenants = set()
    for record in untold:
        try:
            tenants.add(changes.tenant_of(record))
        except (KeyError, TypeError, ValueError):
            logger.error("a record of no tenant")
    for tenant_id in sorted(tenants):
        logger.warning("files are made anew", tenant_id=tenant_id)
        tasks.ask(tenant_id, "rebuild")
