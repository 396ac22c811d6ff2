"""The views `leads` and `versions` over the tables of Athena, as `files/merging.py` makes them of copies.

The tables `shards` and `deltas` have a partition for each state of each tenant's files. Tenant and state are named in
every statement; both are ours, and the tables refuse a statement that does not name them (injected projection).
"""

from typing import Final

from functions.audience.files import rows
from functions.audience.segments.rules import columns
from shared import ids

_COLUMNS: Final = ", ".join(rows.TYPES)
_MERGED: Final = ", ".join("together.campaigns" if name == "campaigns" else f"newest.{name}" for name in rows.TYPES)
_SHOWN: Final = ", ".join(columns.TYPES)

_WITHOUT_DELTAS: Final = """
WITH versions AS (SELECT {columns} FROM shards WHERE tenant = '{tenant}' AND files = '{files}'),
leads AS (SELECT {shown} FROM versions WHERE NOT is_gone)
"""
_WITH_DELTAS: Final = """
WITH known AS (SELECT {columns} FROM shards WHERE tenant = '{tenant}' AND files = '{files}'),
changes AS (SELECT {columns} FROM deltas WHERE tenant = '{tenant}' AND files = '{files}'),
mixed AS (
    SELECT {columns} FROM known WHERE lead_id IN (SELECT lead_id FROM changes)
    UNION ALL SELECT {columns} FROM changes
),
newest AS (
    SELECT * FROM (
        SELECT {columns}, row_number() OVER (PARTITION BY lead_id ORDER BY version DESC, is_gone DESC) AS place
        FROM mixed
    ) AS placed WHERE place = 1
),
messages AS (
    SELECT * FROM (
        SELECT lead_id, campaign, happened, row_number() OVER (
            PARTITION BY lead_id, campaign ORDER BY happened.version DESC, happened.is_gone DESC
        ) AS place
        FROM mixed CROSS JOIN UNNEST(campaigns) AS entries (campaign, happened)
    ) AS placed WHERE place = 1
),
together AS (SELECT lead_id, map_agg(campaign, happened) AS campaigns FROM messages GROUP BY lead_id),
versions AS (
    SELECT {merged} FROM newest LEFT JOIN together ON newest.lead_id = together.lead_id
    UNION ALL SELECT {columns} FROM known WHERE lead_id NOT IN (SELECT lead_id FROM changes)
),
leads AS (SELECT {shown} FROM versions WHERE NOT is_gone)
"""


def of(tenant_id: str, name: str, *, has_deltas: bool) -> str:
    """Return what a statement about a state of a tenant's files begins with. Raises ValueError."""
    if not ids.is_valid(tenant_id, "tenant"):
        raise ValueError("no id of a tenant")
    view = _WITH_DELTAS if has_deltas else _WITHOUT_DELTAS
    return view.format(columns=_COLUMNS, merged=_MERGED, shown=_SHOWN, tenant=tenant_id, files=name)
