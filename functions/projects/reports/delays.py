"""How often milestones were escalated in a month, why, and by how many days that delays them: counters.

Each escalation adds to two of them in the transaction that raises it, and takes that back in the one that rejects it.
So they are exact, and a report costs the same however many escalations there were. Those of a tenant are spread over
eight items, for many projects add to them.
"""

import zlib
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final, NamedTuple

from functions.projects.escalations import Escalation
from shared.callers import project_members
from shared.storage import table
from shared.storage.attributes import Key
from shared.storage.writes import Add

SHARDS: Final = 8
_RAISED: Final = "raised"
_DAYS: Final = "days"
"""What the names of counters begin with; kind and reason follow, and no kind has a `_`."""


class Counted(NamedTuple):
    """How many escalations there were in a month, and how many days late they said a milestone would be."""

    month: str
    kind: str
    reason_code: str
    escalations: int
    delay_days: int


def raised(escalation: Escalation) -> list[Add]:
    """Return the writes that count a new escalation."""
    return _added(escalation, 1)


def rejected(escalation: Escalation) -> list[Add]:
    """Return the writes that count an escalation no more: there was no such trouble. None for one not counted."""
    return [] if escalation.counted_in is None else _added(escalation, -1)


def of_tenant(tenant_id: str, months: Sequence[str]) -> list[Counted]:
    """Return what was counted in a tenant in these months, twelve at most; one call."""
    keys = [(month, _tenant_key(tenant_id, month, shard)) for month in months for shard in range(SHARDS)]
    return _read(keys)


def of_project(tenant_id: str, project_id: str, months: Sequence[str]) -> list[Counted]:
    """Return what was counted in a project in these months, twelve at most; one call."""
    return _read([(month, _project_key(tenant_id, project_id, month)) for month in months])


def month_of(moment: str) -> str:
    """Return the month of an instant, as `2026-11`, in UTC."""
    return moment[:7]


def _added(escalation: Escalation, times: int) -> list[Add]:
    month = escalation.counted_in or month_of(escalation.created_at)
    of = f"{escalation.kind}_{escalation.reason_code}"
    amounts = {f"{_RAISED}_{of}": times, f"{_DAYS}_{of}": times * (escalation.delay_days or 0)}
    amounts = {name: by for name, by in amounts.items() if by}
    shard = zlib.crc32(escalation.project_id.encode()) % SHARDS
    return [
        Add(_project_key(escalation.tenant_id, escalation.project_id, month), amounts),
        Add(_tenant_key(escalation.tenant_id, month, shard), dict(amounts)),
    ]


def _read(keys: Sequence[tuple[str, Key]]) -> list[Counted]:
    items = table.get_many([key for _, key in keys])
    found: dict[tuple[str, str, str], tuple[int, int]] = {}
    for (month, _), item in zip(keys, items, strict=True):
        for kind, reason, escalations, days in _counters(item or {}):
            before = found.get((month, kind, reason), (0, 0))
            found[month, kind, reason] = before[0] + escalations, before[1] + days
    return [Counted(*which, *counted) for which, counted in sorted(found.items()) if counted[0]]


def _counters(item: Mapping[str, Any]) -> Iterator[tuple[str, str, int, int]]:
    for name, count in item.items():
        measure, _, of = name.partition("_")
        if measure == _RAISED:
            kind, _, reason = of.partition("_")
            yield kind, reason, count, item.get(f"{_DAYS}_{of}", 0)


def _project_key(tenant_id: str, project_id: str, month: str) -> Key:
    return Key(project_members.partition(tenant_id, project_id), f"DELAYS#{month}")


def _tenant_key(tenant_id: str, month: str, shard: int) -> Key:
    return Key(f"TENANT#{tenant_id}#DELAYS", f"{month}#{shard}")
