"""What the figures are taken with: a caller, goals with every text as long as it may be, a task, the requests."""

import json
import os
from dataclasses import dataclass
from typing import Any

from functions.goals import goals, progress
from functions.goals.goals import Goal
from functions.goals.progress import Ledger
from functions.goals.tasks import tasks
from functions.goals.tasks.tasks import Task
from shared import clock, ids
from shared.callers import auth
from shared.callers.auth import Caller
from shared.clock import Instant
from shared.storage import attributes
from shared.storage.attributes import Item
from tests.aws.entries import appsync_event, http_event
from tests.identity.access_tokens.issuer import Issuer

USER_ID = ids.new("user")
TENANT_ID = ids.new("tenant")
START = clock.now() - 100 * clock.DAY
CHANGED = START + 99 * clock.DAY
END = START + 200 * clock.DAY
LISTED = 20
DAYS = 1_096
"""The days of three years, one of them a leap year."""

ENVIRONMENT = {
    "ADDRESS_RATE_LIMIT": "200/1000",
    "AWS_ACCESS_KEY_ID": "bench",
    "AWS_SECRET_ACCESS_KEY": "bench",
    "AWS_DEFAULT_REGION": "eu-west-1",
    "CREDENTIAL_RATE_LIMIT": "2/400",
    "LOG_LEVEL": "INFO",
    "NO_PROXY": "127.0.0.1",
    "POWERTOOLS_METRICS_NAMESPACE": "Milepost",
    "POWERTOOLS_SERVICE_NAME": "milepost",
    # One caller sends thousands a second here, and is to be treated as one who stays far below their rate.
    "RATE_LIMIT": "1000000/1000000",
    "REGISTRATION_RATE_LIMIT": "1/50",
    "STAGE": "local",
    "TABLE_NAME": "milepost",
    "TOKEN_AUDIENCE": "milepost-local",
    "TOKEN_ISSUER": "https://milepost.example",
}


@dataclass(frozen=True)
class Scene:
    """The events of the requests by how their paths end, and what the table answers while they run."""

    events: dict[str, dict[str, Any]]
    field_event: dict[str, Any]
    authorizer_event: dict[str, Any]
    rules: list[tuple[str, str]]


def goal(*, task_count: int, completed: int, goal_id: str) -> Goal:
    """Return an active goal of the caller with every text field at its longest, in ASCII."""
    opened = progress.open_ledger(start=START, end=END, task_share=70, opened_at=START)
    ledger = progress.change(
        opened,
        CHANGED,
        done_weight=completed,
        counted_weight=task_count,
        completed_tasks=completed,
        total_tasks=task_count,
    )
    return Goal(
        goal_id=goal_id,
        owner_id=USER_ID,
        tenant_id=TENANT_ID,
        title="t" * 100,
        status="active",
        time_zone="America/Argentina/ComodRivadavia",
        ledger=ledger,
        created_at=START,
        updated_at=CHANGED,
        version=task_count + completed + 1,
        description="d" * 500,
        category="c" * 50,
        tags=[f"{number:050}" for number in range(20)],
        deadline=clock.to_rfc3339(END - 1)[:10],
        has_answers=True,
        due_bound=END,
    )


def page() -> list[Goal]:
    """Return the goals of a page and one more, which a list reads to know that it goes on; no two at the same time."""
    made = [goal(task_count=10 + number, completed=number, goal_id=ids.new("goal")) for number in range(LISTED + 1)]
    return [_earlier(each, number * 36 * 3_600 * clock.SECOND) for number, each in enumerate(made)]


def _earlier(shown: Goal, by: Instant) -> Goal:
    """Return a goal that has everything that happened to it behind it for longer."""
    ledger = shown.ledger
    since, first = (tuple(each and each - by for each in instants) for instants in (ledger.since, ledger.first))
    moved = {"start": ledger.start - by, "changed_at": ledger.changed_at - by, "since": since, "first": first}
    made, changed = shown.created_at - by, shown.updated_at - by
    return shown._replace(created_at=made, updated_at=changed, ledger=ledger._replace(**moved))


def history(shown: Goal) -> list[Ledger]:
    """Return a history of three years of daily changes that leads to the ledger of a goal, all of its tasks at last."""
    first = shown.ledger.changed_at - DAYS * clock.DAY
    ledgers = [progress.open_ledger(start=first, end=END, task_share=70, opened_at=first)]
    for day in range(1, DAYS):
        total = shown.ledger.total_tasks * day // DAYS
        # Every tenth day some of what was done is reopened.
        done = shown.ledger.completed_tasks * (day - 3 * (day % 10 == 0)) // DAYS
        counts = {"done_weight": done, "counted_weight": total, "completed_tasks": done, "total_tasks": total}
        ledgers.append(progress.change(ledgers[-1], first + day * clock.DAY, **counts))
    return [*ledgers, shown.ledger]


def task(goal_id: str) -> Task:
    """Return an active task of the caller's goal."""
    return Task(
        task_id=ids.new("task"),
        goal_id=goal_id,
        owner_id=USER_ID,
        created_by=USER_ID,
        title="t" * 100,
        weight=1,
        status="active",
        created_at=START,
        updated_at=START,
        version=1,
        tags=[f"{number:020}" for number in range(10)],
        due_at=END,
    )


def compose() -> Scene:
    """Return the scene, its token signed anew; it is good for two hours."""
    os.environ |= ENVIRONMENT
    issuer = Issuer(user_id=USER_ID, tenant_id=TENANT_ID)
    token = issuer.token(claims=issuer.claims(exp=clock.now() // clock.SECOND + 7200))
    shown = goal(task_count=10, completed=3, goal_id=ids.new("goal"))
    done = task(shown.goal_id)
    path = f"/api/v1/goals/{shown.goal_id}"
    headers = {"Authorization": f"Bearer {token}"}
    body = {"completion_note": "Done in the afternoon."}
    caller = Caller(USER_ID, TENANT_ID, ("owner",), frozenset({"goals:read"}), None, ("pwd",), None)
    return Scene(
        events={
            "progress": http_event("GET", f"{path}/progress", headers=headers),
            "complete": http_event("POST", f"{path}/tasks/{done.task_id}/complete", body, headers=headers),
            "goals": http_event("GET", "/api/v1/goals", headers=headers),
        },
        field_event=appsync_event(
            "Query",
            "goalProgress",
            {"goalId": shown.goal_id},
            resolver_context=auth.to_resolver_context(caller),
        ),
        authorizer_event={"authorizationToken": f"Bearer {token}", "requestHeaders": headers},
        rules=_rules(goals.to_item(shown), tasks.to_item(done), issuer),
    )


def _rules(goal_item: Item, task_item: Item, issuer: Issuer) -> list[tuple[str, str]]:
    """Return what DynamoDB answers to each operation: the goal, its task, a page, the key; nothing is revoked."""
    goal_stored, task_stored = attributes.dump(goal_item), attributes.dump(task_item)
    listed = [attributes.dump(goals.to_item(each)) for each in page()]
    rules = [
        ('"EPOCH"', {"Responses": {}, "UnprocessedKeys": {}}),
        (".GetItem", {"Item": goal_stored}),
        (".BatchGetItem", {"Responses": {"milepost": [goal_stored, task_stored]}, "UnprocessedKeys": {}}),
        (json.dumps(goals.LISTED), {"Items": listed, "Count": len(listed), "ScannedCount": len(listed)}),
        (".Query", {"Items": [attributes.dump(issuer.record)], "Count": 1, "ScannedCount": 1}),
        (".TransactWriteItems", {}),
    ]
    return [(marker, json.dumps(answer)) for marker, answer in rules]
