"""What changes cost in write units, on a MiniStack: every item that a change writes, by DynamoDB's rule of its size.

The emulator says less than the rule makes of an item in the index, so the rule counts.
"""

from collections.abc import Callable
from typing import Any

import boto3

from shared import config, ids
from shared.storage import attributes
from tests.aws.stored_items import Stored, write_units
from tests.bench.figures import Figure
from tests.bench.table_calls import call, own_table

CREATING = 12
ENTRY = 3
COMPLETING = 10

GOAL = {
    "title": "Run the marathon of Berlin in less than four hours",
    "description": "Train four times a week, and never two days in a row with more than 20 km. Sleep eight hours.",
    "time_zone": "Europe/Berlin",
}
TAGS = ["running", "berlin", "2027"]


def measure() -> list[Figure]:
    """Return the figures of creating a goal and of completing a task, each with an idempotency key."""
    with own_table() as (_, headers):

        def change(path: str, body: Any = None) -> Callable[[], Any]:
            keyed = {**headers, "idempotency-key": ids.new("key")}
            return lambda: call("POST", path, keyed, body)

        goal, creating = _cost_of(change("goals", GOAL))
        _, entries = _cost_of(change("goals", {**GOAL, "category": "health", "tags": TAGS}))
        path = f"goals/{goal['goal_id']}/tasks"
        task, *_ = [change(path, {"title": f"Run {number} km"})() for number in range(10, 20)]
        _, completing = _cost_of(change(f"{path}/{task['task_id']}/complete"))
    return judged(creating=creating, entry=(entries - creating) / (1 + len(TAGS)), completing=completing)


def judged(*, creating: int, entry: float, completing: int) -> list[Figure]:
    """Return the figures of what changes cost."""
    return [
        Figure("creating a goal without category and tags, with a key", creating, "", CREATING),
        Figure("… each category or tag more", entry, "", ENTRY),
        Figure("completing a task, with a key", completing, "", COMPLETING),
    ]


def _cost_of(change: Callable[[], Any]) -> tuple[Any, int]:
    """Return what a change answers, and what it costs."""
    before = _stored()
    answer = change()
    return answer, write_units(before, _stored())


def _stored() -> Stored:
    pages = boto3.client("dynamodb").get_paginator("scan").paginate(TableName=config.table_name())
    items = [attributes.load(raw) for page in pages for raw in page["Items"]]
    return {(item["PK"], item["SK"]): item for item in items if item.get("entity") != "RateLimit"}
