"""However requests are spread over instances, no more than the documented bound is let through, and not less either."""

from collections.abc import Iterator
from datetime import timedelta
from itertools import count

import pytest
import time_machine
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shared import clock
from shared.rates import Rate
from tests.shared.api.instances import NOON, Instances, caller
from tests.soaking import histories, soaks

NUMBERS = count()

pytestmark = pytest.mark.usefixtures("aws", "usual_limits")


@pytest.fixture(autouse=True)
def time() -> Iterator[time_machine.Traveller]:
    """Stand still at noon; the test moves the time on."""
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


RATES = st.sampled_from([Rate(20, 50), Rate(5, 20), Rate(2, 100), Rate(100, 30), Rate(7, 9)])
# After how many milliseconds how many requests come at once, and to which instance.
BURSTS = st.tuples(st.sampled_from([0, 0, 1, 7, 60, 400, 3000]), st.integers(1, 20), st.integers(0, 3))


@soaks
@settings(
    max_examples=histories(12, soaking=40), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(rate=RATES, number=st.integers(1, 4), bursts=st.lists(BURSTS, max_size=30))
def test_no_more_than_the_documented_bound_is_ever_let_through(
    rate: Rate,
    number: int,
    bursts: list[tuple[int, int, int]],
    time: time_machine.Traveller,
    monkeypatch: pytest.MonkeyPatch,
):
    instances, who = Instances(number, monkeypatch), caller(key_id=f"key{next(NUMBERS)}", rate=rate)
    passed: list[int] = []
    for wait_ms, size, instance in bursts:
        time.shift(timedelta(milliseconds=wait_ms))
        passed += [clock.now() for _ in range(size) if instances.lets_through(instance % number, who)]

    assert [window for window in windows(passed) if window[1] > bound(rate, number, window[0])] == []


def windows(passed: list[int]) -> Iterator[tuple[float, int]]:
    """Yield each stretch of time from one request to another, in seconds, and how many were let through in it."""
    for first, start in enumerate(passed):
        for last in range(first, len(passed)):
            yield (passed[last] - start) / 1000, last - first + 1


def bound(rate: Rate, number: int, seconds: float) -> float:
    """Return how many requests the module's docstring allows in so many seconds."""
    exact = rate.burst + rate.requests_per_second * seconds
    melting = rate.requests_per_second * seconds / 20
    return exact + melting if number == 1 else exact + number * (max(1, rate.burst // 10) + melting)


@soaks
@settings(
    max_examples=histories(4, soaking=10), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(number=st.integers(1, 4), chosen=st.lists(st.integers(0, 3), min_size=200, max_size=200))
def test_whoever_keeps_to_the_rate_is_never_refused_wherever_the_requests_end_up(
    number: int, chosen: list[int], time: time_machine.Traveller, monkeypatch: pytest.MonkeyPatch
):
    instances, who = Instances(number, monkeypatch), caller(user_id=f"user_{next(NUMBERS)}")
    refusals = 0
    for instance in chosen:
        time.shift(timedelta(milliseconds=50))
        refusals += not instances.lets_through(instance % number, who)

    assert refusals == 0
