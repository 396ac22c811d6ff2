"""A table made by an earlier version becomes what this version writes: in pieces, beside live traffic, and only once.

`table-of-shape-1.json` holds items as the last version without migrations wrote them, but for its events.
"""

import json
from pathlib import Path
from typing import Any

import pytest

from functions.goals import goals, listings
from infra.commands import migrate
from infra.commands.migrate import Pace
from infra.commands.migrations import SHAPE, STEPS
from infra.commands.migrations.goals import Mender
from infra.commands.migrations.step import Step
from shared.storage import table
from shared.storage.attributes import Item, Key
from tests.goals.conftest import Stored
from tests.goals.people import Person

BEFORE: list[Item] = json.loads(Path(__file__).with_name("table-of-shape-1.json").read_text(encoding="utf-8"))
LISTED = {"GoalStatus", "GoalCategory", "GoalTag"}


@pytest.fixture
def quick_table() -> None:
    """Nothing stands in for moto, which knows how to scan."""


def migrated() -> migrate.Done | None:
    return migrate.run(STEPS, pace=Pace(1_000_000), wait=lambda _: None)


def wanted(items: list[Item]) -> dict[Any, Item]:
    """Return what this version would have written for the goals that are there: their entries, and the counts."""
    made: dict[Any, Item] = {}
    for goal in (goals.from_item(item) for item in items if item.get("entity") == "Goal"):
        made |= listings.entries(goal)
        counts = made.setdefault(goals.counts_key(goal.owner_id), {f"{each}_goals": 0 for each in goals.STATUSES})
        counts[f"{goal.status}_goals"] += 1
    return made


def held(items: dict[Any, Item]) -> dict[Any, Item]:
    """Return the entries and the counts of a table; how often those changed, and their key, are of no interest."""
    without = ("PK", "SK", "changes")
    return {
        key: {name: value for name, value in item.items() if name not in without} if key[1] == "COUNTS" else item
        for key, item in items.items()
        if item.get("entity") in LISTED or key[1] == "COUNTS"
    }


@pytest.fixture
def old(aws: None) -> list[Item]:
    """A table of shape 1."""
    table.put_many(BEFORE)
    return BEFORE


def test_the_table_becomes_what_this_version_writes(old: list[Item], stored: Stored):
    assert held(stored()) != wanted(old)

    migrated()

    assert held(stored()) == wanted(old)
    rest = {
        (item["PK"], item["SK"]): item for item in old if item.get("entity") not in LISTED and item["SK"] != "COUNTS"
    }
    assert {key: item for key, item in stored().items() if key in rest} == rest


def test_it_is_done_once_and_the_table_says_so(old: list[Item], stored: Stored):
    first, after_first = migrated(), stored()
    second = migrated()

    assert first is not None
    assert first.looked_at >= len(old)
    assert second is None
    assert stored() == after_first
    assert after_first["TABLE", "SHAPE"]["shape"] == SHAPE


def test_whatever_is_right_is_not_written_again(old: list[Item], stored: Stored):
    migrated()
    before = stored()

    units = [Mender()(item) for item in old if item.get("entity") == "Goal"]

    assert units == [0] * len(units)
    assert stored() == before


def test_an_empty_table_has_the_shape_at_once(aws: None, stored: Stored):
    done = migrated()

    assert (done and done.looked_at, stored()["TABLE", "SHAPE"]["shape"]) == (0, SHAPE)


@pytest.mark.parametrize("pages", [1, 2, 4])
def test_it_goes_on_where_it_was_stopped(pages: int, old: list[Item], stored: Stored, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(migrate, "ITEMS_AT_ONCE", 5)
    waited = 0

    def stop(_: float) -> None:
        nonlocal waited
        waited += 1
        if waited == pages:
            raise KeyboardInterrupt

    seen: list[str] = []
    noting = Step(shape=SHAPE, entity="Goal", begin=lambda: lambda item: seen.append(item["goal_id"]) or 0)
    with pytest.raises(KeyboardInterrupt):
        migrate.run([*STEPS, noting], pace=Pace(1_000_000), wait=stop)
    migrate.run([*STEPS, noting], pace=Pace(1_000_000), wait=lambda _: None)

    assert sorted(seen) == sorted(item["goal_id"] for item in old if item.get("entity") == "Goal")
    assert held(stored()) == wanted(old)


def test_a_position_of_other_steps_is_not_gone_on_from(old: list[Item], stored: Stored):
    table.put_many(
        [{"PK": "TABLE", "SK": "SHAPE", "entity": "Shape", "shape": 1, "target": 1, "position": {"PK": "~", "SK": "~"}}]
    )

    migrated()

    assert held(stored()) == wanted(old)


def test_a_goal_that_changed_since_it_was_read_is_mended_as_it_is(ada: Person, stored: Stored):
    goal = ada.sets_goal(category="health", tags=["run"], deadline="2026-12-31")
    path = f"/goals/{goal['goal_id']}"
    items = stored()
    table.delete_many([Key(*key) for key, item in items.items() if item.get("entity") in LISTED])
    read = items[goals.key(ada.user_id, goal["goal_id"])]
    ada.patch(path, {"tags": ["far"]})

    Mender()(read)

    items = stored()
    assert held(items) == wanted(list(items.values()))


def test_a_goal_that_is_gone_since_it_was_read_gets_nothing(ada: Person, stored: Stored):
    goal = ada.sets_goal(category="health", tags=["run"])
    read = stored()[goals.key(ada.user_id, goal["goal_id"])]
    ada.delete(f"/goals/{goal['goal_id']}")

    Mender()(read)

    assert [item for item in stored().values() if item.get("entity") in LISTED] == []


def test_counts_that_were_begun_by_this_version_are_completed(old: list[Item], stored: Stored):
    owner = next(item["owner_id"] for item in old if item.get("entity") == "Goal")
    pk, sk = goals.counts_key(owner)
    table.put_many([{"PK": pk, "SK": sk, "active_goals": 2, "paused_goals": 1, "changes": 3}])

    migrated()

    assert held(stored()) == wanted(old)
    assert stored()[pk, sk]["changes"] == 3


def test_so_many_units_a_second_and_no_more():
    pace = Pace(100)

    waits = [pace.pause(units, at) for units, at in ((50, 0.0), (100, 0.5), (0, 9.0), (100, 9.0))]

    assert waits == [0.5, 1.0, 0.0, 1.0]
