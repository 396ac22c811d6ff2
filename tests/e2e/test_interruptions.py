"""No event is lost: four writers are at work while the stage is stopped, and while its functions are killed.

Nor is a clock that is paused meanwhile.

It has a stage of its own, for nobody else could use one that is stopped.
"""

import json
import os
import random
import signal
import subprocess
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from infra.local import __main__ as local
from infra.local import stream
from infra.stage import deployment
from infra.stage.client import call
from infra.stage.deployment import Addresses
from infra.stage.ministack import MiniStack
from infra.stage.sign_in import SignIn, sign_in
from tests.e2e.account import ago, client_of, table_name, write
from tests.e2e.conftest import ROOT, port_of
from tests.e2e.endpoints import until
from tests.webhooks.receiver import Receiver, receiving

PATIENCE_SECONDS = 300
WRITERS = 4
TASKS_EACH = 12
MOST_KILLED = 10
JAMMED = {"kind": "technical", "severity": "critical", "reason_code": "supplier", "details": "The wheel jams."}
LEVELS = [{"targets": [{"owner_role": "primary"}]}, {"targets": [{"role": "manager"}]}]
SUBJECT = ("project_id", "project_milestone_id")
WAITING = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
KILLED = ("FunctionsOutbox", "FunctionsNotificationsConsumers")


@pytest.fixture(scope="module")
def ministack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[MiniStack]:
    """A MiniStack with the app deployed, stopped in the end."""
    folder = tmp_path_factory.mktemp("interrupted")
    made = MiniStack(state=folder / "state", port=port_of(folder, "interrupted"))
    made.start()
    try:
        deployment.deploy(root=ROOT, ministack=made, report=lambda _: None)
        yield made
    finally:
        made.stop()


@pytest.fixture
def stage(ministack: MiniStack) -> Addresses:
    return deployment.addresses(ministack)


@pytest.fixture
def me(stage: Addresses) -> SignIn:
    """Somebody whom nobody else tells of what happens."""
    email = f"{os.urandom(8).hex()}@milepost.example"
    return sign_in(api_url=stage.api_url, email=email, password=os.urandom(18).hex(), display_name="Ada")


@pytest.fixture
def receiver(stage: Addresses, me: SignIn) -> Iterator[Receiver]:
    """A server that is told of every task that is added."""
    with receiving() as told:
        asked = {"url": told.url, "event_types": ["goals.task.added"]}
        assert (
            call("POST", f"{stage.api_url}/api/v1/webhook-endpoints", body=asked, token=me.access_token).status == 201
        )
        yield told


def test_an_orderly_stop_among_writers_loses_no_event(
    ministack: MiniStack, stage: Addresses, me: SignIn, receiver: Receiver
) -> None:
    half, acknowledged = threading.Event(), list[str]()
    writers = begin(stage, me, acknowledged, then=half.set)
    assert half.wait(PATIENCE_SECONDS)
    local.down(ministack)
    for writer in writers:
        writer.join()
    ministack.start()
    stream.catch_up(ministack, lambda _: None)
    added = events_in_table(stage, me)
    arrive(receiver, added)

    assert set(acknowledged) <= set(added.values())
    assert {message.webhook_id for message in receiver.messages} == set(added)
    assert deliveries(stage, me) == Counter(dict.fromkeys(added, 1))


def test_killed_functions_lose_no_event_and_do_nothing_twice(
    ministack: MiniStack, stage: Addresses, me: SignIn, receiver: Receiver
) -> None:
    come_back_soon(stage)
    chance, acknowledged = random.Random(10), list[str]()  # noqa: S311 - a test that can be repeated
    writers = begin(stage, me, acknowledged)
    killed = 0
    while any(writer.is_alive() for writer in writers):
        # A new process takes seconds to start where two cores run everything: more would let none do anything.
        killed += kill_one(ministack, chance) if killed < MOST_KILLED else 0
        writers[0].join(chance.uniform(0.2, 2))
    added = events_in_table(stage, me)
    arrive(receiver, added)

    assert killed > 0
    assert set(acknowledged) <= set(added.values())
    assert {message.webhook_id for message in receiver.messages} == set(added)
    assert deliveries(stage, me) == Counter(dict.fromkeys(added, 1))


def test_a_stop_while_an_escalation_is_paused_loses_no_level(
    ministack: MiniStack, stage: Addresses, me: SignIn
) -> None:
    def asks(method: str, path: str, body: Any = None) -> Any:
        answer = call(method, f"{stage.api_url}/api/v1{path}", body=body, token=me.access_token)
        assert answer.status in (200, 201), answer.text
        return answer.json()

    mine = asks("GET", "/auth/me")
    raised = paused(asks, mine["user_id"])
    local.down(ministack)
    ministack.start()
    stream.catch_up(ministack, lambda _: None)
    kept = asks("GET", f"/escalations/{raised['escalation_id']}")

    # The time passes, and the schedule fires twice.
    place = f"TENANT#{mine['tenant_id']}#PMS#{raised['project_milestone_id']}"
    write(stage, place, f"ESCALATION#{raised['escalation_id']}", respond_by=ago(timedelta(hours=1)))
    fires(stage, {"tenant_id": mine["tenant_id"], **{each: raised[each] for each in SUBJECT}}, times=2)
    happened = asks("GET", f"/project-milestones/{raised['project_milestone_id']}/history")["items"]
    risen = asks("GET", f"/escalations/{raised['escalation_id']}")

    assert kept == raised
    assert kept["respond_by"] > ago(timedelta(days=-3))
    assert (kept["level"], risen["level"]) == (1, 2)
    assert [each["event_type"] for each in happened].count("projects.escalation.escalated") == 1


def paused(asks: Callable[..., Any], user_id: str) -> Any:
    """Raise an escalation whose clock stands still: no hour of the next three days is a business hour."""
    day = (datetime.now(UTC) + timedelta(days=4)).strftime("%A").lower()
    project_id = asks("POST", "/projects", {"name": "Engine", "currency": "EUR", "working_days": [day]})["project_id"]
    asks("POST", "/escalation-policies", {"name": "Office", "calendar": "business", "levels": LEVELS})
    draft = {"title": "Mill", "kind": "deliverable"}
    milestone_id = asks("POST", f"/projects/{project_id}/project-milestones", draft)["project_milestone_id"]
    asks("POST", f"/project-milestones/{milestone_id}/owners", {"user_id": user_id, "role": "primary"})
    return asks("POST", "/escalations", {"project_milestone_id": milestone_id, **JAMMED})


def fires(stage: Addresses, message: dict[str, str], *, times: int) -> None:
    """Let the schedule of a milestone fire, and wait until everything is done of it."""
    sqs = client_of(stage, "sqs")
    queue_url = sqs.get_queue_url(QueueName="milepost-local-ProjectTimers-Queue")["QueueUrl"]
    for _ in range(times):
        sqs.send_message(QueueUrl=queue_url, MessageBody=json.dumps(message))

    def left() -> set[str]:
        return set(sqs.get_queue_attributes(QueueUrl=queue_url, AttributeNames=WAITING)["Attributes"].values())

    assert until(lambda: left() == {"0"})


def begin(
    stage: Addresses, me: SignIn, acknowledged: list[str], then: Callable[[], object] = lambda: None
) -> list[threading.Thread]:
    """Begin writing, each to a goal of their own, until the API is gone; `then` is called when half is done."""
    goals = f"{stage.api_url}/api/v1/goals"
    made = [call("POST", goals, body={"title": "Run"}, token=me.access_token).json()["goal_id"] for _ in range(WRITERS)]

    def write(goal_id: str) -> None:
        for number in range(TASKS_EACH):
            try:
                answer = call("POST", f"{goals}/{goal_id}/tasks", body={"title": f"{number}"}, token=me.access_token)
            except OSError:
                return
            if answer.status == 201:
                acknowledged.append(answer.json()["task_id"])
            if len(acknowledged) >= WRITERS * TASKS_EACH // 2:
                then()

    writers = [threading.Thread(target=write, args=(goal_id,)) for goal_id in made]
    for writer in writers:
        writer.start()
    return writers


def arrive(receiver: Receiver, added: dict[str, str]) -> None:
    """Wait until all of these events have come."""
    give_up = time.monotonic() + PATIENCE_SECONDS
    while not set(added) <= {message.webhook_id for message in receiver.messages} and time.monotonic() < give_up:
        time.sleep(0.2)


def events_in_table(stage: Addresses, me: SignIn) -> dict[str, str]:
    """Return the task that each event of an added task tells of, by the id of the event."""
    scan = client_of(stage, "dynamodb").get_paginator("scan")
    my_id = call("GET", f"{stage.api_url}/api/v1/auth/me", token=me.access_token).json()["user_id"]
    items = scan.paginate(TableName=table_name(stage)).build_full_result()["Items"]
    return {
        item["event_id"]["S"]: item["data"]["M"]["task_id"]["S"]
        for item in items
        if item.get("event_type", {}).get("S") == "goals.task.added" and item["entity"]["S"] == "Event"
        if item["data"]["M"]["owner_id"]["S"] == my_id
    }


def deliveries(stage: Addresses, me: SignIn) -> Counter[str]:
    """Return how many deliveries there are of each event, all of them delivered in the end."""
    address = f"{stage.api_url}/api/v1/webhook-endpoints"
    (endpoint,) = call("GET", address, token=me.access_token).json()["items"]
    address = f"{address}/{endpoint['endpoint_id']}/deliveries?limit=100"
    give_up, shown = time.monotonic() + PATIENCE_SECONDS, list[dict[str, Any]]()
    while time.monotonic() < give_up:
        shown = call("GET", address, token=me.access_token).json()["items"]
        if all(each["status"] == "delivered" for each in shown):
            break
        time.sleep(0.2)
    assert {each["status"] for each in shown} == {"delivered"}
    return Counter(each["event_id"] for each in shown)


def come_back_soon(stage: Addresses) -> None:
    """Let what a killed consumer had come again within a minute, and not after six times its time-out."""
    sqs = client_of(stage, "sqs")
    for url in sqs.list_queues(QueueNamePrefix="milepost-local-")["QueueUrls"]:
        sqs.set_queue_attributes(QueueUrl=url, Attributes={"VisibilityTimeout": "45"})


def kill_one(ministack: MiniStack, chance: random.Random) -> int:
    """Kill a process of ours in which one of these functions runs, and return how many that were."""
    pid = (ministack.state / "ministack.pid").read_text().split()[0]
    children = subprocess.run(["pgrep", "-P", pid], capture_output=True, text=True, check=False).stdout.split()
    running = [child for child in children if any(name in environment_of(child) for name in KILLED)]
    if not running:
        return 0
    os.kill(int(chance.choice(running)), signal.SIGKILL)
    return 1


def environment_of(pid: str) -> str:
    try:
        return Path(f"/proc/{pid}/environ").read_text(errors="replace")
    except OSError:
        return ""
