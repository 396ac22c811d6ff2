"""What is not taken comes again: when, how often, and what becomes of an endpoint that does not answer as it should."""

import json
from datetime import timedelta
from email.utils import format_datetime

import pytest
import time_machine

from functions.webhooks import retry, sending
from shared import clock
from shared.clock import DAY, SECOND
from tests.aws import hooks
from tests.webhooks.people import Backbone, Person, stored_events
from tests.webhooks.receiver import Receiver

NOW = clock.from_rfc3339("2026-11-20T12:00:00Z")
HOUR = 3600 * SECOND
# The column "Time since start" of the specification.
SINCE_START = ["0:00:00", "0:00:05", "0:05:05", "0:35:05", "2:35:05", "7:35:05", "17:35:05", "31:35:05", "51:35:05"]
SINCE_START += ["75:35:05"]


class Killed(BaseException):
    """The process ends here."""


def passes(time: time_machine.Traveller, backbone: Backbone, *, hours: int) -> None:
    """Let time pass with everything that happens meanwhile; sweeps are rarer than on a stage, for a test takes time."""
    for _ in range(hours // 2):
        time.shift(2 * 3600)
        backbone.sweeps()
        backbone.runs()


def seconds(text: str) -> int:
    hours, minutes, rest = text.split(":")
    return int(timedelta(hours=int(hours), minutes=int(minutes), seconds=int(rest)).total_seconds())


def test_the_schedule_is_that_of_the_specification():
    at, times = 0, [0]
    for tries in range(1, 10):
        at = retry.due(tries, now=at, spread=0.0, retry_after=None)
        times.append(at // SECOND)

    assert times == [seconds(text) for text in SINCE_START]
    assert retry.due(10, now=at, spread=0.0, retry_after=None) is None


@pytest.mark.parametrize("tries", range(1, 10))
def test_a_wait_is_longer_by_a_tenth_at_most(tries: int):
    first, last = (retry.due(tries, now=NOW, spread=spread, retry_after=None) for spread in (0.0, 1.0))

    assert last - NOW == round((first - NOW) * 1.1)


@pytest.mark.parametrize(
    ("retry_after", "expected"),
    [
        (None, 5 * SECOND),
        ("0", 5 * SECOND),
        ("3", 5 * SECOND),
        ("120", 120 * SECOND),
        (" 120 ", 120 * SECOND),
        ("999999999", DAY),
        ("9" * 400, 5 * SECOND),
        ("-5", 5 * SECOND),
        ("1.5", 5 * SECOND),
        ("soon", 5 * SECOND),
        ("", 5 * SECOND),
        ("Fri, 20 Nov 2026 13:00:00 GMT", HOUR),
        ("Fri, 20 Nov 2026 11:00:00 GMT", 5 * SECOND),
        ("Fri, 20 Nov 2036 11:00:00 GMT", DAY),
        ("Fri, 20 Nov 2026 13:00:00 -0000", 5 * SECOND),
    ],
)
def test_a_retry_after_makes_a_wait_longer_but_not_endless(retry_after: str | None, expected: int):
    assert retry.due(1, now=NOW, spread=0.0, retry_after=retry_after) == NOW + expected


def test_what_is_never_taken_is_tried_ten_times_in_three_days(
    ada: Person, backbone: Backbone, receiver: Receiver, noon: time_machine.Traveller
):
    receiver.status = 500
    endpoint = ada.listens(receiver.url)
    ada.completes_goal()
    backbone.runs()
    while due_at := ada.deliveries(endpoint)[0]["next_attempt_at"]:
        # A sweep finds it five minutes before, and the message comes to the second.
        noon.move_to(clock.to_datetime(clock.from_rfc3339(due_at) - 300 * SECOND))
        backbone.sweeps()
        backbone.runs()
        noon.move_to(clock.to_datetime(clock.from_rfc3339(due_at) + SECOND))
        backbone.runs()
    sent = [int(message.headers["webhook-timestamp"]) - NOW // SECOND for message in receiver.messages]
    (delivery,) = ada.deliveries(endpoint)

    assert (delivery["status"], delivery["attempts"], delivery["next_attempt_at"]) == ("failed", 10, None)
    # A tenth of jitter at most, and a second of this test for each try.
    expected = [seconds(text) for text in SINCE_START]
    assert all(due <= at <= due * 1.1 + 2 * tries for tries, (due, at) in enumerate(zip(expected, sent, strict=True)))
    assert len({message.webhook_id for message in receiver.messages}) == 1
    assert ada.deliveries(endpoint, "status=failed") == [delivery]


def test_an_endpoint_that_was_away_for_a_day_gets_everything_once(
    ada: Person, backbone: Backbone, receiver: Receiver, noon: time_machine.Traveller
):
    receiver.status = 503
    endpoint = ada.listens(receiver.url)
    happened = []
    for _ in range(6):
        happened.append(ada.completes_goal().event_id)
        backbone.runs()
        passes(noon, backbone, hours=4)
    receiver.messages.clear()
    receiver.status = 204
    passes(noon, backbone, hours=24)
    arrived = [message.webhook_id for message in receiver.messages]

    assert sorted(arrived) == sorted(happened)
    assert {each["status"] for each in ada.deliveries(endpoint)} == {"delivered"}
    assert ada.get(f"/{endpoint['endpoint_id']}").body["failing_since"] is None


def test_what_was_claimed_by_somebody_who_died_comes_again_when_the_claim_is_over(
    ada: Person, backbone: Backbone, receiver: Receiver, noon: time_machine.Traveller
):
    endpoint = ada.listens(receiver.url)
    event = ada.completes_goal()

    def dies(**_: object) -> None:
        if receiver.messages:
            raise Killed

    hooks.register("before-call.dynamodb.TransactWriteItems", dies)
    with pytest.raises(Killed):
        backbone.runs()
    hooks.unregister("before-call.dynamodb.TransactWriteItems", dies)
    sending.send(ada.tenant_id, endpoint["endpoint_id"], event.event_id)
    backbone.runs()
    (claimed,) = ada.deliveries(endpoint)
    noon.shift(sending.CLAIMED_SECONDS + 1)
    backbone.runs()
    (delivered,) = ada.deliveries(endpoint)

    assert (claimed["status"], delivered["status"], delivered["attempts"]) == ("waiting", "delivered", 1)
    assert [message.webhook_id for message in receiver.messages] == [event.event_id] * 2


def test_a_retry_after_is_waited_for(ada: Person, backbone: Backbone, receiver: Receiver, noon: time_machine.Traveller):
    moment = format_datetime(clock.to_datetime(NOW + 2 * HOUR), usegmt=True)
    receiver.answers_next(429, {"Retry-After": "600"})
    receiver.answers_next(503, {"Retry-After": moment})
    endpoint = ada.listens(receiver.url)
    ada.completes_goal()
    backbone.runs()
    (first,) = ada.deliveries(endpoint)
    noon.shift(601)
    backbone.runs()
    (second,) = ada.deliveries(endpoint)

    assert first["next_attempt_at"] == "2026-11-20T12:10:00.000Z"
    assert second["next_attempt_at"] == "2026-11-20T14:00:00.000Z"


def test_an_endpoint_that_is_gone_is_disabled_at_once(
    ada: Person, backbone: Backbone, receiver: Receiver, noon: time_machine.Traveller
):
    receiver.answers_next(410)
    endpoint = ada.listens(receiver.url)
    ada.completes_goal()
    backbone.runs()
    shown = ada.get(f"/{endpoint['endpoint_id']}").body
    ada.completes_goal()
    backbone.runs()
    (told,) = [each for each in stored_events() if each.event_type == "webhooks.endpoint.disabled"]

    assert (shown["disabled"], shown["disabled_reason"]) == (True, "gone")
    assert (told.data["endpoint_id"], told.data["reason"]) == (endpoint["endpoint_id"], "gone")
    assert len(receiver.messages) == 1
    assert [each["status"] for each in ada.deliveries(endpoint)] == ["failed"]


def test_five_days_of_failures_disable_an_endpoint_and_the_others_are_told(
    ada: Person, backbone: Backbone, receiver: Receiver, noon: time_machine.Traveller
):
    receiver.status = 500
    endpoint = ada.listens(receiver.url, event_types=["goals.*"])
    ada.listens(f"{receiver.url}/watch", event_types=["webhooks.endpoint.disabled"])
    for _ in range(5):
        ada.completes_goal()
        backbone.runs()
        passes(noon, backbone, hours=22)
        assert ada.get(f"/{endpoint['endpoint_id']}").body["disabled"] is False
    receiver.messages.clear()
    passes(noon, backbone, hours=36)
    shown = ada.get(f"/{endpoint['endpoint_id']}").body
    notices = [message for message in receiver.messages if message.path.endswith("/watch")]

    assert (shown["disabled"], shown["disabled_reason"]) == (True, "failing")
    assert shown["failing_since"] == "2026-11-20T12:00:00.000Z"
    assert json.loads(notices[0].body)["data"]["endpoint_id"] == endpoint["endpoint_id"]
    assert {each["status"] for each in ada.deliveries(endpoint)} <= {"failed", "waiting"}


def test_one_success_begins_the_five_days_anew(
    ada: Person, backbone: Backbone, receiver: Receiver, noon: time_machine.Traveller
):
    endpoint = ada.listens(receiver.url)
    receiver.answers_next(500)
    ada.completes_goal()
    backbone.runs()
    failing = ada.get(f"/{endpoint['endpoint_id']}").body["failing_since"]
    noon.shift(10)
    backbone.runs()

    assert failing == "2026-11-20T12:00:00.000Z"
    assert ada.get(f"/{endpoint['endpoint_id']}").body["failing_since"] is None


def test_failures_that_lie_far_apart_are_no_five_days_of_failure(
    ada: Person, backbone: Backbone, receiver: Receiver, noon: time_machine.Traveller
):
    endpoint = ada.listens(receiver.url)
    for _ in range(4):
        receiver.answers_next(500)
        ada.post(f"/{endpoint['endpoint_id']}/test")
        ada.completes_goal()
        backbone.runs()
        noon.shift(3 * 24 * 3600)

    assert ada.get(f"/{endpoint['endpoint_id']}").body["disabled"] is False


def test_an_endpoint_that_is_enabled_again_begins_anew(
    ada: Person, backbone: Backbone, receiver: Receiver, noon: time_machine.Traveller
):
    receiver.answers_next(410)
    endpoint = ada.listens(receiver.url)
    ada.completes_goal()
    backbone.runs()
    answer = ada.patch(f"/{endpoint['endpoint_id']}", {"disabled": False})
    ada.completes_goal()
    backbone.runs()

    assert (answer.body["disabled"], answer.body["disabled_reason"], answer.body["failing_since"]) == (
        False,
        None,
        None,
    )
    assert [each["status"] for each in ada.deliveries(endpoint)] == ["delivered", "failed"]


def test_what_waits_for_a_disabled_endpoint_is_not_sent(
    ada: Person, backbone: Backbone, receiver: Receiver, noon: time_machine.Traveller
):
    receiver.answers_next(500)
    endpoint = ada.listens(receiver.url)
    ada.completes_goal()
    backbone.runs()
    ada.patch(f"/{endpoint['endpoint_id']}", {"disabled": True})
    noon.shift(10)
    backbone.runs()
    (delivery,) = ada.deliveries(endpoint)

    assert len(receiver.messages) == 1
    assert (delivery["status"], delivery["last_error"]) == ("failed", "endpoint_disabled")


@pytest.mark.parametrize(
    ("status", "taken"),
    [(200, "delivered"), (204, "delivered"), (299, "delivered"), (301, "waiting"), (304, "waiting")],
)
def test_only_2xx_is_taken(ada: Person, backbone: Backbone, receiver: Receiver, status: int, taken: str):
    receiver.answers_next(status, {"Location": receiver.url})
    endpoint = ada.listens(receiver.url)
    ada.completes_goal()
    backbone.runs()
    (delivery,) = ada.deliveries(endpoint)

    assert len(receiver.messages) == 1
    assert (delivery["status"], delivery["last_status"]) == (taken, status)
