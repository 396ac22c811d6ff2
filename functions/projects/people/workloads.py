"""How much work somebody has: a counter of each user in a tenant, added to in the transactions that it follows from.

It holds what the milestones that they own and that are open take of their time, and how often they were on time.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final, NamedTuple

from functions.projects.people import owners
from functions.projects.people.owners import Owner, View
from shared.storage import table
from shared.storage.attributes import Item, Key
from shared.storage.writes import Add

FULL: Final = 100
"""The workload, in percent, above which somebody has too much to do."""


class Workload(NamedTuple):
    """The workload of somebody in percent of their time; of their approved milestones, those with a last day.

    `due` counts these, and `on_time` those of them that were completed by then.
    """

    percent: int = 0
    due: int = 0
    on_time: int = 0


def key(tenant_id: str, user_id: str) -> Key:
    """Return the key of the counter of a user in a tenant."""
    return Key(f"USER#{user_id}", f"WORKLOAD#{tenant_id}")


def of(item: Item | None) -> Workload:
    """Return what a counter says; nothing without one."""
    return Workload(**{name: max(0, (item or {}).get(name, 0)) for name in Workload._fields})


def of_people(tenant_id: str, user_ids: Sequence[str]) -> dict[str, Workload]:
    """Return the workloads of people; one call for each hundred."""
    keys = [key(tenant_id, each) for each in user_ids]
    items = table.get_many(keys, consistent=True) if keys else []
    return {each: of(item) for each, item in zip(user_ids, items, strict=True)}


def shown(owner: Owner, workload: Workload | None) -> View:
    """Return what is seen of an owner with all the work that they have; without one, that is not for the reader."""
    view = owners.view(owner)
    if workload is None or owner.is_team:
        return view
    return view | {"total_workload_percent": workload.percent, "is_overloaded": workload.percent > FULL}


def taken(tenant_id: str, owned: Iterable[Owner]) -> list[Add]:
    """Return the writes by which owners take work on; teams have none."""
    return _added(tenant_id, _sums(owned))


def given_back(tenant_id: str, owned: Iterable[Owner]) -> list[Add]:
    """Return the writes by which owners have less to do."""
    return _added(tenant_id, {user_id: -percent for user_id, percent in _sums(owned).items()})


def closed(tenant_id: str, owned: Iterable[Owner], *, is_on_time: bool | None) -> list[Add]:
    """Return the writes by which the owners of a closed milestone have less to do.

    `is_on_time` counts for its primary owner; None if it had no last day, or was cancelled.
    """
    found = [each for each in owned if not each.is_team]
    writes = []
    for each in found:
        amounts = {"percent": -each.workload_percent}
        if each.role == "primary" and is_on_time is not None:
            amounts |= {"due": 1, "on_time": int(is_on_time)}
        amounts = {name: by for name, by in amounts.items() if by}
        writes += [Add(key(tenant_id, each.user_id), amounts)] if amounts else []
    return writes


def _sums(owned: Iterable[Owner]) -> dict[str, int]:
    sums = dict[str, int]()
    for each in owned:
        if not each.is_team:
            sums[each.user_id] = sums.get(each.user_id, 0) + each.workload_percent
    return sums


def _added(tenant_id: str, sums: Mapping[str, int]) -> list[Add]:
    return [Add(key(tenant_id, user_id), {"percent": by}) for user_id, by in sums.items() if by]
