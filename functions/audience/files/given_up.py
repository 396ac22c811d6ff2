"""Batches that the stream gave up on: the files of their tenants are made anew from the table.

Lambda keeps such a batch whole, after 23 hours, in the bucket of what is discarded (infra/constructs/discarded.py), and
an alarm rings. A look each hour finds the batches of the last two, so one look that fails is made good by the next.
Whoever sends a batch again later changes nothing: rows of older versions count for nothing.
"""

import json
from collections.abc import Iterator
from typing import Any, Final

from functions.audience.files import changes, tasks
from functions.audience.files.changes import LEAD, MESSAGE, Record
from shared import clock, config
from shared.clock import SECOND, Instant
from shared.messaging import kept_batches
from shared.observability import logger

LOOKED_BACK: Final[Instant] = 2 * 3600 * SECOND


def look() -> int:
    """Ask for a rebuild of each tenant whose leads are in a batch of the last two hours; return how many that are.

    Raises Unavailable.
    """
    tenants = set[str]()
    for payload in kept_batches.since(config.discarded_batches_bucket(), clock.now() - LOOKED_BACK):
        tenants |= set(_tenants(payload))
    for tenant_id in sorted(tenants):
        logger.warning("files are made anew, for a batch was given up", tenant_id=tenant_id)
        tasks.ask(tenant_id, "rebuild")
    return len(tenants)


def _tenants(payload: str) -> Iterator[str]:
    """Yield whose leads, or messages to leads, are in a batch; what cannot be read is of nobody."""
    try:
        records: list[Record] = json.loads(payload)["Records"]
    except (KeyError, TypeError, ValueError):
        return
    for record in records:
        try:
            if _entity(record) in (LEAD, MESSAGE):
                yield changes.tenant_of(record)
        except (AttributeError, KeyError, TypeError, ValueError):
            continue


def _entity(record: Any) -> str:
    images = record["dynamodb"]
    return str((images["NewImage"] if "NewImage" in images else images["OldImage"])["entity"]["S"])
