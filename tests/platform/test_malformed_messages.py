"""A message that no consumer can read fails alone: the others of its batch are handled, whatever their order."""

import json
import random
from collections.abc import Callable
from typing import Any

import boto3
import pytest

from functions.goals.listening import consumers as progress_consumers
from functions.goals.schedules import consumers as schedule_consumers
from functions.identity.audit import consumers as audit_consumers
from functions.milestones import consumers as milestones_consumers
from functions.milestones import schedule_consumers as milestone_schedule_consumers
from functions.milestones.projects import consumers as history_consumers
from functions.webhooks import consumers as webhooks_consumers
from functions.webhooks import delivery_consumers
from tests.aws.entries import Context
from tests.aws.messages import batch
from tests.aws.scheduler import make_surroundings

TENANT = "tenant_01KAEY3VJ00000000000000T00"
GOAL = {"owner_id": "user_01KAFX3V5N8T2J6Q4W9Y7ZC0DE", "goal_id": "goal_01KAFX3V5N8T2J6Q4W9Y7ZC0DE", "goal_version": 1}
MILESTONE = "3f2504e0-4f89-41d3-9a0c-0305e82c3301"
TRACKED = {"milestone_uid": MILESTONE, "project_id": "project_1"}
DELIVERY = {
    "tenant_id": TENANT,
    "endpoint_id": "endpoint_01KAEY3VJ0G3Q6M0R5T9W2X4Z8",
    "event_id": "evt_01KAEY3VJ0G3Q6M0R5T9W2X4Z8",
}
MALFORMED = [
    "",
    "{",
    "null",
    "[]",
    '"detail"',
    "{}",
    '{"detail": null}',
    '{"detail": {}}',
    '{"detail": {"event_id": "evt_1"}}',
]

Handler = Callable[[dict[str, Any], Any], dict[str, Any]]


def event(kind: str, subject: str, content: dict[str, Any], **changed: Any) -> str:
    """Return the message of an event."""
    told: dict[str, Any] = {
        "event_id": "evt_01KAEY3VJ0G3Q6M0R5T9W2X4Z8",
        "event_type": kind,
        "version": 1,
        "occurred_at": "2026-11-20T09:30:00.000Z",
        "tenant_id": TENANT,
        "subject_id": subject,
        "data": content,
    }
    return json.dumps({"source": "milepost", "detail": told | changed})


# Each consumer with a message that it takes, about something that there is not.
CONSUMERS: dict[str, tuple[Handler, tuple[str, str, dict[str, Any]]]] = {
    "audit": (audit_consumers.handler, ("identity.user.renamed", "user_1", {"user_id": "user_1"})),
    "schedules of goals": (schedule_consumers.handler, ("goals.goal.updated", GOAL["goal_id"], GOAL)),
    "progress": (progress_consumers.handler, ("goals.goal.updated", GOAL["goal_id"], GOAL)),
    "schedules of milestones": (
        milestone_schedule_consumers.handler,
        ("milestones.milestone.updated", MILESTONE, TRACKED),
    ),
    "history": (history_consumers.handler, ("milestones.milestone.updated", MILESTONE, TRACKED)),
    "sync": (milestones_consumers.handler, ("milestones.milestone.sync_requested", MILESTONE, TRACKED)),
    "webhooks": (webhooks_consumers.handler, ("goals.goal.updated", GOAL["goal_id"], GOAL)),
}
CHANGES: list[dict[str, Any]] = [
    {"event_id": "evt_1"},
    {"event_id": None},
    {"event_id": ["evt_01KAEY3VJ0G3Q6M0R5T9W2X4Z8"]},
    {"event_type": 5},
    {"tenant_id": ""},
    {"tenant_id": None},
    {"tenant_id": {"id": TENANT}},
    {"subject_id": None},
    {"occurred_at": 1_795_167_000},
    {"data": "goal_1"},
    {"data": None},
    {"version": "2"},
    {"version": 0},
]


@pytest.fixture(autouse=True)
def _surroundings(aws: None, monkeypatch: pytest.MonkeyPatch) -> None:
    make_surroundings(monkeypatch)
    for name in ("Deliveries", "Retries"):
        url = boto3.client("sqs").create_queue(QueueName=name)["QueueUrl"]
        monkeypatch.setenv(f"{name.upper()}_QUEUE_URL", url)


def failed_of(handler: Handler, bodies: list[str]) -> list[str]:
    """Return the bodies of the messages that a consumer answers as failed."""
    failed = {each["itemIdentifier"] for each in handler(batch(bodies), Context())["batchItemFailures"]}
    return [body for number, body in enumerate(bodies) if f"message-{number}" in failed]


@pytest.mark.parametrize("name", CONSUMERS)
def test_malformed_messages_fail_alone(name: str) -> None:
    handler, (event_type, subject_id, data) = CONSUMERS[name]
    malformed = [*MALFORMED, *(event(event_type, subject_id, data, **change) for change in CHANGES)]
    sound = event(event_type, subject_id, data)
    for seed in range(20):
        bodies = [*malformed, sound, sound]
        random.Random(seed).shuffle(bodies)  # noqa: S311 - an order that can be repeated

        assert sorted(failed_of(handler, bodies)) == sorted(malformed), f"seed {seed}"


@pytest.mark.parametrize("name", CONSUMERS)
def test_an_event_of_the_next_version_is_read_without_what_is_new(name: str) -> None:
    handler, (event_type, subject_id, data) = CONSUMERS[name]

    later: dict[str, Any] = {"version": 9, "actor": {"kind": "robot"}, "concerns": "everybody", "state": []}

    assert failed_of(handler, [event(event_type, subject_id, data, region="eu-central-1", **later)]) == []


def test_a_malformed_request_for_a_delivery_fails_alone() -> None:
    malformed = [*MALFORMED, json.dumps(DELIVERY | {"event_id": "evt_1"}), json.dumps(DELIVERY | {"endpoint_id": "x"})]

    assert failed_of(delivery_consumers.handler, [json.dumps(DELIVERY), *malformed]) == malformed
