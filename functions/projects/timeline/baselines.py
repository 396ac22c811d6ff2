"""The baseline of a project: how it was planned when somebody froze it. It has one, which the next replaces."""

from collections.abc import Mapping
from datetime import date
from typing import Final, NamedTuple

from shared.callers import project_members
from shared.storage import records
from shared.storage.attributes import Item, Key
from shared.storage.writes import ABSENT, Put, unchanged

_TO: Final = "/"


class Baseline(NamedTuple):
    """A baseline as it is stored; `days` are the first and the last of each milestone, by its id."""

    frozen_by: str
    frozen_at: str
    version: int
    days: Mapping[str, str]
    starts_on: str | None = None
    ends_on: str | None = None

    def of(self, milestone_id: str) -> tuple[date, date] | None:
        """Return the first and the last day of a milestone, None for one that was not there."""
        found = self.days.get(milestone_id)
        if found is None:
            return None
        first, last = found.split(_TO)
        return date.fromisoformat(first), date.fromisoformat(last)


def days(first: date, last: date) -> str:
    """Return days as a baseline holds them."""
    return f"{first}{_TO}{last}"


def key(tenant_id: str, project_id: str) -> Key:
    """Return the key of the baseline of a project."""
    return Key(project_members.partition(tenant_id, project_id), "BASELINE")


def of(item: Item | None) -> Baseline | None:
    """Return the baseline of an item, None if there is none yet."""
    return None if item is None else records.from_item(Baseline, item)


def written(place: Key, before: Baseline | None, after: Baseline) -> Put:
    """Return the write of a baseline in place of the one that was read."""
    return Put(records.to_item(place, "Baseline", after), ABSENT if before is None else unchanged(before.version))
