"""A recount of files: what they have otherwise than the table. The version of a lead says whether both are the same."""

from typing import Final, NamedTuple

from functions.audience.files import engine, local, merging, reading
from functions.audience.leads import leads

_COMPARED: Final = ("lead_id", "version", leads.MERGED)


class Difference(NamedTuple):
    """A lead at two versions; None where it is not there."""

    lead_id: str
    in_files: int | None
    in_table: int | None


def differences(tenant_id: str) -> list[Difference]:
    """Return the leads that differ, in their order. What changed within the last minute may be on its way.

    Raises files.FileNotFound for a file that was replaced meanwhile, Unavailable.
    """
    in_files = _in_files(tenant_id)
    items = leads.every_item(tenant_id, after=None, only=_COMPARED, consistent=True)
    in_table = {item["lead_id"]: int(item["version"]) for item in items if leads.MERGED not in item}
    found = [Difference(each, in_files.get(each), in_table.get(each)) for each in sorted({*in_files, *in_table})]
    return [each for each in found if each.in_files != each.in_table]


def _in_files(tenant_id: str) -> dict[str, int]:
    snapshot = reading.published(tenant_id)
    if snapshot is None:
        return {}
    with local.folder() as place, engine.opened(place) as connection:
        shards = local.fetched(place, [each.key for each in snapshot.shards])
        deltas = local.fetched(place, [each.key for each in snapshot.deltas])
        merging.show(connection, shards, deltas)
        return dict(connection.execute("SELECT lead_id, version FROM versions WHERE NOT is_gone").fetchall())
