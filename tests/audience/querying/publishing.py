"""Files of leads as a compactor and a collector write them, for tests of what reads them."""

import json
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import duckdb

from functions.audience.files import deltas, folders, merging, pointers, rows
from functions.audience.files.pointers import Pointer, Shard
from functions.audience.leads import leads
from functions.audience.segments.rules import columns
from functions.audience.segments.rules.facts import Facts
from shared import clock
from shared.storage import files

Row = Mapping[str, Any]


def row(facts: Facts, *, version: int = 1, is_gone: bool = False) -> Row:
    """Return the row of a lead as rules see it."""
    told = {"version": version, "is_gone": is_gone, "changed_at": 0}
    found = columns.row(facts)
    campaigns = {campaign: {**happened, **told, "is_gone": False} for campaign, happened in found["campaigns"].items()}
    return {**found, "campaigns": campaigns, **told}


def stored(tenant_id: str) -> list[Row]:
    """Return the rows of the leads that the table has."""
    items = leads.every_item(tenant_id, after=None, only=[*leads.Lead._fields])
    return [rows.of_lead(each, [], changed_at=clock.from_stored(each["updated_at"])) for each in items]


def publish(tenant_id: str, *shards: Iterable[Row], changed: Sequence[Sequence[Row]] = (), as_of: int = 0) -> Pointer:
    """Write shards and deltas, and publish them in place of those before."""
    for number, each in enumerate(changed):
        deltas.write(tenant_id, [f"{number}"], each)
    before = pointers.find(tenant_id)
    generation = 1 if before is None else before.generation + 1
    written = [_shard(tenant_id, generation, list(each)) for each in shards]
    after = Pointer(tenant_id, generation, written, as_of, clock.to_rfc3339(clock.now()))
    pointers.publish(before, after)
    return after


def _shard(tenant_id: str, generation: int, told: Sequence[Row]) -> Shard:
    key = files.new_key(folders.PURPOSE, tenant_id, "shards", f"{generation}")
    return Shard(key, files.put_once(key, parquet(told), media_type="application/octet-stream"), len(told))


def parquet(told: Sequence[Row]) -> bytes:
    """Return the Parquet file of rows."""
    with tempfile.TemporaryDirectory() as folder, duckdb.connect() as connection:
        source, target = Path(folder, "rows.json"), Path(folder, "rows.parquet")
        source.write_text("\n".join(json.dumps(each, ensure_ascii=False) for each in told), encoding="utf-8")
        types = ", ".join(f"'{name}': '{its_type}'" for name, its_type in rows.TYPES.items())
        read = f"read_json('{source}', columns = {{{types}}}, format = 'newline_delimited')"
        if not told:
            read = merging.of_shards([])
        connection.sql(f"FROM {read} ORDER BY lead_id").write_parquet(str(target))
        return target.read_bytes()
