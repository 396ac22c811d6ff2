"""What changes cost in write units, which DynamoDB counts by the KB (`docs/dynamodb_single_table_model.md`)."""

import pytest

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
