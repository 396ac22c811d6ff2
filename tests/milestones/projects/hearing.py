"""Events of milestones, delivered to the history of their project."""

from collections.abc import Iterable
from typing import Any

from functions.milestones.projects import consumers as history_consumers
from shared.storage import events
from shared.storage.events import Event
from tests.aws.entries import Context
from tests.aws.messages import delivered
from tests.milestones.people import Person, happened

CHART = "/api/v1/projects/project_123/chart"
DONE: dict[str, Any] = {"batchItemFailures": []}


def heard(person: Person, uid: str) -> list[Event]:
    stored = [events.stored(item) for item in happened(person.tenant_id, uid)]
    return [each for each in stored if "sync" not in each.event_type]


def consume(heard: Iterable[Event]) -> dict[str, Any]:
    return history_consumers.handler(delivered(heard), Context())


def told(person: Person, *uids: str) -> None:
    """Deliver every event of milestones, the newest first."""
    assert consume(event for uid in uids for event in reversed(heard(person, uid))) == DONE
