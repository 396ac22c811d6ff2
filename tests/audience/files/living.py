"""A tenant whose leads come, buy, are merged, are written to and go; and the batches of the stream that say so."""

import random
from typing import Any

from functions.audience.files import consumers
from functions.audience.recipients import recipients
from shared import ids
from tests.audience import following
from tests.audience.files.stream import Record, Stream
from tests.audience.people import Person
from tests.aws.entries import Context
from tests.aws.messages import batch
from tests.aws.quick.table import put

FEWEST = 5
CAMPAIGN = ids.new("campaign")


class Audience:
    """Does something with the leads of a person's tenant, and keeps what the stream says of each step."""

    def __init__(self, person: Person, seed: int = 0) -> None:
        self.person = person
        self.stream = Stream()
        self.lead_ids: list[str] = []
        self.batches: list[list[Record]] = []
        self._random = random.Random(seed)  # noqa: S311 - repeatable, not secret
        self._number = 0
        self._follow_ups = following.make_queue()
        self._messages: dict[str, int] = {}
        place = {"PK": f"TENANT#{person.tenant_id}#CAMPAIGNS", "SK": f"CAMPAIGN#{CAMPAIGN}"}
        put(place | {"entity": "Campaign", "campaign_id": CAMPAIGN})

    def lives(self, steps: int) -> list[list[Record]]:
        """Do so many things, whatever they are, and return the batches of these."""
        before = len(self.batches)
        doings = [self.comes, self.buys, self.changes, self.is_written_to, self.is_merged, self.goes]
        for _ in range(steps):
            few = len(self.lead_ids) < FEWEST
            self.comes() if few else self._random.choices(doings, weights=[3, 5, 3, 6, 1, 1])[0]()
        return self.batches[before:]

    def comes(self) -> None:
        self._number += 1
        body = {
            "emails": [f"lead{self._number}@example.com"],
            "name": f"Lead {self._number} İß",
            "metadata": {"n": {"of": self._number}, "since": "2026-01-31", "tags": ["a", 1.5, True]},
            "consent": {"email": "granted"},
            "total_spend": self._number,
        }
        self.lead_ids.append(self.person.creates(**body)["lead_id"])
        self.is_told()

    def buys(self) -> None:
        if lead_id := self._some():
            self._number += 1
            order = {"amount_minor_units": 100 * self._number, "currency": "EUR", "ordered_at": "2026-11-01T10:00:00Z"}
            told = order | {"order_id": f"order {self._number}", "items": [{"sku": f"SKU-{self._number}"}]}
            assert self.person.post(f"/leads/{lead_id}/orders", told).status in {200, 201}
            self.is_told()
            if self._random.random() < 0.5:
                refund = {"order_id": f"refund {self._number}", "refund_of": f"order {self._number}"}
                answer = self.person.post(f"/leads/{lead_id}/orders", order | refund | {"amount_minor_units": 50})
                assert answer.status in {200, 201}, answer.body
                self.is_told()

    def changes(self) -> None:
        if lead_id := self._some():
            self._number += 1
            self.person.patch(f"/leads/{lead_id}", {"name": f"Changed {self._number}", "tags": ["x"]})
            self.is_told()

    def is_merged(self) -> None:
        if len(self.lead_ids) > 1:
            stays, goes = self._random.sample(self.lead_ids, 2)
            assert self.person.post(f"/leads/{stays}/merge", {"lead_id": goes}).status == 200
            self.lead_ids.remove(goes)
            self.is_told()
            following.follow_up(self._follow_ups)
            self.is_told()

    def goes(self) -> None:
        if lead_id := self._some():
            assert self.person.delete(f"/leads/{lead_id}").status == 204
            self.lead_ids.remove(lead_id)
            self.is_told()
            following.follow_up(self._follow_ups)
            self.is_told()

    def is_written_to(self) -> None:
        """Have a message to a lead come one step further."""
        if lead_id := self._some():
            version = self._messages.get(lead_id, 0) + 1
            self._messages[lead_id] = version
            put(recipient(self.person.tenant_id, lead_id, version))
            self.is_told()

    def is_told(self) -> list[Record]:
        """Take what the stream says of the last step, as a batch, and return it."""
        found = self.stream.take()
        if found:
            self.batches.append(found)
        return found

    def _some(self) -> str | None:
        return self._random.choice(self.lead_ids) if self.lead_ids else None


def recipient(tenant_id: str, lead_id: str, version: int) -> dict[str, Any]:
    """Return the item of a message of which more is known with each version."""
    known = {"sent_at": 2, "delivered_at": 3, "opened_at": 4, "clicked_at": 5}
    key = recipients.key(tenant_id, CAMPAIGN, lead_id)
    happened = {name: f"2026-11-20T12:00:0{number}.000Z" for name, number in known.items() if version >= number}
    return {
        "PK": key.pk,
        "SK": key.sk,
        "entity": "Recipient",
        "tenant_id": tenant_id,
        "campaign_id": CAMPAIGN,
        "lead_id": lead_id,
        "updated_at": "2026-11-20T12:00:00.000Z",
        "version": version,
        **happened,
    }


def compact(tenant_id: str, task: str = "fold") -> None:
    """Ask the compactor for something, as its queue does."""
    body = f'{{"tenant_id": "{tenant_id}", "task": "{task}"}}'
    assert consumers.handler(batch([body]), Context()) == {"batchItemFailures": []}
