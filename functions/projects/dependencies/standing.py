"""Which dependencies of a milestone are open, and why. Pure.

A cancelled prerequisite never satisfies one. A condition that cannot be evaluated leaves its dependency open.
"""

from collections.abc import Mapping
from typing import Any, Final, Literal, NamedTuple

from functions.projects.dependencies import dependencies, facts
from functions.projects.dependencies.dependencies import Dependency, Type
from functions.projects.projects import Project
from shared.calendars import working_days
from shared.conditions import conditions
from shared.conditions.errors import ExpressionError
from shared.instants import Instant, from_stored
from shared.storage import records
from shared.storage.attributes import Item, Key
from shared.storage.writes import ABSENT, Check, Condition, unchanged

Reason = Literal["not_there", "not_started", "not_finished", "not_verified", "not_paid", "lag", "condition_failed"]

_FINISHED: Final = frozenset({"completed", "verified", "approved"})
_STATUSES: Final[Mapping[Type, tuple[frozenset[str], Reason]]] = {
    "finish_to_start": (_FINISHED, "not_finished"),
    "finish_to_finish": (_FINISHED, "not_finished"),
    "verified_to_start": (frozenset({"verified", "approved"}), "not_verified"),
    "payment_to_start": (frozenset({"completed", "verified", "approved"}), "not_paid"),
    "start_to_start": (_FINISHED | {"in_progress", "rejected"}, "not_started"),
    "start_to_finish": (_FINISHED | {"in_progress", "rejected"}, "not_started"),
}
"""In which statuses of the prerequisite a dependency is satisfied, and what it is until then."""
_SINCE: Final[Mapping[Type, str]] = {
    "finish_to_start": "completed_at",
    "finish_to_finish": "completed_at",
    "verified_to_start": "verified_at",
    "payment_to_start": "completed_at",
    "start_to_start": "started_at",
    "start_to_finish": "started_at",
}
"""From which moment of the prerequisite a lag counts."""


class Prerequisite(NamedTuple):
    """What is read of a milestone that another depends on."""

    project_milestone_id: str
    title: str
    status: str
    kind: str
    progress: int
    attempt: int
    version: int
    priority: str = "medium"
    weight: int = 1
    start_on: str | None = None
    due_on: str | None = None
    moments: Mapping[str, str] = {}
    escalated_from: str | None = None

    @property
    def standing(self) -> str:
        """Its status; while it is escalated, the one that it was escalated from."""
        return self.escalated_from or self.status


class Found(NamedTuple):
    """A prerequisite that was read, the billing beside it, and where both lie."""

    key: Key
    item: Item | None
    billing_key: Key
    billing: Item | None

    @property
    def is_paid(self) -> bool:
        """Whether the whole amount was asked for, and no invoice of it is open any more."""
        return self.billing is not None and self.billing["is_committed"] and not self.billing["open_invoices"]


class Open(NamedTuple):
    """A dependency that is open, and why."""

    dependency: Dependency
    reason: Reason

    @property
    def view(self) -> dict[str, str]:
        """What callers see of it."""
        return {"from_id": self.dependency.from_id, "reason": self.reason}


class Read(NamedTuple):
    """What is read to judge the dependencies of a milestone: its prerequisites by their ids, and the project."""

    found: Mapping[str, Found]
    project: Project

    def open(self, milestone: Any, types: frozenset[Type], now: Instant) -> list[Open]:
        """Return the dependencies of these types that are open and not optional."""
        judged = [
            (each, self.reason(milestone, each, now))
            for each in dependencies.of(milestone.dependencies)
            if each.type in types and not each.is_optional
        ]
        return [Open(each, reason) for each, reason in judged if reason is not None]

    def reason(self, milestone: Any, dependency: Dependency, now: Instant) -> Reason | None:
        """Return why a dependency of a milestone is open, None if it is satisfied or its condition is not true."""
        found = self.found[dependency.from_id]
        if found.item is None:
            return "not_there"
        prerequisite = records.from_item(Prerequisite, found.item)
        try:
            if not self._applies(milestone, prerequisite, dependency, now):
                return None
        except ExpressionError:
            return "condition_failed"
        satisfying, reason = _STATUSES[dependency.type]
        if prerequisite.standing not in satisfying or (dependency.type == "payment_to_start" and not found.is_paid):
            return reason
        return "lag" if now < self._holds_until(prerequisite.moments, dependency) else None

    def next_end(self, milestone: Any, types: frozenset[Type], now: Instant) -> Instant | None:
        """Return when the next lag ends that a milestone waits for, None for none that is under way."""
        ends = [
            self._holds_until(prerequisite.moments, each)
            for each in dependencies.of(milestone.dependencies)
            if each.type in types and each.holds and (item := self.found[each.from_id].item) is not None
            if _SINCE[each.type] in (prerequisite := records.from_item(Prerequisite, item)).moments
        ]
        return min((at for at in ends if at > now), default=None)

    def _holds_until(self, moments: Mapping[str, str], dependency: Dependency) -> Instant:
        return self._calendar().holds_until(from_stored(moments[_SINCE[dependency.type]]), dependency.lag_days)

    def _applies(self, milestone: Any, prerequisite: Prerequisite, dependency: Dependency, now: Instant) -> bool:
        if dependency.condition is None:
            return True
        condition = conditions.read(dependency.condition, facts.NAMES)
        values = facts.of(milestone, prerequisite, self.project)
        return conditions.holds(condition, values, now=now, time_zone=self.project.time_zone)

    def _calendar(self) -> working_days.Calendar:
        return working_days.of(self.project.working_days, self.project.holidays, self.project.time_zone)

    def checks(self, milestone: Any, types: frozenset[Type]) -> list[Check]:
        """Return the checks that the prerequisites are still as they were judged."""
        wanted = [
            each for each in dependencies.of(milestone.dependencies) if each.type in types and not each.is_optional
        ]
        checks: list[Check] = []
        for each in wanted:
            found = self.found[each.from_id]
            checks.append(Check(found.key, ABSENT if found.item is None else unchanged(found.item["version"])))
            if each.type == "payment_to_start":
                checks.append(Check(found.billing_key, _still(found.billing)))
        return checks


def _still(billing: Item | None) -> Condition:
    if billing is None:
        return ABSENT
    return Condition(
        "#open = :open AND #committed = :committed",
        {"#open": "open_invoices", "#committed": "is_committed"},
        {":open": billing["open_invoices"], ":committed": billing["is_committed"]},
    )
