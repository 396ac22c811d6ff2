"""How those are counted who are not known yet: by source address, by the account they try, by their session."""

import hashlib
from collections.abc import Callable, Mapping
from datetime import timedelta

import pytest
import time_machine

from shared.api import rate_limits
from shared.api.rate_limits import RateLimited
from shared.policies import AddressLimit
from shared.storage import table
from tests.shared.api.instances import calls, time

__all__ = ["calls", "time"]

pytestmark = pytest.mark.usefixtures("aws", "usual_limits", "time")


@pytest.mark.parametrize(
    ("name", "policy", "burst"),
    [
        ("address", '"address";q=1000;w=5', 1000),
        ("credentials", '"credentials";q=400;w=200', 400),
        ("registrations", '"registrations";q=50;w=50', 50),
        ("invited_registrations", '"invited_registrations";q=100;w=100', 100),
    ],
)
def test_what_comes_from_an_address_is_counted_by_kind(name: AddressLimit, policy: str, burst: int):
    for _ in range(burst - 1):
        rate_limits.count_address("203.0.113.7", name)
    headers = rate_limits.count_address("203.0.113.7", name)
    others = [each for each in ("address", "credentials", "registrations", "invited_registrations") if each != name]

    assert (headers["RateLimit-Policy"], headers["X-RateLimit-Remaining"]) == (policy, "0")
    with pytest.raises(RateLimited):
        rate_limits.count_address("203.0.113.7", name)
    assert {rate_limits.count_address("203.0.113.7", each)["X-RateLimit-Remaining"] for each in others} != {"0"}


def test_room_is_asked_for_without_counting():
    for _ in range(399):
        rate_limits.count_address("203.0.113.7", "credentials")
    for _ in range(10):
        rate_limits.require_room("203.0.113.7", "credentials")
    rate_limits.count_address("203.0.113.7", "credentials")

    with pytest.raises(RateLimited) as refusal:
        rate_limits.require_room("203.0.113.7", "credentials")

    assert refusal.value.headers["Retry-After"] == "1"
    assert "wrong credentials" in refusal.value.detail
    rate_limits.require_room("203.0.113.8", "credentials")


def test_room_comes_back_at_the_rate(time: time_machine.Traveller):
    for _ in range(400):
        rate_limits.count_address("203.0.113.7", "credentials")
    time.shift(timedelta(seconds=1))

    for _ in range(2):
        rate_limits.require_room("203.0.113.7", "credentials")
        rate_limits.count_address("203.0.113.7", "credentials")
    with pytest.raises(RateLimited):
        rate_limits.require_room("203.0.113.7", "credentials")


@pytest.mark.parametrize("count", [rate_limits.count_account, rate_limits.count_session])
def test_accounts_and_sessions_have_twenty_at_once_and_one_a_second(
    count: Callable[[str], Mapping[str, str]], time: time_machine.Traveller
):
    for _ in range(20):
        count("session_01KAEY3VJ0N7B4C1D8E5F2G9H6")

    with pytest.raises(RateLimited):
        count("session_01KAEY3VJ0N7B4C1D8E5F2G9H6")
    assert count("session_01KAEY3VJ0N7B4C1D8E5F2G9H7")["X-RateLimit-Remaining"] == "19"
    time.shift(timedelta(seconds=1))
    assert count("session_01KAEY3VJ0N7B4C1D8E5F2G9H6")["X-RateLimit-Remaining"] == "0"


@pytest.mark.parametrize("count", [rate_limits.count_account, rate_limits.count_session])
def test_whoever_refreshes_or_signs_in_now_and_then_costs_no_call(
    count: Callable[[str], Mapping[str, str]], calls: list[str], time: time_machine.Traveller
):
    for _ in range(50):
        count("ada@example.com")
        time.shift(timedelta(seconds=20))

    assert calls == []


def test_an_office_that_signs_in_for_a_minute_costs_four_calls(calls: list[str], time: time_machine.Traveller):
    for second in range(60):
        for person in range(17):
            rate_limits.count_address("203.0.113.7")
            rate_limits.count_account(f"person-{second}-{person}@example.com")
        time.shift(timedelta(seconds=1))

    assert calls == ["UpdateItem"] * 4


def invited(number: int, *, email: str | None = None, tenant_id: str | None = None, address: str | None = None) -> None:
    """Count a registration that has nothing in common with others but what is given."""
    rate_limits.count_invited(
        email or f"person-{number}@example.com",
        tenant_id=tenant_id or f"tenant_{number}",
        address=address or f"198.51.{number // 200}.{number % 200}",
    )


@pytest.mark.parametrize(
    ("given", "burst"),
    [({"email": "ada@example.com"}, 20), ({"tenant_id": "tenant_ada"}, 100), ({"address": "203.0.113.7"}, 100)],
)
def test_registrations_with_an_invitation_count_by_address_tenant_and_e_mail_address(
    given: dict[str, str], burst: int, time: time_machine.Traveller
):
    for number in range(burst):
        invited(number, **given)

    with pytest.raises(RateLimited):
        invited(burst, **given)
    invited(burst + 1)
    time.shift(timedelta(seconds=1))
    invited(burst, **given)


def test_what_is_refused_for_its_address_takes_nothing_from_tenant_and_e_mail_address():
    for number in range(100):
        invited(number, address="203.0.113.7")
    for _ in range(200):
        with pytest.raises(RateLimited):
            invited(0, email="ada@example.com", tenant_id="tenant_ada", address="203.0.113.7")

    for number in range(20):
        invited(number, email="ada@example.com", tenant_id="tenant_ada")


def test_an_e_mail_address_is_in_no_key(calls: list[str]):
    for _ in range(2):
        rate_limits.count_account("ada#@example.com")

    assert calls == ["UpdateItem"]
    digest = hashlib.sha256(b"ada#@example.com").hexdigest()[:32]
    assert table.get(rate_limits.bucket_key(f"account_{digest}", "account")) is not None


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("2001:db8:1:2::1", "2001:db8:1:2:ffff:ffff:ffff:ffff"),
        ("2001:db8:1:2::1", "2001:0DB8:0001:0002::9"),
        ("::ffff:203.0.113.7", "203.0.113.7"),
    ],
)
def test_addresses_of_one_customer_are_one(one: str, other: str):
    rate_limits.count_address(one)

    assert rate_limits.count_address(other)["X-RateLimit-Remaining"] == "998"


@pytest.mark.parametrize("other", ["2001:db8:1:3::1", "not:an:address", "203.0.113.8"])
def test_addresses_of_two_customers_are_two(other: str):
    rate_limits.count_address("2001:db8:1:2::1")

    assert rate_limits.count_address(other)["X-RateLimit-Remaining"] == "999"
