"""What requests ask of the table: how many calls, and what they cost, against a MiniStack of its own.

Read units are what the table answers as consumed; where that is less than DynamoDB's rule makes of the item's size
(half a unit for 4 KB, twice that for a consistent read), the rule counts.
"""

import json
import math
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from functions.goals import goal_writes, goals, points
from functions.goals.api import handler
from functions.goals.goals import Goal
from functions.goals.tasks import tasks
from infra.stage.ministack import CREDENTIALS, MiniStack
from shared import ids
from shared.callers import auth
from shared.storage import table
from tests.aws import hooks, ports
from tests.aws.entries import Context, http_event
from tests.aws.stored_items import size_of
from tests.bench import scene
from tests.bench.figures import Figure
from tests.conftest import make_table
from tests.identity.access_tokens.issuer import Issuer

SIZES = (10, 1_000, 10_000)
PAGE = 20
UNIT_BYTES = 4096

PROGRESS_UNITS, PROGRESS_UNITS_CONSISTENT = 0.5, 1.0
COMPLETING_CALLS = 2
CHART_CALLS = 2

PAGES = {
    "goals": "goals",
    "goals of a status": "goals?status=active",
    "goals by deadline": "goals?sort=deadline",
    "progress of goals": "goals/progress",
    "tasks": "goals/{goal_id}/tasks",
    "shares": "goals/{goal_id}/shares",
    "achievements": "milestone-achievements",
}

CHARTS = {"chart": "chart", "chart as a picture": "chart.svg", "forecast": "forecast"}


@dataclass
class Meter:
    """The calls that a client makes, and the read units they consume."""

    operations: list[str] = field(default_factory=list)
    units: float = 0.0

    def read(self) -> None:
        """Count what is asked of the table from now on."""
        hooks.register("provide-client-params.dynamodb", self._ask)
        hooks.register("after-call.dynamodb", self._note)

    def reset(self) -> None:
        """Begin at nothing."""
        self.operations, self.units = [], 0.0

    def _ask(self, params: dict[str, Any], **_: Any) -> None:
        params["ReturnConsumedCapacity"] = "TOTAL"

    def _note(self, parsed: dict[str, Any], model: Any, **_: Any) -> None:
        self.operations.append(model.name)
        consumed = parsed.get("ConsumedCapacity", [])
        self.units += sum(each["CapacityUnits"] for each in (consumed if isinstance(consumed, list) else [consumed]))


def measure() -> list[Figure]:
    """Return the figures of reading progress, of lists, of charts, and of completing a task."""
    with own_table() as (meter, headers):
        stored = [_stored_goal(size) for size in SIZES]
        figures = [figure for goal in stored for figure in _progress(goal, meter, headers)]
        figures += _completing(stored[0], meter, headers)
        figures += _charts(stored[-1], meter, headers)
        for _ in range(PAGE - len(SIZES)):
            _stored_goal(1)
        return figures + _pages(stored[-1], meter, headers)


@contextmanager
def own_table() -> Iterator[tuple[Meter, dict[str, str]]]:
    """Yield a meter of Milepost's client, on a MiniStack of its own, and the headers of a caller."""
    with TemporaryDirectory() as folder:
        ministack = MiniStack(state=Path(folder), port=ports.free())
        ministack.start()
        os.environ |= {**scene.ENVIRONMENT, **CREDENTIALS, "AWS_ENDPOINT_URL": ministack.endpoint}
        hooks.forget()
        auth.forget()
        try:
            make_table()
            issuer = Issuer(user_id=scene.USER_ID, tenant_id=scene.TENANT_ID).publish()
            meter = Meter()
            meter.read()
            headers = {"Authorization": f"Bearer {issuer.token()}"}
            call("GET", "goals", headers)  # from here on the token is known to be good
            yield meter, headers
        finally:
            ministack.stop()
            hooks.forget()


def call(method: str, path: str, headers: dict[str, str], body: Any = None) -> Any:
    """Return what is answered to a request, which must succeed."""
    return json.loads(_answered(method, path, headers, body))


def _answered(method: str, path: str, headers: dict[str, str], body: Any = None) -> str:
    route, _, query = path.partition("?")
    answer = handler(http_event(method, f"/api/v1/{route}", body, headers=headers, query=query), Context())
    if answer["statusCode"] not in {200, 201}:
        raise RuntimeError(f"{method} {path} answered {answer}")
    return str(answer["body"])


def _stored_goal(size: int) -> Goal:
    """Return a goal with so many tasks; one is there to be completed, of the others half are."""
    goal = scene.goal(task_count=size, completed=size // 3, goal_id=ids.new("goal"))
    table.transact(goal_writes.written(None, goal, goal.updated_at))
    table.put_many([tasks.to_item(scene.task(goal.goal_id)) for _ in range(size)])
    return goal


def _progress(goal: Goal, meter: Meter, headers: dict[str, str]) -> list[Figure]:
    item_bytes = size_of(goals.to_item(goal))
    by_rule = math.ceil(item_bytes / UNIT_BYTES)
    name = f"progress, {goal.ledger.total_tasks:,} tasks"
    meter.reset()
    call("GET", f"goals/{goal.goal_id}/progress", headers)
    figures = [
        Figure(f"{name}: calls", len(meter.operations), "", 1),
        Figure(f"{name}: read units", max(meter.units, by_rule / 2), "", PROGRESS_UNITS),
    ]
    meter.reset()
    call("GET", f"goals/{goal.goal_id}/progress?consistent=true", headers)
    consistent = Figure(f"{name}: read units, consistent", max(meter.units, by_rule), "", PROGRESS_UNITS_CONSISTENT)
    return [
        *figures,
        consistent,
        Figure(f"{name}: its item, every text at its longest", item_bytes, "bytes", UNIT_BYTES),
    ]


def _completing(goal: Goal, meter: Meter, headers: dict[str, str]) -> list[Figure]:
    task_id = call("GET", f"goals/{goal.goal_id}/tasks?limit=1", headers)["items"][0]["task_id"]
    meter.reset()
    call("POST", f"goals/{goal.goal_id}/tasks/{task_id}/complete", headers)
    return [Figure("completing a task: calls", len(meter.operations), "", COMPLETING_CALLS)]


def _charts(goal: Goal, meter: Meter, headers: dict[str, str]) -> list[Figure]:
    past = [points.to_item(goal.partition, goal.goal_id, ledger) for ledger in scene.history(goal)[:-1]]
    table.put_many(past)
    figures = []
    for name, path in CHARTS.items():
        meter.reset()
        _answered("GET", f"goals/{goal.goal_id}/{path}", headers)
        which = f"{name}, {goal.ledger.total_tasks:,} tasks, three years of daily changes"
        figures.append(Figure(f"{which}: calls", len(meter.operations), "", CHART_CALLS))
    by_rule = math.ceil(sum(size_of(item) for item in past) / UNIT_BYTES)
    return [*figures, Figure("… read units, consistent", max(meter.units, by_rule + PROGRESS_UNITS), "")]


def _pages(goal: Goal, meter: Meter, headers: dict[str, str]) -> list[Figure]:
    figures = []
    for name, path in PAGES.items():
        meter.reset()
        listed = call("GET", path.format(goal_id=goal.goal_id), headers)
        figures.append(Figure(f"a page of {name}: queries", meter.operations.count("Query"), "", 1))
        if path == "goals":
            figures.append(
                Figure(f"{len(listed['items'])} goals with their progress: calls", len(meter.operations), "", 1)
            )
    return figures
