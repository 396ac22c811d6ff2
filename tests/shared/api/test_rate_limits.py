"""The bucket of a principal, in the table and in the accounts of instances; what callers see is in tests/platform."""

from collections.abc import Mapping
from datetime import timedelta
from itertools import count

import pytest
import time_machine

from shared import clock
from shared.api import rate_limits
from shared.api.rate_limits import RateLimited
from shared.aws.client import NoAnswer
from shared.callers.caller import Caller
from shared.rates import Rate
from shared.storage import table
from tests.aws import hooks
from tests.shared.api.instances import Instances, caller, calls, time

NUMBERS = count()

__all__ = ["calls", "time"]

pytestmark = pytest.mark.usefixtures("aws", "usual_limits", "time")


def send(times: int, who: Caller | None = None) -> Mapping[str, str]:
    """Send so many requests at once and return the headers of the last."""
    return [rate_limits.count_caller(who or caller()) for _ in range(times)][-1]


def refused(who: Caller | None = None) -> int:
    """Return after how many seconds a caller who is refused may come back."""
    with pytest.raises(RateLimited) as refusal:
        rate_limits.count_caller(who or caller())
    return int(refusal.value.headers["Retry-After"])


def test_a_burst_is_let_through_and_not_one_request_more():
    headers = send(50)

    assert headers["RateLimit"] == '"default";r=0;t=3'
    assert refused() == 1


def test_what_is_left_is_told_as_the_draft_says_and_as_was_usual_before():
    assert send(1) == {
        "RateLimit-Policy": '"default";q=50;w=3',
        "RateLimit": '"default";r=49;t=1',
        "X-RateLimit-Limit": "50",
        "X-RateLimit-Remaining": "49",
        "X-RateLimit-Reset": "1",
    }


def test_a_refusal_tells_the_same_and_when_to_come_back(time: time_machine.Traveller):
    who = caller(key_id="k", rate=Rate(1, 20))
    send(20, who)
    time.shift(timedelta(milliseconds=100))

    with pytest.raises(RateLimited) as refusal:
        rate_limits.count_caller(who)

    assert refusal.value.headers == {
        "RateLimit-Policy": '"default";q=20;w=20',
        "RateLimit": '"default";r=0;t=20',
        "X-RateLimit-Limit": "20",
        "X-RateLimit-Remaining": "0",
        "X-RateLimit-Reset": "20",
        "Retry-After": "1",
    }


@pytest.mark.parametrize("rate", [Rate(1, 3), Rate(1, 10), Rate(2, 50), Rate(1000, 1), Rate(3, 7)])
def test_whoever_comes_back_when_told_is_let_through(rate: Rate, time: time_machine.Traveller):
    who = caller(key_id="k", rate=rate)
    send(rate.burst, who)

    time.shift(timedelta(seconds=refused(who)))

    assert send(1, who)["X-RateLimit-Limit"] == str(rate.burst)


def test_what_was_used_comes_back_at_the_rate(time: time_machine.Traveller):
    send(50)
    time.shift(timedelta(milliseconds=500))

    assert send(10)["X-RateLimit-Remaining"] == "0"
    assert refused() == 1


def test_a_slow_caller_costs_no_call(calls: list[str], time: time_machine.Traveller):
    for _ in range(100):
        send(1)
        time.shift(timedelta(seconds=1))

    assert calls == []


def test_a_fast_caller_costs_a_write_a_chunk(calls: list[str]):
    send(50)

    assert calls == ["UpdateItem"] * 10


def test_a_caller_who_is_refused_costs_no_call(calls: list[str]):
    send(50)
    calls.clear()

    assert [refused() for _ in range(100)] == [1] * 100
    assert calls == []


def test_a_bucket_is_one_small_item_that_ends(time: time_machine.Traveller):
    send(5)

    noon = clock.now()
    assert table.get(rate_limits.bucket_key("user_1", "default")) == {
        "PK": "RATE#user_1",
        "SK": "RATE#default",
        "entity": "RateLimit",
        "tat": noon * 1000 + 5 * 50_000,
        "ttl": noon // 1000 + 62,
    }


def test_another_instance_learns_from_the_table_and_knows_when_to_come_back(monkeypatch: pytest.MonkeyPatch):
    who = caller(rate=Rate(1, 50), key_id="k")
    here, there = 0, 1
    instances = Instances(2, monkeypatch)
    assert all(instances.lets_through(here, who) for _ in range(50))

    let_through = [instances.lets_through(there, who) for _ in range(10)]

    assert let_through == [True] * 4 + [False] * 6
    assert refused(who) == 5


def test_a_bucket_that_others_have_filled_is_asked_again(calls: list[str], monkeypatch: pytest.MonkeyPatch):
    instances = Instances(2, monkeypatch)
    for _ in range(5):
        instances.lets_through(0, caller())
    calls.clear()

    assert all(instances.lets_through(1, caller()) for _ in range(5))
    assert calls == ["UpdateItem"] * 2
    assert table.get(rate_limits.bucket_key("user_1", "default"))["tat"] == clock.now() * 1000 + 10 * 50_000


def test_a_bucket_that_has_been_removed_meanwhile_is_made_again(calls: list[str]):
    send(5)
    table.delete_many([rate_limits.bucket_key("user_1", "default")])
    calls.clear()

    send(5)

    assert calls == ["UpdateItem"] * 2
    assert table.get(rate_limits.bucket_key("user_1", "default"))["tat"] == clock.now() * 1000 + 5 * 50_000


def test_without_the_table_a_request_goes_on(time: time_machine.Traveller):
    def cut(**_: object) -> None:
        raise NoAnswer("unreachable")

    hooks.register("before-call.dynamodb", cut)

    assert send(60)["X-RateLimit-Limit"] == "50"


def test_users_keys_and_addresses_have_a_bucket_each():
    send(50)
    send(50, caller(key_id="k"))
    for _ in range(1000):
        rate_limits.count_address("203.0.113.7")

    assert refused() == 1
    assert send(1, caller(user_id="user_2"))["X-RateLimit-Remaining"] == "49"
    assert send(1, caller(key_id="l"))["X-RateLimit-Remaining"] == "49"
    assert rate_limits.count_address("203.0.113.8")["X-RateLimit-Remaining"] == "999"


def test_a_key_that_is_given_another_rate_has_it_at_once():
    send(20, caller(key_id="k", rate=Rate(1, 20)))

    assert send(1, caller(key_id="k", rate=Rate(1, 50)))["X-RateLimit-Limit"] == "50"


@pytest.mark.parametrize("text", ["", "20", "20/", "0/50", "20/0", "20/50/1", "a/b", "1.5/3", "-1/5"])
def test_what_is_no_rate_is_refused(text: str):
    with pytest.raises(ValueError, match=r"."):
        Rate.parse(text)


def test_of_ten_thousand_callers_the_first_is_forgotten(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(rate_limits, "_MAX_ACCOUNTS", 2)
    for number in (1, 2, 3, 1):
        headers = send(1, caller(user_id=f"user_{number}"))

    assert headers["X-RateLimit-Remaining"] == "49"
