"""A snapshot as a reader opens it: its files fetched to a disk of its own, and one view over them in DuckDB."""

import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import duckdb

from functions.audience.files import merging, reading
from functions.audience.files.reading import File, Snapshot
from functions.audience.segments.rules import columns
from shared.storage import files

Rows = dict[str, dict[str, Any]]


def leads(tenant_id: str) -> Rows:
    """Return the rows of all leads as the files have them, by the ids of the leads; none without files."""
    snapshot = reading.published(tenant_id)
    return {} if snapshot is None else rows_of(snapshot)


def rows_of(snapshot: Snapshot) -> Rows:
    """Return the rows of all leads of a snapshot. Raises files.FileNotFound for a file that is gone."""
    with tempfile.TemporaryDirectory() as folder, duckdb.connect() as connection:
        merging.show(connection, _fetched(Path(folder), snapshot.shards), _fetched(Path(folder), snapshot.deltas))
        found = connection.execute("SELECT * FROM leads").fetchall()
    rows = [dict(zip(columns.TYPES, each, strict=True)) for each in found]
    assert len({row["lead_id"] for row in rows}) == len(rows)
    return {row["lead_id"]: _as_rules_see_it(row) for row in rows}


def _as_rules_see_it(row: dict[str, Any]) -> dict[str, Any]:
    """Return a row without the order of its orders, which means nothing."""
    return row | {"campaigns": _happened(row["campaigns"]), "orders": sorted(row["orders"], key=repr)}


def _happened(campaigns: dict[str, Any] | None) -> dict[str, Any]:
    """Return what happened with messages as rules see it; a message that is gone has nothing that they could."""
    told = {
        campaign_id: {name: message[name] for name in columns.HAPPENINGS}
        for campaign_id, message in (campaigns or {}).items()
    }
    return {campaign_id: each for campaign_id, each in told.items() if any(each.values())}


def _fetched(folder: Path, wanted: Sequence[File]) -> list[Path]:
    paths = []
    for each in wanted:
        path = folder / each.key.replace("/", "_")
        path.write_bytes(files.read(each.key, most_bytes=10**9).body)
        paths.append(path)
    return paths
