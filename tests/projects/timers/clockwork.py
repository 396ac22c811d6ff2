"""The schedules of milestones, their sweep, and what was announced; time is moved by the tests."""

import json
from collections import Counter
from collections.abc import Sequence
from typing import Any

from functions.projects.timers import consumers
from shared import clock, ids
from shared.messaging.timers import SHARDS
from shared.storage import events, table
from shared.storage.events import Event
from tests.aws import scheduler
from tests.aws.entries import Context
from tests.aws.messages import batch, delivered
from tests.projects.following.telling import of_milestone
from tests.projects.team import Person

DONE: dict[str, Any] = {"batchItemFailures": []}


class Timed(Context):
    """The call of a function that has a minute."""

    def get_remaining_time_in_millis(self) -> int:
        return 60_000


def id_of(path: str) -> str:
    return path.rpartition("/")[2]


def tell(person: Person, milestone: str) -> None:
    """Deliver all events of a milestone twice, the newest first."""
    happened = [each for each in reversed(of_milestone(person, milestone)) if is_heard(each)]
    for _ in range(2):
        assert consumers.handler(delivered(happened), Timed()) == DONE


def follow_time(*happened: Event) -> None:
    """Deliver events to the consumer once."""
    assert consumers.handler(delivered(happened), Timed()) == DONE


def pass_shards() -> None:
    """Sweep all shards."""
    for shard in range(SHARDS):
        consumers.handler({"action": "sweep", "shard": shard}, Timed())


def unpaid(person: Person, project: str, milestone: str) -> Event:
    """Return the event that a payment of a milestone has failed, and needs people."""
    payment_id = ids.new("pay")
    data = {"payment_id": payment_id, "payment_version": 9, "needs_people": True, "project_id": id_of(project)}
    return events.stored(
        events.occurred(
            "payments.payment.failed",
            partition=f"TENANT#{person.tenant_id}#PAY#{payment_id}",
            subject_id=payment_id,
            tenant_id=person.tenant_id,
            at=clock.now(),
            data={**data, "project_milestone_id": id_of(milestone)},
        ).item
    )


def is_heard(event: Event) -> bool:
    return not event.event_type.startswith(("projects.owner.", "projects.evidence."))


def fire(milestone: str, times: int = 1) -> None:
    """Let the schedule of a milestone fire; AWS may do so more than once."""
    message = scheduler.message_of(id_of(milestone))
    scheduler.remove(id_of(milestone))
    hand_over(*[message] * times)


def hand_over(*messages: str) -> None:
    assert consumers.handler(batch(messages), Timed()) == DONE


def sweep() -> int:
    """Sweep all shards, and hand over what that has sent; return how much it was."""
    pass_shards()
    sent = [json.dumps(each) for each in scheduler.waiting()]
    if sent:
        hand_over(*sent)
    return len(sent)


def scheduled(milestone: str) -> str | None:
    return scheduler.scheduled(id_of(milestone))


def happened(person: Person, milestone: str, event_type: str) -> list[dict[str, Any]]:
    """Return the items of the events of a milestone of one type."""
    place = f"TENANT#{person.tenant_id}#PMS#{id_of(milestone)}#HISTORY"
    found = table.query_all(place, events.prefix(id_of(milestone)))
    return [item for item in found if item["event_type"] == f"projects.{event_type}"]


def counted(person: Person, milestone: str) -> Counter[str]:
    """Return how often each event of layers and escalations has happened to a milestone."""
    types = [each.event_type.removeprefix("projects.") for each in of_milestone(person, milestone)]
    return Counter(each for each in types if each.startswith(("layer.", "escalation.")))


def escalations(person: Person, milestone: str) -> list[dict[str, Any]]:
    """Return the escalations of a milestone, the newest first."""
    listed = person.get("/escalations", query=f"project_milestone_id={id_of(milestone)}")
    assert listed.status == 200, listed.body
    return list(listed.body["items"])


def concerned(items: Sequence[dict[str, Any]]) -> list[list[str]]:
    return [sorted(each["user_id"] for each in item.get("concerns", [])) for item in items]
