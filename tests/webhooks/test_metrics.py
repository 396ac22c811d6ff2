"""What is measured of deliveries: what came of each attempt, and how late messages arrive."""

from typing import Any

import pytest
import time_machine

from tests.aws.emf import Measured, counted
from tests.webhooks.people import Backbone, Person
from tests.webhooks.receiver import Receiver

NAMES = ("DeliveryAttempts", "DeliveryLag")


def test_a_message_that_was_taken_is_counted_with_its_lag(
    ada: Person, backbone: Backbone, receiver: Receiver, noon: time_machine.Traveller, capsys: Any
):
    ada.listens(receiver.url)
    ada.completes_goal()
    noon.shift(2)
    backbone.runs()
    outcome = counted(capsys, "DeliveryAttempts")

    assert outcome == [Measured("webhooks", "DeliveryAttempts", "delivered", [1.0])]


def test_its_lag_is_from_the_event_to_the_answer(
    ada: Person, backbone: Backbone, receiver: Receiver, noon: time_machine.Traveller, capsys: Any
):
    ada.listens(receiver.url)
    ada.completes_goal()
    noon.shift(2)
    backbone.runs()

    assert counted(capsys, "DeliveryLag") == [Measured("webhooks", "DeliveryLag", None, [2000.0])]


def test_an_attempt_that_failed_is_counted_and_what_is_repeated_has_no_lag(
    ada: Person, backbone: Backbone, receiver: Receiver, noon: time_machine.Traveller, capsys: Any
):
    receiver.answers_next(500)
    receiver.answers_next(200)
    ada.listens(receiver.url)
    ada.completes_goal()
    backbone.runs()
    noon.shift(10)
    backbone.runs()
    out = capsys.readouterr().out

    assert [line.count('"outcome":"waiting"') for line in out.splitlines() if "DeliveryAttempts" in line] == [1, 0]
    assert out.count('"outcome":"delivered"') == 1
    assert "DeliveryLag" not in out


def test_a_delivery_that_is_given_up_is_counted_as_failed(
    ada: Person, backbone: Backbone, receiver: Receiver, noon: time_machine.Traveller, capsys: Any
):
    receiver.answers_next(410)
    ada.listens(receiver.url)
    ada.completes_goal()
    backbone.runs()

    assert counted(capsys, "DeliveryAttempts") == [Measured("webhooks", "DeliveryAttempts", "failed", [1.0])]


@pytest.mark.parametrize("kind", NAMES)
def test_nothing_is_measured_of_what_is_not_sent(ada: Person, backbone: Backbone, kind: str, capsys: Any):
    ada.completes_goal()
    backbone.runs()

    assert counted(capsys, kind) == []
