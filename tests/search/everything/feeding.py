"""What stands between a change in a context and a hit of the search of Milepost, with the feeds of the contexts."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import boto3

from functions.audience.finding import consumers as audience_feed
from functions.goals.finding import consumers as goals_feed
from functions.milestones.finding import consumers as milestones_feed
from functions.payments.finding import consumers as payments_feed
from functions.projects.finding import consumers as projects_feed
from functions.search import query_api, resolver
from functions.search.collections import tenant_index
from functions.search.documents import documents
from functions.search.everything import consumers
from functions.search.everything import readers as memberships
from functions.search.indexing import readers
from functions.sequences.finding import consumers as sequences_feed
from infra.contexts.audience import finding as audience_functions
from infra.contexts.goals import functions as goals_functions
from infra.contexts.milestones import functions as milestones_functions
from infra.contexts.payments import finding as payments_functions
from infra.contexts.projects import finding as projects_functions
from infra.contexts.sequences import functions as sequences_functions
from shared import config
from shared.storage.events import Event
from tests.aws.entries import Answer, Context, call, http_event
from tests.aws.messages import batch, delivered
from tests.goals.people import Person
from tests.search.people import Backbone, stored_events

Handler = Callable[[dict[str, Any], Any], dict[str, Any]]
SCOPE = "goals:read goals:write milestones:read sequences:read search:read"


@dataclass
class Feed:
    """Brings events to the feeds of their contexts once each, what they say to search, and its wake-ups to the indexer.

    `failed` are the messages that could not be handled.
    """

    backbone: Backbone = field(default_factory=Backbone)
    seen: set[str] = field(default_factory=set)
    failed: list[str] = field(default_factory=list)

    def runs(self) -> None:
        """Bring everything where it belongs until nothing moves."""
        while self.tells() + self.goes_on() + self.stores() + self.backbone.tells() + self.backbone.indexes():
            pass
        readers.forget()
        memberships.forget()
        assert self.failed == self.backbone.failed == []

    def tells(self) -> int:
        """Bring new events to the feeds."""
        happened = [event for event in stored_events() if event.event_id not in self.seen]
        self.seen |= {event.event_id for event in happened}
        for event in happened:
            self.hears(event)
        return len(happened)

    def hears(self, *happened: Event) -> None:
        """Bring events to the feeds of their contexts, all of a context in one batch."""
        for handler, types in FEEDS.items():
            heard = [event for event in happened if event.event_type in types]
            if heard:
                self._handled(handler, delivered(heard))

    def goes_on(self) -> int:
        """Hand the messages that feeds have sent themselves to them."""
        ahead = [
            (handler, body)
            for handler, url in (
                (goals_feed.handler, config.goal_feed_queue_url()),
                (audience_feed.handler, config.audience_feed_queue_url()),
            )
            for body in taken(url)
        ]
        for handler, body in ahead:
            self._handled(handler, batch([body]))
        return len(ahead)

    def stores(self) -> int:
        """Hand what the feeds have said to search."""
        bodies = taken(config.search_feed_queue_url())
        for start in range(0, len(bodies), 10):
            self._handled(consumers.handler, batch(bodies[start : start + 10]))
        return len(bodies)

    def _handled(self, handler: Handler, event: dict[str, Any]) -> None:
        answer = handler(event, Context())
        self.failed += [each["itemIdentifier"] for each in answer["batchItemFailures"]]


FEEDS: Mapping[Handler, Sequence[str]] = {
    audience_feed.handler: audience_functions.FOUND,
    goals_feed.handler: goals_functions.FOUND,
    milestones_feed.handler: milestones_functions.FOUND,
    payments_feed.handler: payments_functions.FOUND,
    projects_feed.handler: projects_functions.FOUND,
    sequences_feed.handler: sequences_functions.FOUND,
}
"""Which events each feed hears, as the rules of its stage say."""


def documents_of(tenant_id: str) -> dict[str, tuple[int, bool]]:
    """Return the documents of the index of a tenant: their versions, and whether they are there."""
    places = [
        documents.find(tenant_index.id_of(tenant_id), place.sk.removeprefix(documents.PREFIX), consistent=True)
        for place in documents.every(tenant_index.id_of(tenant_id))
    ]
    return {each.id: (each.version, not each.deleted) for each in places if each is not None}


def taken(url: str) -> list[str]:
    """Take all messages off a queue, and return what they say."""
    bodies: list[str] = []
    client = boto3.client("sqs")
    while found := client.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages"):
        for each in found:
            bodies.append(each["Body"])
            client.delete_message(QueueUrl=url, ReceiptHandle=each["ReceiptHandle"])
    return bodies


def said(url: str) -> list[dict[str, Any]]:
    """Take all messages off a queue, and return them."""
    return [json.loads(body) for body in taken(url)]


def asks(person: Person, query: str, *, roles: tuple[str, ...] = ("member",)) -> Answer:
    """Search Milepost as somebody, with the parameters as they are in an address."""
    claims = person.issuer.claims(sub=person.user_id, tid=person.tenant_id, scope=person.scope, roles=[*roles])
    headers = {"authorization": f"Bearer {person.issuer.token(claims=claims)}"}
    return call(query_api.handler, resolver.api, http_event("GET", "/api/v1/search", headers=headers, query=query))


def hits(person: Person, query: str) -> list[dict[str, Any]]:
    """Return what somebody finds; a query without `=` is what they search for."""
    answer = asks(person, query if "=" in query else f"q={query}")
    assert answer.status == 200, answer.body
    return list(answer.body["items"])


def finds(person: Person, query: str) -> list[str]:
    """Return the ids of what somebody finds."""
    return [hit["id"] for hit in hits(person, query)]
