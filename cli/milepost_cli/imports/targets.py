"""The goal that a row belongs to: that of the command, one that is there, or one that the import sets.

What several rows say of a goal to be set is put together. Where two goals have the title of a row, none is guessed.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

from milepost_cli import moments, references
from milepost_cli.account import Account
from milepost_cli.imports import dates
from milepost_cli.imports.readings import GoalReading, Reading, Unreadable
from milepost_cli.names import folded
from milepost_cli.stops import Misused, NotFound

_UTC = "UTC"


@dataclass(frozen=True, kw_only=True)
class Target:
    """A goal with the zone that its days are days of: with its id, or with the draft of one to be set."""

    title: str
    zone: ZoneInfo
    goal_id: str | None = None
    draft: Mapping[str, Any] | None = None


class Targets:
    """The goals of one import. `only` is that of all rows, `time_zone` the zone that the command has named."""

    def __init__(self, account: Account, *, only: Mapping[str, Any] | None, time_zone: str | None) -> None:
        self._account = account
        self._only = only
        self._time_zone = time_zone
        self._by_id: dict[str, Mapping[str, Any] | None] = {}
        self._new: dict[str, GoalReading] = {}

    def join(self, reading: Reading) -> None:
        """Take in what a row says of its goal. Raises Unreadable when it cannot be, or when earlier rows disagree."""
        said = reading.goal
        if said is None or self._there(said.title) is not None:
            return
        if said.time_zone is not None:
            _zone(said.time_zone)
        key = folded(said.title)
        self._new[key] = _merged(self._new.get(key), said)

    def of(self, reading: Reading) -> Target:
        """Return the goal of a row, after all rows have joined. Raises Unreadable."""
        there = self._only if reading.goal is None else self._there(reading.goal.title)
        if there is not None:
            zone = _zone(self._time_zone or there["time_zone"])
            return Target(title=there["title"], zone=zone, goal_id=there["goal_id"])
        if reading.goal is None:
            raise Unreadable("goal: is not named")
        said = self._new[folded(reading.goal.title)]
        return Target(title=said.title, zone=_zone(self._zone_name(said)), draft=self._draft(said))

    def _zone_name(self, said: GoalReading) -> str:
        return said.time_zone or self._time_zone or _UTC

    def _draft(self, said: GoalReading) -> dict[str, Any]:
        try:
            start_at = None if said.start is None else dates.start(said.start, _zone(self._zone_name(said)))
        except dates.NoDate as error:
            raise Unreadable(f"goal_start: {error}") from error
        draft = {
            "title": said.title,
            "deadline": None if said.deadline is None else dates.day(said.deadline).isoformat(),
            "start_at": start_at,
            "time_zone": said.time_zone or self._time_zone,
            "category": said.category,
            "description": said.description,
            "tags": None if said.tags is None else list(said.tags),
        }
        return {name: value for name, value in draft.items() if value is not None}

    def _there(self, title: str) -> Mapping[str, Any] | None:
        """Return the goal with this id or title, None when there is none. Raises Unreadable for several."""
        if references.is_id(title):
            return self._identified(title)
        found = self._by_title.get(folded(title), [])
        if len(found) > 1:
            ids = ", ".join(goal["goal_id"] for goal in found[:5])
            raise Unreadable(f"goal: {len(found)} goals have the title {title!r}; name one by its id: {ids}")
        return found[0] if found else None

    def _identified(self, goal_id: str) -> Mapping[str, Any]:
        if goal_id not in self._by_id:
            try:
                self._by_id[goal_id] = self._account.get(f"/goals/{goal_id}")
            except NotFound:
                self._by_id[goal_id] = None
        found = self._by_id[goal_id]
        if found is None:
            raise Unreadable(f"goal: there is no goal {goal_id}, or it is not shared with you")
        return found

    @cached_property
    def _by_title(self) -> dict[str, list[Mapping[str, Any]]]:
        goals: dict[str, list[Mapping[str, Any]]] = {}
        for goal in self._account.every("/goals"):
            goals.setdefault(folded(goal["title"]), []).append(goal)
        return goals


def _zone(name: str) -> ZoneInfo:
    try:
        return moments.zone(name)
    except Misused as error:
        raise Unreadable(f"goal_time_zone: {error}") from error


def _merged(earlier: GoalReading | None, said: GoalReading) -> GoalReading:
    """Return what is known of a goal with what one more row says. Raises Unreadable when that contradicts it."""
    if earlier is None:
        return said
    more: dict[str, Any] = {}
    for name in [each.name for each in fields(said) if each.name != "title"]:
        known, new = getattr(earlier, name), getattr(said, name)
        if new is not None and known is not None and new != known:
            raise Unreadable(f"goal_{name}: an earlier row says something else of {said.title!r}")
        more[name] = known if new is None else new
    return replace(earlier, **more)
