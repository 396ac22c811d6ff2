"""A receipt that names a message by the provider's id alone finds it, whichever of the two comes first."""

import itertools
from datetime import timedelta
from typing import Any

import pytest
import time_machine

from functions.audience.delivery import vendor_messages
from functions.audience.delivery.messages import Message
from functions.audience.receipts import parking
from functions.audience.receipts.receipts import Receipt
from shared import clock
from shared.storage import table
from tests.audience.receipts.telling import has_provider
from tests.audience.recipients.rows import CAMPAIGN, TENANT, claimed

pytestmark = pytest.mark.usefixtures("pepper")


def provider() -> Any:
    return has_provider(TENANT, receipts_by_vendor_id=True)[0]


def point(made: Any, lead_id: str) -> None:
    message = Message("send", CAMPAIGN, lead_id, "sms", "+442079460958", "Hello")
    pointed = vendor_messages.pointed(made, message, "m-1", at=clock.now())
    assert pointed is not None
    table.put_many([pointed.item])


def receipt(made: Any, **fields: Any) -> Receipt:
    at = clock.to_rfc3339(clock.now())
    told = Receipt(made.tenant_id, made.provider_id, "delivered", at, vendor_message_id="m-1")
    return told._replace(**fields)


def test_a_receipt_that_comes_first_waits_for_the_message() -> None:
    made, lead_id = provider(), claimed().lead_id

    assert parking.addressed(receipt(made)) is None
    point(made, lead_id)

    assert [each.lead_id for each in parking.waiting(made.provider_id, "m-1")] == [lead_id]


def test_a_message_that_is_known_has_its_receipt_at_once() -> None:
    made, lead_id = provider(), claimed().lead_id
    point(made, lead_id)

    found = parking.addressed(receipt(made))

    assert found is not None
    assert (found.campaign_id, found.lead_id) == (CAMPAIGN, lead_id)
    assert parking.waiting(made.provider_id, "m-1") == []


@pytest.mark.parametrize("order", sorted(set(itertools.permutations("rrss"))))
def test_in_every_order_of_writes_and_reads_one_of_the_two_sides_finds_both(order: tuple[str, ...]) -> None:
    """`r` is a step of the receipt, `s` one of the sender: each writes first and then reads the other's."""
    made, lead_id = provider(), claimed().lead_id
    found: list[Receipt] = []

    def receive() -> Any:
        yield table.put_many([parking._parked(receipt(made))])
        there = parking._addressed(receipt(made))
        yield found.append(there) if there is not None else None

    def send() -> Any:
        yield point(made, lead_id)
        yield found.extend(parking.waiting(made.provider_id, "m-1"))

    steps = {"r": receive(), "s": send()}
    for each in order:
        next(steps[each])

    assert {each.lead_id for each in found} == {lead_id}


def test_a_receipt_of_another_tenant_is_not_taken_for_this_one() -> None:
    made, lead_id = provider(), claimed().lead_id
    point(made, lead_id)

    assert parking.addressed(receipt(made, tenant_id="tenant_01KAFX3V5N8T2J6Q4W9Y7ZC0DE")) is None


def test_what_is_parked_ends_after_a_day(time: time_machine.Traveller) -> None:
    made = provider()
    parking.addressed(receipt(made))
    place = vendor_messages.partition(made.provider_id, "m-1")
    [item] = table.query_all(place, parking.PREFIX)
    time.shift(timedelta(days=1))

    assert item["ttl"] == clock.now() // clock.SECOND
