"""What changes cost in write units, which DynamoDB counts by the KB (`docs/dynamodb_single_table_model.md`)."""

import json
import math
from typing import Any

import pytest

from functions.goals import goals as goal_entity
from functions.goals import listings
from tests.aws.stored_items import write_units
from tests.goals.conftest import Stored, Travel
from tests.goals.people import Person

CREATING, COMPLETING, ENTRY = 12, 10, 3
USUAL = {
    "title": "Run the marathon of Berlin in less than four hours",
    "description": "Train four times a week, and never two days in a row with more than 20 km. Sleep eight hours.",
    "deadline": "2027-09-26",
    "time_zone": "Europe/Berlin",
}


@pytest.fixture(autouse=True)
def _november(travel: Travel) -> None:
    travel("2026-11-20T12:00:00Z")


def cost_of_creating(person: Person, stored: Stored, **fields: object) -> int:
    before = stored()
    answer = person.post("/goals", USUAL | fields, key="a key of ours")
    assert answer.status == 201
    return write_units(before, stored())


def test_creating_a_goal_with_a_key_costs_12_units(ada: Person, stored: Stored):
    assert cost_of_creating(ada, stored) == CREATING


def test_an_entry_for_a_category_or_a_tag_costs_3_units_more(ada: Person, stored: Stored):
    cost = cost_of_creating(ada, stored, category="health", tags=["running", "berlin"])

    assert cost == CREATING + 3 * ENTRY


@pytest.mark.parametrize("note", [None, "2 h 04 min, knees fine, and the last three kilometres faster than planned."])
def test_completing_a_task_with_a_key_costs_10_units(note: str | None, ada: Person, stored: Stored):
    goal_id = ada.sets_goal(**USUAL)["goal_id"]
    task, *_ = [ada.adds_task(goal_id) for _ in range(5)]
    before = stored()

    answer = ada.post(f"/goals/{goal_id}/tasks/{task['task_id']}/complete", {"completion_note": note}, key="done")

    assert answer.body["status"] == "completed"
    assert write_units(before, stored()) == COMPLETING


def test_an_entry_costs_three_units_and_only_what_changed_is_written(ada: Person):
    """Two for an item of up to 1 KB in a transaction, and one in the index."""
    longest = {"category": "🏃" * 50, "tags": [f"{number:02}{'#' * 48}" for number in range(20)]}
    goal_id = ada.sets_goal(**longest, deadline="2026-12-31")["goal_id"]
    before = goal_entity.of_ids(ada.user_id, [goal_id])[0]
    sizes = [len(json.dumps(item, ensure_ascii=False).encode()) for item in listings.entries(before).values()]

    assert [3 * math.ceil(size / 1024) for size in sizes] == [3] * 22
    assert listings.written(before, before._replace(title="Another", version=2)) == []
    another_tag = [*before.tags[:19], "another"]
    assert len(listings.written(before, before._replace(tags=another_tag))) == 2
    assert len(listings.written(before, before._replace(category=None))) == 1
    assert len(listings.written(before, before._replace(status="paused"))) == 44


CHANGED: dict[str, Any] = {
    "title": "Another",
    "status": "paused",
    "time_zone": "Europe/Berlin",
    "updated_at": 1,
    "version": 2,
    "description": "Said anew",
    "category": None,
    "tags": ["run", "near"],
    "deadline": "2027-01-01",
    "has_answers": True,
    "due_bound": 1,
    "overdue_end": 1,
    "revised": (1,) * 7,
}


@pytest.mark.parametrize("name", [*CHANGED, "end", "start"])
def test_entries_are_written_when_they_change_and_only_then(name: str, ada: Person):
    goal_id = ada.sets_goal(category="health", tags=["run", "far"], deadline="2026-12-31")["goal_id"]
    before = goal_entity.of_ids(ada.user_id, [goal_id])[0]
    changed = {name: CHANGED[name]} if name in CHANGED else {"ledger": before.ledger._replace(**{name: 1})}
    after = before._replace(**changed)

    have_changed = listings.entries(before) != listings.entries(after)
    assert have_changed == (name in {"status", "category", "tags", "end"})
    assert (listings.written(before, after) != []) == have_changed
