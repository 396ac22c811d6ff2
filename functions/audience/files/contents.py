"""The rows of everything that the table has of a tenant's leads: their items, their orders, their messages."""

import itertools
from collections.abc import Iterator
from typing import Final

from functions.audience.files import changes
from functions.audience.files.changes import Change
from functions.audience.files.rows import Row
from functions.audience.leads import leads
from functions.audience.recipients import recipients
from shared import clock
from shared.storage import parallel, table
from shared.storage.attributes import Item

_TOGETHER: Final = 1_000
_CAMPAIGNS: Final = "CAMPAIGN#"


def of_table(tenant_id: str) -> Iterator[Row]:
    """Yield the rows as the table has them now; what changes meanwhile is in them or not. Raises Unavailable."""
    items = leads.every_item(tenant_id, after=None, only=(), consistent=True)
    while together := list(itertools.islice(items, _TOGETHER)):
        yield from _read(tenant_id, together)
    for campaign in table.query_all(f"TENANT#{tenant_id}#CAMPAIGNS", _CAMPAIGNS):
        for shard in range(recipients.SHARDS):
            place = recipients.partition(tenant_id, campaign["campaign_id"], shard)
            yield from _read(tenant_id, table.query_all(place, recipients.PREFIX))


def _read(tenant_id: str, items: Iterator[Item] | list[Item]) -> Iterator[Row]:
    found = [Change(tenant_id, each, False, clock.from_stored(each["updated_at"])) for each in items]
    yield from (row for row in parallel.calls(changes.row, found) if row is not None)
