"""The sweep of each minute: whatever of it fails, the rest is done, and the run ends as failed."""

from collections.abc import Mapping
from typing import Any

import pytest
import time_machine

from functions.payments.gateways import references
from functions.payments.gateways.told import Told
from functions.payments.releases import consumers
from functions.payments.releases.webhooks import receiving
from tests.aws import hooks
from tests.aws.entries import Context
from tests.aws.troubles import refusing_queries
from tests.payments import queue
from tests.payments.releases.world import TOTAL, World
from tests.shared.log import lines


class Broken(Exception):
    """AWS refuses a read."""


@pytest.fixture(autouse=True)
def _queue(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PAYMENTS_QUEUE_URL", queue.QUEUE)


def test_events_that_cannot_be_read_keep_no_payment_waiting(
    world: World, time: time_machine.Traveller, capsys: pytest.CaptureFixture[str]
):
    payment_id = world.invoiced()
    time.shift(61)
    with queue.taken() as sent, refusing_queries("GATEWAYWAITING#0"), pytest.raises(ExceptionGroup):
        consumers.handler({"action": "sweep"}, Context())

    assert [each["payment_id"] for each in sent] == [payment_id]
    assert [each["outcome"] for each in lines(capsys, "run")] == ["failed"]


def test_a_shard_that_cannot_be_read_keeps_no_other_waiting(world: World, time: time_machine.Traveller):
    payment_ids = {world.beside().invoiced() for _ in range(20)}
    time.shift(61)
    [first, *rest] = sorted({item["GSI1PK"] for item in world.due()})
    within = {item["payment_id"] for item in world.due() if item["GSI1PK"] == first}
    with queue.taken() as sent, refusing_queries(first), pytest.raises(ExceptionGroup):
        consumers.handler({"action": "sweep"}, Context())

    assert rest
    assert {each["payment_id"] for each in sent} == payment_ids - within


def test_an_event_that_cannot_be_applied_keeps_no_other_waiting(world: World):
    for number, reference in enumerate(("pay_of_nobody", "pay_of_somebody")):
        receiving.receive("stripe", Told(f"evt_{number}", reference, "tr_1", TOTAL, 0, "EUR"))
    place = references.key("stripe", "pay_of_nobody")
    read = list[str]()

    def refuse(params: Mapping[str, Any], **_: object) -> None:
        read.append(params["Key"]["PK"]["S"])
        if read[-1] == place.pk:
            raise Broken

    with hooks.registered("provide-client-params.dynamodb.GetItem", refuse), pytest.raises(ExceptionGroup):
        receiving.sweep()

    assert sorted(read) == sorted([place.pk, references.key("stripe", "pay_of_somebody").pk])
