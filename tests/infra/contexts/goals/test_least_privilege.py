"""What the functions of goals really call, held against what their roles allow: an emulator hides the gap."""

import json

import pytest

from functions.goals.removal import consumers as removal_consumers
from functions.goals.schedules import consumers, schedules
from functions.goals.transfer import stages
from shared import clock
from shared.callers import auth
from shared.messaging import timers
from shared.messaging.timers import SHARDS, Timer
from shared.storage import table
from tests.aws.entries import Context
from tests.aws.messages import batch
from tests.aws.scheduler import make_surroundings
from tests.goals.schedules.consuming import consume
from tests.infra.callers import goals, signed_in
from tests.infra.permissions import allowed, used

__all__ = ["used"]

OVERDUE = {"start_at": "2026-01-01T00:00:00Z", "deadline": "2026-01-30"}


def test_goals_call_what_their_role_allows_and_no_more(used: set[str]) -> None:
    token = signed_in()
    used.clear()
    auth.forget()
    goal_id = goals(token, "POST", "/goals", {"title": "Run a marathon"}).body["goal_id"]
    task_id = goals(token, "POST", f"/goals/{goal_id}/tasks", {"title": "Run"}).body["task_id"]
    goals(token, "POST", f"/goals/{goal_id}/tasks/{task_id}/complete")
    goals(token, "GET", "/goals")
    goals(token, "GET", "/goals", query="status=active")
    goals(token, "PUT", f"/goals/{goal_id}/shares/user_01KAFWZZ2C4E6G8J0K3M5N7PQR", {"role": "viewer"})
    goals(token, "POST", "/goals/import", {"title": "Brought along", "start_at": "2026-01-01T00:00:00Z", "history": []})
    goals(token, "DELETE", f"/goals/{goal_id}")

    # A share's check of the membership is a ConditionCheckItem, which nobody to share with never reaches.
    assert used | {"ConditionCheckItem"} == allowed("functions.goals.api.handler")


def test_removals_call_what_their_role_allows_and_no_more(used: set[str], removals_queue: str) -> None:
    owner_id, goal_id = "user_01KAFX3V5N8T2J6Q4W9Y7ZC0DE", "goal_01KAFX3V5N8T2J6Q4W9Y7ZC0DE"
    table.put_many([stages.to_item(owner_id, goal_id, clock.now())])
    used.clear()
    swept = [removal_consumers.handler({"action": "sweep", "shard": n}, Context())["given_up"] for n in range(SHARDS)]
    message = {"owner_id": owner_id, "goal_id": goal_id}
    answer = removal_consumers.handler(batch([json.dumps(message)]), Context())

    assert sum(swept) == 1
    assert answer == {"batchItemFailures": []}
    assert used == allowed("functions.goals.removal.consumers.handler")


def test_the_looks_at_goals_call_what_their_role_allows_and_no_more(
    used: set[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    make_surroundings(monkeypatch)
    token = signed_in()
    goal = goals(token, "POST", "/goals", {"title": "Run a marathon", **OVERDUE}).body
    message = {"owner_id": goal["owner_id"], "goal_id": goal["goal_id"]}
    returned = {"returned_id": goal["owner_id"], "cursor": None}
    used.clear()
    answers = [consume(json.dumps(each)) for each in (message, returned)]
    noted = {*used}
    tomorrow = clock.to_rfc3339(clock.now() + clock.DAY)[:10]
    goals(token, "PATCH", f"/goals/{goal['goal_id']}", {"deadline": tomorrow})
    consume(json.dumps(message))
    goals(token, "POST", f"/goals/{goal['goal_id']}/complete")
    used.clear()
    answers.append(consume(json.dumps(message)))
    used |= noted
    key = schedules.appointment_key(goal["owner_id"], "goal_1")
    lost = Timer(schedules.KIND, "goal_1", "tenant_1", clock.now(), message)
    table.put_many([{"PK": key.pk, "SK": key.sk, **timers.attributes(lost, look_at=clock.now())}])
    used.discard("BatchWriteItem")
    swept = [consumers.handler({"action": "sweep", "shard": n}, Context())["lost"] for n in range(SHARDS)]

    assert sum(swept) == 1
    assert answers == [{"batchItemFailures": []}] * 3
    assert used == allowed("functions.goals.schedules.consumers.handler")
