"""Tracked milestones on the deployed stage, with the reference evaluator as a real server on this machine."""

import json
import secrets
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import boto3
import pytest

from examples.evaluator.__main__ import serve
from examples.evaluator.contract import Evaluator
from examples.evaluator.deliveries import deliver_due, post_to
from examples.evaluator.store import Store
from infra.stage.client import call
from infra.stage.deployment import Addresses
from infra.stage.evaluator import WEBHOOK, introduce
from infra.stage.ministack import CREDENTIALS, REGION
from infra.stage.sign_in import SignIn
from tests.e2e.conftest import alone, port_of
from tests.e2e.endpoints import endpoint_of, until
from tests.webhooks.receiver import receiving


class Running:
    """The evaluator, what the stage knows it by, and what it does of its own accord."""

    def __init__(self, server: Any, said: dict[str, str], stack: Addresses) -> None:
        self.mood = server.RequestHandlerClass.mood
        self.evaluator: Evaluator = server.RequestHandlerClass.evaluator
        self.said = said
        self._post = post_to(stack.api_url + WEBHOOK)

    def observes(self, kpi_id: str, value: int) -> int:
        """See a value today, tell of what it changes, and return how many webhooks were taken."""
        self.evaluator.observe(kpi_id, datetime.now(UTC).date(), Decimal(value))
        return deliver_due(self.evaluator, self._post, secret=self.said["webhook_secret"])


@pytest.fixture
def running(stack: Addresses, folder: Path) -> Iterator[Running]:
    """The evaluator of the stage, which has one: the processes of this run take turns, at one address."""
    with alone(folder, "evaluator"):
        yield from _running(stack, port_of(folder, "evaluator"))


def _running(stack: Addresses, port: int) -> Iterator[Running]:
    keys = {name.lower(): CREDENTIALS[name] for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY")}
    client = boto3.client("secretsmanager", endpoint_url=stack.endpoint_url, region_name=REGION, **keys)
    said = introduce(client)
    server = serve(Evaluator(Store(":memory:"), said["api_key"]), port=port)
    described = {"Filters": [{"Key": "description", "Values": ["evaluator"]}]}
    arn = next(
        each["ARN"]
        for each in client.list_secrets(**described, MaxResults=100)["SecretList"]
        if "evaluator of tracked" in each.get("Description", "")
    )
    said["url"] = f"http://127.0.0.1:{server.server_port}"
    client.put_secret_value(SecretId=arn, SecretString=json.dumps(said))
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    health = f"{stack.api_url}/api/v1/milestones/health"
    until(lambda: call("GET", health).json()["evaluator"] == "reachable")
    yield Running(server, said, stack)
    server.shutdown()
    thread.join()
    server.server_close()
    server.RequestHandlerClass.evaluator.store.close()


def test_what_the_evaluator_reports_completes_moves_the_project_and_is_told(
    stack: Addresses, sign_up: Callable[[], SignIn], running: Running
) -> None:
    me, url, kpi_id = sign_up(), f"{stack.api_url}/api/v1/milestones", secrets.token_hex(4)
    scopes = ["milestones:read", "milestones:write"]
    asked = {"service_name": "growth", "scopes": scopes}
    key = call("POST", f"{stack.api_url}/api/v1/keys", body=asked, token=me.access_token).json()["key"]
    service = {"x-api-key": key}
    draft = {"project_id": "project_123", "kpi_id": kpi_id, "target": 1000000}
    with receiving() as receiver:
        endpoint = endpoint_of(me, stack, receiver, event_types=["milestones.milestone.completed"])
        created = call("POST", url, body=draft, headers=service).json()
        taken = running.observes(kpi_id, 1050000)
        shown = call("GET", f"{url}/{created['milestone_uid']}?consistent=true", headers=service).json()
        project = f"{stack.api_url}/api/v1/projects/project_123/progress"
        far = until(lambda: moved(call("GET", project, headers=service).json()))
        (message,) = until(lambda: receiver.messages)
        told = message.verified(endpoint["secret"])

    assert (created["status"], created["forse_synced"], taken) == ("created", True, 1)
    assert (shown["status"], shown["is_completed"], shown["current_value"]) == ("completed", True, 1050000)
    assert (far["counts"]["completed"], far["weighted_progress"]) == (1, 100)
    assert told["data"]["milestone_uid"] == created["milestone_uid"]


def moved(progress: dict[str, Any]) -> dict[str, Any] | None:
    return progress if progress["counts"]["completed"] else None


def test_a_project_keeps_its_history_when_its_milestones_are_gone(
    stack: Addresses, sign_up: Callable[[], SignIn]
) -> None:
    me, url, project_id = sign_up(), f"{stack.api_url}/api/v1/milestones", secrets.token_hex(4)
    draft = {"project_id": project_id, "kpi_id": "tvl", "target": 5, "sync_to_forse": False}
    created = call("POST", url, body=draft, token=me.access_token).json()
    call("DELETE", f"{url}/{created['milestone_uid']}", token=me.access_token)
    chart = f"{stack.api_url}/api/v1/projects/{project_id}/chart"
    # There is nothing but what the consumer of the events has kept.
    kept = until(lambda: seen(call("GET", chart, token=me.access_token)))

    assert [sample["total_milestones"] for sample in kept["samples"]] == [0, 0]
    assert kept["forecast"]["state"] == "empty"


def seen(answer: Any) -> dict[str, Any] | None:
    return dict(answer.json()) if answer.status == 200 else None


def test_what_the_evaluator_did_not_hear_the_queue_tells_it(
    stack: Addresses, sign_up: Callable[[], SignIn], running: Running
) -> None:
    me, url, kpi_id = sign_up(), f"{stack.api_url}/api/v1/milestones", secrets.token_hex(4)
    running.mood.down = True
    draft = {"project_id": "project_123", "kpi_id": kpi_id, "target": 5}
    created = call("POST", url, body=draft, token=me.access_token).json()
    running.mood.down = False
    address = f"{url}/{created['milestone_uid']}?consistent=true"
    shown = until(lambda: in_step(call("GET", address, token=me.access_token).json()))

    assert created["forse_synced"] is False
    assert shown["forse_milestone_id"] in {each["id"] for each in running.evaluator.store.all()}


def in_step(milestone: dict[str, Any]) -> dict[str, Any] | None:
    return milestone if milestone["forse_synced"] else None


def test_the_described_examples_work_with_the_plain_key_on_a_laptop(
    stack: Addresses, sign_up: Callable[[], SignIn], running: Running
) -> None:
    me, url = sign_up(), f"{stack.api_url}/api/v1/milestones"
    draft = {"project_id": "project_123", "kpi_id": "tvl", "target": 1000000, "sync_to_forse": True}
    created = call("POST", url, body=draft, token=me.access_token).json()
    address = f"{url}/{created['milestone_uid']}"
    patched = call("PATCH", address, body={"target": 1500000}, token=me.access_token).json()
    said = {"milestone_id": created["forse_milestone_id"], "status": "completed", "current_value": 1500000}
    plain = {"x-api-key": running.said["webhook_api_key"]}
    received = call("POST", stack.api_url + WEBHOOK, body=said, headers=plain)
    refused = call("POST", stack.api_url + WEBHOOK, body=said, headers={"x-api-key": "another"})
    shown = call("GET", f"{address}?consistent=true", token=me.access_token).json()
    lines = call("GET", f"{url}/export?project_id=project_123", token=me.access_token).text.splitlines()
    deleted = call("DELETE", address, token=me.access_token).json()

    assert patched["forse_effect"]["new_target"] == 1500000
    assert (received.status, refused.status, shown["status"]) == (200, 401, "completed")
    assert [json.loads(line)["milestone_uid"] for line in lines] == [created["milestone_uid"]]
    assert deleted == {"milestone_uid": created["milestone_uid"], "status": "deleted", "forse_deleted": True}
