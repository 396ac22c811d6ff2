"""Lists of goals: small entries beside each goal, in the order of its creation, and in the index in that of its end.

Every goal has an entry for its status, one for its category and one for each tag. The status comes before the order in
every key, so that a list of several statuses is one query for each, merged. An entry is written when what its keys say
has changed; progress, titles and tasks touch none (decision 0034).
"""

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final, Literal, NamedTuple

from functions.goals.goals import STATUSES
from shared import clock
from shared.clock import Instant
from shared.storage import cursors, table
from shared.storage.attributes import Item, Key
from shared.storage.writes import Condition, Delete, Put, Write

if TYPE_CHECKING:
    from functions.goals.goals import Goal

MOST_LOOKED_AT: Final = 500
"""How many entries of a status a page looks at, where the order does not serve the filter."""

_INSTANT = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z"
_PLACES: Final = {
    "created": re.compile(rf"{_INSTANT}#goal_[0-9A-Z]{{26}}", re.ASCII),
    "deadline": re.compile(rf"{_INSTANT}#{_INSTANT}#goal_[0-9A-Z]{{26}}", re.ASCII),
}
# Later than every deadline; `$` comes after the `#` that ends an instant, `~` after all that a place is made of.
_NO_END: Final = "9999-12-31T23:59:59.999Z"
_FIRST, _LAST, _AFTER = "", "~", "$"

Window = tuple[str, str]
EVERYTHING: Final[Window] = (_FIRST, _LAST)


class Asked(NamedTuple):
    """What a list is asked for: which statuses, in which order, and one filter at most."""

    statuses: Sequence[str] = STATUSES
    order: Literal["created", "deadline"] = "created"
    descending: bool = True
    category: str | None = None
    tag: str | None = None
    due_after: Instant | None = None
    due_before: Instant | None = None
    is_overdue: bool | None = None

    @property
    def list_id(self) -> str:
        """Return what tells this list from every other, for its cursors."""
        return hashlib.sha256(repr((*self, sorted(self.statuses))[1:]).encode()).hexdigest()[:16]

    @property
    def is_of_all(self) -> bool:
        """Tell whether it is the list of all goals in the order of their creation, which needs no entries."""
        return self.order == "created" and set(self.statuses) == {*STATUSES} and self[3:] == (None,) * 5

    def window(self, status: str, now: Instant) -> Window | None:
        """Return between which ends the goals of a status are asked for, None for none of them."""
        if self.is_overdue is not None and status != "active":
            return None if self.is_overdue else EVERYTHING
        if self.is_overdue is not None:
            return (_FIRST, _until(now)) if self.is_overdue else (_from(now), _LAST)
        if self.due_after is None and self.due_before is None:
            return EVERYTHING
        low = _FIRST if self.due_after is None else _from(self.due_after)
        return low, _NO_END if self.due_before is None else _until(self.due_before)

    def takes(self, goal: "Goal", now: Instant) -> bool:
        """Tell whether a goal, as it is, belongs into the list; its entry may have been read a moment before it."""
        window = self.window(goal.status, now) if goal.status in self.statuses else None
        if window is None or not window[0] <= _end(goal) + "#" <= window[1]:
            return False
        return (self.category is None or goal.category == self.category) and (self.tag is None or self.tag in goal.tags)


def entries(goal: "Goal") -> dict[Key, Item]:
    """Return the entries of a goal by their keys."""
    created = f"{clock.to_rfc3339(goal.created_at)}#{goal.goal_id}"
    made = {}
    for entity, name in _lists(goal):
        pk, sk = goal.partition, f"{_prefix(entity, name, goal.status)}{created}"
        made[Key(pk, sk)] = {
            "PK": pk,
            "SK": sk,
            "GSI1PK": pk,
            "GSI1SK": f"{_index_prefix(entity, name, goal.status)}{_end(goal)}#{created}",
            "entity": entity,
            "goal_id": goal.goal_id,
        }
    return made


def written(before: "Goal | None", after: "Goal | None") -> list[Write]:
    """Return the writes that bring the entries of a goal from one version to the next; what stays is not written."""
    # Completing a task changes none; making the entries of twenty tags twice would be a quarter of its time.
    if before is not None and after is not None and _listed_by(before) == _listed_by(after):
        return []
    old: Mapping[Key, Item] = {} if before is None else entries(before)
    new: Mapping[Key, Item] = {} if after is None else entries(after)
    gone: list[Write] = [Delete(key) for key in old if key not in new]
    return [*gone, *(Put(item) for key, item in new.items() if old.get(key) != item)]


def page(partition: str, asked: Asked, *, limit: int, place: str | None, now: Instant) -> tuple[list[str], str | None]:
    """Return the ids of up to `limit` goals after a place, and the place to go on from; one query for each status.

    It may be fewer when the order does not serve the filter: then 500 entries of each status are looked at.
    Raises Malformed for a place that this list cannot have.
    """
    if place is not None and not _PLACES[asked.order].fullmatch(place):
        raise cursors.foreign()
    found: dict[str, str] = {}
    come_to: list[str] = []
    for status in asked.statuses:
        window = asked.window(status, now)
        if window is not None:
            items, last = _query(partition, asked, status, window, limit=limit, place=place)
            found |= items
            come_to += [] if last is None else [last]
    # Beyond where a query ended, goals of its status may come between.
    horizon = (max if asked.descending else min)(come_to, default=None)
    places = sorted(found, reverse=asked.descending)
    if horizon is not None:
        places = [each for each in places if (each >= horizon if asked.descending else each <= horizon)]
    shown = places[:limit]
    return [found[each] for each in shown], shown[-1] if len(places) > limit else horizon


def _query(
    partition: str, asked: Asked, status: str, window: Window, *, limit: int, place: str | None
) -> tuple[dict[str, str], str | None]:
    """Return the goals of a status by their places, and how far that went: one query, none for an empty range."""
    entity, name = _asked_list(asked)
    by_end = asked.order == "deadline"
    of_table, of_index = _prefix(entity, name, status), _index_prefix(entity, name, status)
    prefix, names = (of_index, "GSI1SK") if by_end else (of_table, "SK")
    low, high = _after(place, window if by_end else EVERYTHING, descending=asked.descending)
    if low > high:
        return {}, None
    is_filtered = not by_end and window != EVERYTHING
    where = Condition(
        "#end BETWEEN :soonest AND :latest",
        {"#end": "GSI1SK"},
        {":soonest": of_index + window[0], ":latest": of_index + window[1]},
    )
    items, last = table.between(
        partition,
        prefix + low,
        prefix + high,
        limit=MOST_LOOKED_AT if is_filtered else limit + 1,
        index=by_end,
        newest_first=asked.descending,
        where=where if is_filtered else None,
    )
    found = {item[names].removeprefix(prefix): str(item["goal_id"]) for item in items}
    return found, None if last is None else last.removeprefix(prefix)


def _after(place: str | None, window: Window, *, descending: bool) -> Window:
    """Return what is left of a window after a place; all places of an order are equally long."""
    low, high = window
    if place is None:
        return window
    if descending:
        return low, min(high, place[:-1] + chr(ord(place[-1]) - 1))
    return max(low, f"{place}!"), high


def _listed_by(goal: "Goal") -> tuple[Any, ...]:
    """Return what the entries of a goal are made of, apart from what never changes of it."""
    return goal.status, goal.ledger.end, goal.category, [*goal.tags]


def _lists(goal: "Goal") -> Iterator[tuple[str, str]]:
    yield "GoalStatus", ""
    if goal.category is not None:
        yield "GoalCategory", goal.category
    for tag in goal.tags:
        yield "GoalTag", tag


def _asked_list(asked: Asked) -> tuple[str, str]:
    if asked.category is not None:
        return "GoalCategory", asked.category
    return ("GoalStatus", "") if asked.tag is None else ("GoalTag", asked.tag)


def _prefix(entity: str, name: str, status: str) -> str:
    return f"{entity.upper()}#{_escaped(name)}{status}#"


def _index_prefix(entity: str, name: str, status: str) -> str:
    return f"ENTITY#{entity}#{_escaped(name)}{status}#"


def _escaped(name: str) -> str:
    """Return a category or tag as part of a key, where `#` parts one from the next."""
    return f"{name.replace('%', '%25').replace('#', '%23')}#" if name else ""


def _end(goal: "Goal") -> str:
    return _NO_END if goal.ledger.end is None else clock.to_rfc3339(goal.ledger.end)


def _from(instant: Instant) -> str:
    """Return what places sort after whose end is later than the instant."""
    return clock.to_rfc3339(instant + 1)


def _until(instant: Instant) -> str:
    """Return what places sort before whose end is the instant or earlier."""
    return f"{clock.to_rfc3339(instant)}{_AFTER}"
