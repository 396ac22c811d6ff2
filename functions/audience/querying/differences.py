"""Who is in a segment by the files, and how that differs from who was: in DuckDB, over files of ids."""

import secrets
from collections.abc import Sequence
from pathlib import Path
from typing import Final, NamedTuple

from functions.audience.files import folders
from functions.audience.files.reading import File
from functions.audience.querying import copies
from functions.audience.querying.audiences import Audience
from functions.audience.segments.rules.form import Node
from shared.storage import files

MEDIA_TYPE: Final = "application/vnd.apache.parquet"
PURPOSE: Final = "audience-members"
"""What files of ids are for, in the bucket of the stage: they stay until this context removes them."""
_DIFFERENCES: Final = """
WITH entered AS (SELECT lead_id, true AS has_entered FROM {after} ANTI JOIN {before} USING (lead_id)),
gone AS (SELECT lead_id, false AS has_entered FROM {before} ANTI JOIN {after} USING (lead_id))
SELECT * FROM (FROM entered UNION ALL FROM gone) AS changed WHERE lead_id > $1 ORDER BY lead_id LIMIT {limit:d}
"""


class Change(NamedTuple):
    """A lead that has entered a segment, or left it."""

    lead_id: str
    has_entered: bool


def select(audience: Audience, node: Node) -> int:
    """Select the ids of all leads that match, for the functions below, and return how many they are."""
    audience.select(node, into="members")
    return _number(audience, "FROM members")


def are_in(audience: Audience, file: File) -> bool:
    """Return whether the selected ids are those of a file, all of them and no others."""
    (path,) = copies.fetched(audience.tenant_id, [file])
    missing = _number(audience, f"FROM {_ids(path)} ANTI JOIN members USING (lead_id)")
    return missing == 0 and _number(audience, f"FROM members ANTI JOIN {_ids(path)} USING (lead_id)") == 0


def upload(audience: Audience, segment_id: str) -> File:
    """Write a file of the selected ids, and return it. Raises Unavailable."""
    local = copies.folder_of(audience.tenant_id) / f"{secrets.token_hex(8)}.ids"
    try:
        audience.connection.table("members").order("lead_id").write_parquet(str(local), compression="zstd")
        key = files.new_key(PURPOSE, audience.tenant_id, segment_id)
        return File(key, files.put_once(key, local.read_bytes(), media_type=MEDIA_TYPE))
    finally:
        local.unlink(missing_ok=True)


def between(audience: Audience, before: File, after: File, *, told: str, limit: int) -> list[Change]:
    """Return who has entered and left from one file of ids to the next, behind an id, in the order of ids."""
    first, second = copies.fetched(audience.tenant_id, [before, after])
    rows = audience.connection.execute(
        _DIFFERENCES.format(before=_ids(first), after=_ids(second), limit=limit),
        [told],
    ).fetchall()
    return [Change(*row) for row in rows]


def remove_others(tenant_id: str, segment_id: str, kept: Sequence[File]) -> None:
    """Remove the files of a segment's members but these. Raises Unavailable."""
    prefix = f"{PURPOSE}/{tenant_id}/{segment_id}/"
    wanted = {each.key for each in kept}
    for each in folders.every(prefix):
        if each.key not in wanted:
            files.remove(each.key)


def _ids(path: Path) -> str:
    return f"(SELECT lead_id FROM read_parquet('{path}'))"  # noqa: S608 - a path of our own


def _number(audience: Audience, rows: str) -> int:
    row = audience.connection.execute(f"SELECT count(*) {rows}").fetchone()
    return 0 if row is None else int(row[0])
