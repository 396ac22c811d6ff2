"""Campaigns as tests drive them: what the bus and the queues would bring, brought in whatever order a test wants."""

import functools
import json
import os
import random
import re
import secrets
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

import pytest
import time_machine
import ulid
from moto.backends import get_backend
from moto.dynamodb.models.utilities import dynamo_json_dump
from ulid import ULIDGenerator

from functions.audience.campaigns import campaigns, consumers, reading
from functions.audience.campaigns.campaigns import Campaign
from functions.audience.campaigns.preparing import consumers as preparing_consumers
from functions.audience.campaigns.sending import consumers as chunk_consumers
from functions.audience.delivery import providers
from functions.audience.recipients import counters, recipients
from functions.audience.recipients.state import Recipient
from shared import clock
from shared.clock import Instant
from shared.storage import attributes, events
from shared.storage.attributes import Item
from shared.storage.events import Event
from tests.audience.campaigns.provider import Scripted
from tests.audience.delivery import having
from tests.audience.people import Person
from tests.aws import hooks
from tests.aws.entries import Context
from tests.aws.messages import batch, delivered
from tests.aws.quick.table import standing_in

CHUNKS: Final = "https://sqs.eu-west-1.amazonaws.com/123456789012/chunks"
CAMPAIGNS: Final = "https://sqs.eu-west-1.amazonaws.com/123456789012/campaigns"
STARTED: Final = "audience.campaign.started"
HEARD: Final = (
    STARTED,
    "audience.campaign.resumed",
    "audience.campaign.decided",
    "audience.campaign.cancelled",
    "audience.campaign.completed",
    "audience.campaign.failed",
)
_is_of_a_campaign: Final = functools.cache(re.compile(r"TENANT#[^#]+#CAMPAIGN#[^#]+").fullmatch)
EVERYBODY: Final = {"type": "condition", "field": "external_id", "operator": "IS_SET"}
DRAFT: Final[Mapping[str, Any]] = {
    "name": "Spring",
    "channel": "email",
    "purpose": "transactional",
    "subject": "Hello {{ name }}",
    "message_template": "Hello {{ name | default: 'there' }}!",
}
SENDER: Final = "audience:read audience:write audience:send audience:admin"


class Waiting(NamedTuple):
    """A message on a queue, and from when on it is seen."""

    due: int
    queue: str
    body: str
    group: str


@dataclass(frozen=True)
class LongContext(Context):
    """A call that has so many milliseconds left."""

    milliseconds: int = 0

    def get_remaining_time_in_millis(self) -> int:
        return self.milliseconds


class Stage:
    """The queues between the functions, and what drives them."""

    def __init__(self, provider: Scripted, time: time_machine.Traveller | None = None) -> None:
        self.provider = provider
        self.time = time
        self.waiting: list[Waiting] = []
        self.handled_events: set[str] = set()
        self._known: dict[str, Event] = {}
        self.milliseconds = 900_000
        hooks.register("before-call.sqs.SendMessageBatch", self._taken)

    def _taken(self, params: Mapping[str, Any], **_: Any) -> dict[str, Any] | None:
        request = json.loads(params["body"])
        if request["QueueUrl"] not in (CHUNKS, CAMPAIGNS):
            return None
        for entry in request["Entries"]:
            due = clock.now() + entry.get("DelaySeconds", 0) * clock.SECOND
            self.waiting.append(Waiting(due, request["QueueUrl"], entry["MessageBody"], entry["MessageGroupId"]))
        return {"Successful": [{"Id": each["Id"]} for each in request["Entries"]], "Failed": []}

    def context(self) -> Context:
        return LongContext(milliseconds=self.milliseconds)

    def hear(self) -> int:
        """Bring the events that the bus has not brought yet; return how many messages failed."""
        failed = 0
        for event in self.unheard():
            answer = _hears(event)(delivered([event]), self.context())
            if answer["batchItemFailures"]:
                failed += 1
            else:
                self.handled_events.add(event.event_id)
        return failed

    def unheard(self) -> list[Event]:
        """Return what the bus has not brought yet of what is heard, without a call that could be counted."""
        # What happens to recipients is in partitions of their own.
        for partition, name, record in _records(_is_of_a_campaign, "EVENT#"):
            place = f"{partition} {name}"
            if place not in self._known:
                self._known[place] = events.stored(_loaded(record))
        found = [each for each in self._known.values() if each.event_type in HEARD]
        return [each for each in found if each.event_id not in self.handled_events]

    def take(self) -> bool:
        """Bring the message that is seen first; return whether there was one. One that failed comes again."""
        now = clock.now()
        seen = [each for each in self.waiting if each.due <= now]
        if not seen:
            return False
        message = min(seen)
        self.waiting.remove(message)
        if self.bring(message):
            self.waiting.append(message._replace(due=clock.now() + 60 * clock.SECOND))
        return True

    def bring(self, message: Waiting) -> bool:
        """Bring a message to its function; return whether it failed."""
        handler: Callable[..., Any] = chunk_consumers.handler if message.queue == CHUNKS else consumers.handler
        return bool(handler(batch([message.body]), self.context())["batchItemFailures"])

    def sweep(self) -> None:
        """Look for timers that are due, as the schedule does every minute."""
        consumers.handler({"action": "sweep"}, self.context())

    def timers(self) -> list[Instant]:
        """Return when the timers that there are will be looked at, without a call that could be counted."""
        found = [each["GSI1SK"] for each in items("#CAMPAIGN#", "TIMER")]
        return [clock.from_rfc3339(each.split("#")[1]) for each in found]

    def sends(self, message: Mapping[str, Any]) -> None:
        """Put a message on the queue of campaigns, as a sweep does."""
        self.waiting.append(Waiting(clock.now(), CAMPAIGNS, json.dumps(message), str(message["tenant_id"])))

    def step_until_idle(self, most: int = 30) -> None:
        """Bring what there is now, as far as it can be brought; what fails is left for later."""
        for _ in range(most):
            if self.hear() or not self.take():
                return

    def run(self, *, most: int = 1000) -> None:
        """Bring everything there is, and let time pass to what comes later, until nothing is left."""
        for _ in range(most):
            self.hear()
            if self.take():
                continue
            comes = [*(each.due for each in self.waiting), *self.timers()]
            if not comes:
                return
            assert self.time is not None
            self.time.move_to(max(min(comes), clock.now()) / clock.SECOND + 0.001)
            if any(each <= clock.now() for each in self.timers()):
                self.sweep()
        raise AssertionError("the queues do not come to an end")


def _hears(event: Event) -> Callable[..., Any]:
    return preparing_consumers.handler if event.event_type == STARTED else consumers.handler


def seeds(monkeypatch: pytest.MonkeyPatch, seed: int) -> None:
    """Have every id, and whatever else is random in the functions, follow from a seed."""
    chance = random.Random(f"ids {seed}")  # noqa: S311
    monkeypatch.setattr(ulid, "default_generator", ULIDGenerator(randomness=lambda _: chance.randbytes(10)))
    monkeypatch.setattr(secrets, "choice", chance.choice)
    random.seed(seed)


def sender(person: Person) -> Person:
    return person.holding(SENDER)


def has_provider(person: Person, url: str, **fields: Any) -> providers.Provider:
    made, _ = having.provider(settings={"url": url}, tenant_id=person.tenant_id, **fields)
    return having.stored(made, is_default=True)


def has_leads(person: Person, count: int) -> list[str]:
    """Import so many leads, and return their ids in the order of their addresses."""
    found: list[str] = []
    for first in range(0, count, 1000):
        rows = [lead(number) for number in range(first, min(first + 1000, count))]
        found += [each["lead_id"] for each in person.imports(*rows)]
    return found


def lead(number: int) -> dict[str, Any]:
    return {"external_id": f"x{number:05}", "emails": [f"person-{number:05}@example.org"], "name": f"Person {number}"}


def has_segment(person: Person, rule: Any = EVERYBODY) -> str:
    answer = person.post("/segments", {"name": "Known", "rule_ast": rule})
    assert answer.status == 201, answer.body
    return str(answer.body["segment_id"])


def has_campaign(person: Person, **fields: Any) -> str:
    draft = {**DRAFT, **fields}
    draft = draft if "segment_id" in draft else {**draft, "segment_id": has_segment(person)}
    answer = sender(person).post("/campaigns", draft)
    assert answer.status == 201, answer.body
    return str(answer.body["campaign_id"])


def puts(person: Person, campaign_id: str, status: str, **more: Any) -> Any:
    return sender(person).rest("PUT", f"/campaigns/{campaign_id}/status", {"status": status, **more})


def starts(person: Person, campaign_id: str) -> None:
    answer = puts(person, campaign_id, "running")
    assert answer.status == 200, answer.body


def stored(person: Person, campaign_id: str) -> Campaign:
    return campaigns.get(person.tenant_id, campaign_id)


def items(partition: str, sort_key: str) -> list[Item]:
    """Return what the table has in partitions with this in their names, without a call that could be counted."""
    return [_loaded(record) for _, _, record in _records(lambda each: partition in each, sort_key)]


def _records(is_wanted: Callable[[str], object], beginning: str) -> Iterator[tuple[str, str, Any]]:
    """Yield partition, sort key and record of what the table has in some partitions, be it moto's or the quick one.

    Of each partition only what has a sort key with this beginning.
    """
    quick = standing_in()
    if quick is not None:
        for partition in filter(is_wanted, quick.items.partitions()):
            for name in quick.items.sort_keys(partition, beginning):
                yield partition, name, quick.items[partition, name]
        return
    table = get_backend("dynamodb")["123456789012"][os.environ["AWS_DEFAULT_REGION"]].tables["milepost"]
    for key, sorted_ in table.items.items():
        if is_wanted(str(key.value)):
            for name, record in sorted_.items():
                if str(name.value).startswith(beginning):
                    yield str(key.value), str(name.value), record


def _loaded(record: Any) -> Item:
    if isinstance(record, dict):
        return attributes.load(record)
    return attributes.load(json.loads(dynamo_json_dump(record.to_json()))["Attributes"])


def rows(campaign_id: str) -> list[Recipient]:
    return [recipients.from_item(each) for each in items(f"#CAMPAIGN#{campaign_id}#", recipients.PREFIX)]


def totals(campaign_id: str) -> dict[str, int]:
    found = Counter[str]()
    for each in items(f"#CAMPAIGN#{campaign_id}", counters.PREFIX):
        found.update({name: amount for name, amount in each.items() if isinstance(amount, int)})
    return {name: amount for name, amount in found.items() if amount}


def adds_up(campaign: Campaign) -> bool:
    """Return whether the counters are what the rows add up to, and all states together the audience."""
    statuses = Counter(each.status for each in rows(campaign.campaign_id))
    unsettled = statuses.pop("pending", 0) + statuses.pop("sending", 0)
    left = (campaign.audience or 0) - sum(statuses.values())
    stored = totals(campaign.campaign_id)
    counted = {name: amount for name, amount in stored.items() if name in reading.STATES}
    varied = Counter(
        counters.varied(each.status, each.variant)
        for each in rows(campaign.campaign_id)
        if each.variant is not None and each.status not in ("pending", "sending")
    )
    of_variants = {name: amount for name, amount in stored.items() if name[-1].isdigit()}
    return (
        counted == statuses
        and of_variants == varied
        and (left == 0 if campaign.status == "completed" else left >= unsettled)
    )
