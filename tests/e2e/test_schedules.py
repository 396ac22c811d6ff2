"""What time alone brings, on the deployed stage: it is announced while nobody looks."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import boto3

from infra.stage.client import call
from infra.stage.deployment import Addresses
from infra.stage.ministack import CREDENTIALS, REGION
from infra.stage.sign_in import SignIn
from shared import clock
from tests.e2e.endpoints import until


def test_a_milestone_is_announced_when_time_reaches_it(stack: Addresses, sign_up: Callable[[], SignIn]) -> None:
    token = sign_up().access_token
    api = f"{stack.api_url}/api/v1"
    # So that the function is there: what follows has to be done before time reaches the milestone.
    call("GET", f"{api}/milestone-achievements", token=token)
    soon = clock.now() + 20 * clock.SECOND
    deadline = clock.to_datetime(soon).date() + timedelta(days=30)
    goal = {
        "title": "Run a marathon",
        "weights": {"task": 0, "time": 100},
        "deadline": deadline.isoformat(),
        "start_at": clock.to_rfc3339(start_of(deadline, quarter_at=soon)),
    }
    set_ = call("POST", f"{api}/goals", body=goal, token=token).json()
    before = call("GET", f"{api}/milestone-achievements", token=token).json()["items"]
    first, second = (milestone["predicted_at"] for milestone in set_["milestones"][:2])
    announced = until(lambda: call("GET", f"{api}/milestone-achievements", token=token).json()["items"])

    assert before == []
    assert [(each["percentage"], each["achieved_at"]) for each in announced] == [(25, first)]
    assert until(lambda: schedule_of(stack, set_["goal_id"]) == to_the_second(second))


def start_of(deadline: date, *, quarter_at: clock.Instant) -> clock.Instant:
    """Return when a goal must have started for a quarter of its time to be over at an instant."""
    end = clock.from_rfc3339(f"{deadline + timedelta(days=1)}T00:00:00Z")
    return (4 * quarter_at - end) // 3


def schedule_of(stack: Addresses, goal_id: str) -> str:
    aws: dict[str, Any] = {
        "endpoint_url": stack.endpoint_url,
        "region_name": REGION,
        "aws_access_key_id": CREDENTIALS["AWS_ACCESS_KEY_ID"],
        "aws_secret_access_key": CREDENTIALS["AWS_SECRET_ACCESS_KEY"],
    }
    found = boto3.client("scheduler", **aws).list_schedules(GroupName="milepost-local", NamePrefix=goal_id)
    names = [each["Name"] for each in found["Schedules"]]
    if names != [goal_id]:
        return ""
    schedule = boto3.client("scheduler", **aws).get_schedule(Name=goal_id, GroupName="milepost-local")
    return schedule["ScheduleExpression"]


def to_the_second(instant: str) -> str:
    """Return the expression of a schedule at the first full second that is not before an instant."""
    at = clock.from_rfc3339(instant)
    return f"at({clock.to_datetime(-(-at // clock.SECOND) * clock.SECOND):%Y-%m-%dT%H:%M:%S})"


def test_a_milestone_that_is_late_is_escalated_while_nobody_looks(
    stack: Addresses, sign_up: Callable[[], SignIn]
) -> None:
    ada = sign_up()
    api = f"{stack.api_url}/api/v1"

    def ask(method: str, path: str, body: Any = None) -> Any:
        return call(method, f"{api}{path}", body=body, token=ada.access_token).json()

    me = ask("GET", "/auth/me")["user_id"]
    project = ask("POST", "/projects", {"name": "Engine No. 2", "currency": "EUR"})["project_id"]
    draft = {"title": "Mill assembled", "kind": "deliverable", "due_on": "2020-01-31", "priority": "critical"}
    milestone_id = ask("POST", f"/projects/{project}/project-milestones", draft)["project_milestone_id"]
    path = f"/project-milestones/{milestone_id}"
    ask("POST", f"{path}/owners", {"user_id": me, "role": "primary"})
    ask("POST", f"{path}/activate")
    (raised,) = until(lambda: ask("GET", f"/escalations?project_milestone_id={milestone_id}")["items"])

    assert (raised["trigger"], raised["raised_by"], raised["level"]) == ("overdue_milestone", "system", 1)
    assert until(lambda: schedule_of(stack, milestone_id)) == to_the_second(raised["respond_by"])
